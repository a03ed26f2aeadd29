"""The pages from which an App is registered."""

import html
import json
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from fakes.clock import FakeClock
from trainboard.errors import DoubtError, PermanentError, TransientError
from trainboard.registering.pages import Offer, Pages, Purpose, Registered
from trainboard.registering.states import States

PORT = 4801
HOST = f"127.0.0.1:{PORT}"
REGISTERED = Registered(
    name="trainboard-acme",
    owner="acme",
    installing_url="https://github.example/apps/trainboard-acme/installations/new",
    lines=("The private key is in github-app.pem.",),
)
OFFER = Offer(
    name="trainboard-acme",
    owner="the organisation acme",
    webhook_url="https://bot.acme.example/webhooks/github",
    form_url="https://github.example/organizations/acme/settings/apps/new",
    manifest=lambda redirect_url: json.dumps({"redirect_url": redirect_url, "name": '"><script>'}),
    purposes=(Purpose(name="work items", permissions=("issues: write",), events=("issues",)),),
    files=("github-app.pem", "trainboard.toml"),
)


class Wizard:
    """Pages, whoever looks at them, and what they tell."""

    def __init__(self):
        self.clock = FakeClock()
        self.codes, self.told, self.results = [], [], []
        self.failures = []
        states = States(self.clock, timedelta(hours=1))
        self.pages = Pages(OFFER, states, self._exchange, finish=self.results.append, tell=self.told.append)
        self.app = self.pages.create_app(PORT)

    def _exchange(self, code):
        self.codes.append(code)
        if self.failures:
            raise self.failures.pop()
        return REGISTERED

    def browser(self):
        """Another browser."""
        return Browser(self.app)

    @property
    def start(self):
        """The address that is told once."""
        return f"/start/{self.pages.token}"


class Browser:
    """Keeps cookies, and follows redirects of ours."""

    def __init__(self, app):
        self._client = app.test_client()

    def get(self, path, host=HOST):
        """Status and text, and the headers at last."""
        answer = self._client.get(path, base_url=f"http://{HOST}", headers={"Host": host})
        if answer.status_code == 303:
            return self.get(answer.headers["Location"], host)
        self.headers = answer.headers
        answer.close()
        return answer.status_code, html.unescape(answer.text)

    def open_form(self, path):
        """The state in the form of that page."""
        _, page = self.get(path)
        action = urlsplit(re.search(r'action="([^"]+)"', page)[1])
        return parse_qs(action.query)["state"][0]


@pytest.fixture
def wizard():
    return Wizard()


@pytest.fixture
def browser(wizard):
    """The one that opened the address first."""
    made = wizard.browser()
    made.get(wizard.start)
    return made


def test_what_will_be_done_is_shown(wizard):
    """And the form goes to GitHub, with the manifest and a state."""
    browser = wizard.browser()
    status, page = browser.get(wizard.start)
    assert 200 == status
    assert f'<form method="post" action="{OFFER.form_url}?state=' in page
    assert f"http://{HOST}/registered" in page
    for text in ("the organisation acme", OFFER.webhook_url, "issues: write", "github-app.pem"):
        assert text in page


def test_a_name_is_data(wizard):
    """It ends no attribute."""
    answer = wizard.app.test_client().get(wizard.start, headers={"Host": HOST}, follow_redirects=True)
    assert "<script>" not in answer.text


def test_the_way_through(wizard, browser):
    """The code is exchanged once, and where to install the App is shown."""
    state = browser.open_form("/")
    status, page = browser.get(f"/registered?code=abc&state={state}")
    assert (200, ["abc"], [REGISTERED], []) == (status, wizard.codes, wizard.results, wizard.told)
    assert f'href="{REGISTERED.installing_url}"' in page
    assert "The private key is in github-app.pem." in page


def test_headers(wizard, browser):
    """Nothing is loaded from elsewhere, nothing is kept, and nobody frames it."""
    _, page = browser.get("/")
    policy = browser.headers["Content-Security-Policy"]
    nonce = re.search(r'<style nonce="([^"]+)"', page)[1]
    assert f"style-src 'nonce-{nonce}'" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert ("no-store", "nosniff", "origin") == (
        browser.headers["Cache-Control"],
        browser.headers["X-Content-Type-Options"],
        browser.headers["Referrer-Policy"],
    )


@pytest.mark.parametrize("host", ["evil.example", f"localhost:{PORT}", "127.0.0.1", "127.0.0.1:80", ""])
def test_another_name(wizard, host):
    """A page elsewhere may have its name stand for this machine: it gets nothing, and uses up nothing."""
    status, page = wizard.browser().get(wizard.start, host)
    assert (421, True) == (status, f"This page answers at http://{HOST} and under no other name." in page)
    assert 200 == wizard.browser().get(wizard.start)[0]


def test_a_second_visitor(wizard, browser):
    """The address works once; who opened it first may come again."""
    status, page = wizard.browser().get(wizard.start)
    assert (403, True) == (status, "This address works once" in page)
    assert (200, 200) == (browser.get(wizard.start)[0], browser.get("/")[0])
    assert 1 == len(wizard.told)


@pytest.mark.parametrize("path", ["/", "/registered?code=abc&state=x", "/start/guessed", "/start/"])
def test_a_stranger(wizard, browser, path):
    """Who does not have the address gets nothing, also with a state that is right."""
    state = browser.open_form("/")
    status, _ = wizard.browser().get(path.replace("state=x", f"state={state}"))
    assert ([], True) == (wizard.codes, status in {403, 404})


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("code=abc", "has no state"),
        ("code=abc&state=forged", "never gave out"),
        ("state=STATE", "sent no code"),
        ("code=&state=STATE", "sent no code"),
        ("code=../x&state=STATE", "sent no code"),
        ("code=%00&state=STATE", "sent no code"),
        ("", "sent no code"),
    ],
)
def test_an_answer_that_is_not_githubs(wizard, browser, query, said):
    """One sentence, on the page and in the terminal; nothing is exchanged, and it can go on."""
    state = browser.open_form("/")
    status, page = browser.get(f"/registered?{query.replace('STATE', state)}")
    [sentence] = wizard.told
    assert (400, [], []) == (status, wizard.codes, wizard.results)
    assert said in sentence
    assert sentence.endswith("Nothing was written.")
    assert sentence in page
    assert 'href="/">Begin again' in page
    assert 200 == browser.get(f"/registered?code=abc&state={state}")[0]


def test_an_answer_that_comes_twice(wizard, browser):
    """A reload exchanges nothing."""
    state = browser.open_form("/")
    browser.get(f"/registered?code=abc&state={state}")
    status, page = browser.get(f"/registered?code=abc&state={state}")
    assert (400, ["abc"], True) == (status, wizard.codes, "taken before" in page)


def test_an_answer_that_comes_late(wizard, browser):
    """The form can be opened again."""
    state = browser.open_form("/")
    wizard.clock.forward(minutes=61)
    status, page = browser.get(f"/registered?code=abc&state={state}")
    assert (400, [], True) == (status, wizard.codes, "more than an hour ago" in page)
    assert 200 == browser.get(f"/registered?code=abc&state={browser.open_form('/')}")[0]


@pytest.mark.parametrize("error", [TransientError("Out of reach."), DoubtError("No answer.")])
def test_github_does_not_answer(wizard, browser, error):
    """A reload tries again with the same code."""
    wizard.failures.append(error)
    state = browser.open_form("/")
    status, page = browser.get(f"/registered?code=abc&state={state}")
    assert (502, [], True) == (status, wizard.results, "Reload this page to try again" in page)
    assert [str(error)] == [sentence.partition(" Nothing was written")[0] for sentence in wizard.told]
    assert 200 == browser.get(f"/registered?code=abc&state={state}")[0]
    assert ["abc", "abc"] == wizard.codes


def test_github_refuses_the_code(wizard, browser):
    """That is the end: the command says the same."""
    refusal = PermanentError("GitHub does not know the code.")
    wizard.failures.append(refusal)
    status, page = browser.get(f"/registered?code=abc&state={browser.open_form('/')}")
    assert (502, [refusal], True) == (status, wizard.results, str(refusal) in page)


@pytest.mark.parametrize("path", ["/callback?code=abc", "/registered/x", "/static/x", "/favicon.ico"])
def test_another_path(wizard, browser, path):
    """Nothing is there."""
    status, page = browser.get(path)
    assert (404, True, []) == (status, "Nothing is at this address." in page, wizard.codes)


def test_another_method(wizard):
    """A form elsewhere posts here in vain."""
    answer = wizard.app.test_client().post("/registered", headers={"Host": HOST})
    assert (405, []) == (answer.status_code, wizard.codes)


def test_a_fault_of_ours(wizard, browser):
    """It is not taken for a wrong address."""
    wizard.failures.append(RuntimeError("oops"))
    status, page = browser.get(f"/registered?code=abc&state={browser.open_form('/')}")
    assert (500, True, False) == (status, "could not make this page" in page, "oops" in page)


def test_what_must_be_written_by_hand(wizard, browser):
    """It is shown where the settings have such a section already."""
    pages = Pages(
        OFFER,
        States(wizard.clock, timedelta(hours=1)),
        lambda _: Registered(
            name="a", owner="acme", installing_url="https://x", lines=(), todo="[github]\napp_id = 1"
        ),
        finish=wizard.results.append,
        tell=wizard.told.append,
    )
    other = Browser(pages.create_app(PORT))
    state = other.open_form(f"/start/{pages.token}")
    assert "[github]\napp_id = 1" in other.get(f"/registered?code=abc&state={state}")[1]
