"""The first hour on GitHub: somebody registers an App in a browser, and the first work item stands there."""

import html
import re
import stat
import threading
import time
import webbrowser
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from fakes.github import FakeGitHub
from fakes.github.serving import ServedGitHub
from trainboard.cli import _github_flow, main
from trainboard.wiring import utc_now

NEW = ["--repository", "acme/churn", "--public-url", "https://bot.acme.example", "--yes"]


@pytest.fixture
def github(monkeypatch, tmp_path):
    """A GitHub behind a port, whose API's address the environment names, and an empty working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(_github_flow, "LOOK_SECONDS", 0.01)
    with ServedGitHub() as served:
        served.fake = FakeGitHub(served.url, clock=utc_now)
        served.fake.registry.page = served.url
        monkeypatch.setenv("TRAINBOARD_GITHUB__API_URL", served.url)
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        yield served.fake
        served.shutdown()
        thread.join()


class Person:
    """Somebody with a browser, which the command opens; `steps` counts what they do."""

    def __init__(self, github):
        self.github = github
        self.session = requests.Session()
        self.pages = []
        self.steps = 0
        self.thread = None

    def opens(self, address):
        """The browser opens; `webbrowser` says that it does."""
        self.thread = threading.Thread(target=self.goes, args=(address,))
        self.thread.start()
        return True

    def goes(self, address):
        """Through all of it."""
        self.submits(self.looks(address))
        self.installs()

    def looks(self, address):
        """At a page of the command."""
        answer = self.session.get(address, timeout=10)
        self.pages.append((answer.status_code, html.unescape(answer.text)))
        return self.pages[-1][1]

    def submits(self, page):
        """GitHub's form, and confirms the name there; GitHub sends the browser back."""
        self.steps += 2
        action = re.search(r'action="([^"]+)"', page)[1]
        manifest = re.search(r'name="manifest" value="(.*?)">', page, re.DOTALL)[1]
        answer = self.session.post(action, data={"manifest": manifest}, timeout=10)
        self.pages.append((answer.status_code, html.unescape(answer.text)))

    def installs(self):
        """The App, on the page that the command named: its link, and the repositories."""
        self.steps += 2
        self.github.registry.installed = True


@pytest.fixture
def person(github, monkeypatch):
    """Somebody who does all that is asked."""
    made = Person(github)
    monkeypatch.setattr(webbrowser, "open", made.opens)
    monkeypatch.setenv("DISPLAY", ":0")
    yield made
    if made.thread is not None:
        made.thread.join()
    made.session.close()


def run(*arguments):
    """Exit code, standard output and standard error."""
    result = CliRunner().invoke(main, arguments)
    return result.exit_code, result.stdout, result.stderr


def test_from_nothing_to_the_first_work_item(github, person, tmp_path):
    """One command, four steps in a browser, and a second command that makes a work item."""
    begun = time.perf_counter()
    code, out, err = run("init", "--github", *NEW)
    assert (0, 4) == (code, person.steps)
    assert "It is installed on acme." in err
    assert "ok      apps: The App trainboard-acme may do, and hears, what the settings ask for." in out
    key, secret = tmp_path / "github-app.pem", tmp_path / "github-webhook-secret"
    assert [0o600, 0o600] == [stat.S_IMODE(each.stat().st_mode) for each in (key, secret)]
    assert "the-webhook-secret\n" == secret.read_text()
    assert [(200, True), (200, True)] == [(status, "App" in page) for status, page in person.pages]
    code, out, _ = run("doctor", "--self-test")
    [issue] = github.churn.issues.values()
    assert (0, "closed", "trainboard-acme[bot]") == (code, issue.state, issue.author.login)
    assert time.perf_counter() - begun < 60
    assert not list(tmp_path.glob("*.db"))


def test_a_second_app_is_not_registered_by_mistake(github, person, tmp_path):
    """The settings name the first one; its key stays."""
    run("init", "--github", *NEW)
    key = (tmp_path / "github-app.pem").read_bytes()
    code, _, err = run("init", "--github", *NEW)
    assert (2, True, key) == (
        code,
        "names the App 4712 already" in err,
        (tmp_path / "github-app.pem").read_bytes(),
    )


@pytest.mark.parametrize("has_screen", [True, False])
def test_without_a_browser(github, person, monkeypatch, has_screen):
    """What to open is told, also from another machine; somebody opens it there."""
    told = []
    monkeypatch.setattr(_github_flow, "_say", lambda text: (told.append(text), self_opens(text)))

    def self_opens(text):
        if found := re.search(r"http://127\.0\.0\.1:(\d+)/start/\S+", text):
            assert f"ssh -L {found[1]}:127.0.0.1:{found[1]} " in text
            person.opens(found[0])

    options = ["--no-browser"] if has_screen else []
    if not has_screen:
        monkeypatch.setattr(_github_flow, "_has_screen", lambda: False)
    assert 0 == run("init", "--github", *options, *NEW)[0]
    assert 1 == sum("it works once" in text for text in told)


def written(folder):
    """What the command left."""
    return sorted(each.name for each in folder.iterdir())


def test_github_refuses_the_code(github, person, tmp_path):
    """One sentence, in the terminal and in the browser; nothing is written."""
    person.goes = lambda address: person.submits(person.looks(address))
    github.next_fault(422, body={"message": "Validation Failed"}, path="/conversions")
    code, out, err = run("init", "--github", *NEW)
    sentence = err.splitlines()[-1]
    assert (1, "", []) == (code, out, written(tmp_path))
    assert (
        "Could not exchange GitHub's code for the App: GitHub answered 422 (Validation Failed)." in sentence
    )
    person.thread.join()
    assert sentence in person.pages[-1][1]


def test_github_is_out_of_reach_for_a_while(github, person):
    """The person reloads, and it goes on."""
    github.next_fault(503, path="/conversions")

    def goes(address):
        person.submits(person.looks(address))
        assert (502, True) == (person.pages[-1][0], "Reload this page to try again" in person.pages[-1][1])
        [asked] = [each for each in github.requests if each.path.endswith("/conversions")]
        answer = person.session.get(person.last, timeout=10)
        assert (200, asked.method) == (answer.status_code, "POST")
        person.installs()

    submits = person.submits

    def remembering(page):
        submits(page)
        person.last = person.session.last

    person.session.hooks["response"].append(lambda answer, **_: setattr(person.session, "last", answer.url))
    person.submits, person.goes = remembering, goes
    assert 0 == run("init", "--github", *NEW)[0]


def test_nobody_comes_back(github, person, tmp_path, monkeypatch):
    """It ends by itself, with a sentence."""
    monkeypatch.setattr(_github_flow, "LIFETIME", _github_flow.LIFETIME * 0)
    person.goes = lambda _: None
    code, out, err = run("init", "--github", *NEW)
    assert (1, "", []) == (code, out, written(tmp_path))
    assert "Nobody came back from GitHub in time. Nothing was written." == err.splitlines()[-1]


def test_somebody_ends_it(github, person, tmp_path, monkeypatch):
    """Ctrl-C, with the page open: nothing is written."""

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(webbrowser, "open", interrupt)
    code, out, err = run("init", "--github", *NEW)
    assert (1, "", []) == (code, out, written(tmp_path))
    assert "Ended. Nothing was written." in err.splitlines()[-1]
    assert f"{github.api_url}/organizations/acme/settings/apps." in err.splitlines()[-1]


def test_the_port_is_taken(github, person):
    """It is named."""
    port = github.api_url.rpartition(":")[2]
    code, _, err = run("init", "--github", "--port", port, *NEW)
    assert (1, True) == (code, f"Could not listen on 127.0.0.1:{port}" in err)


def test_settings_that_come_meanwhile(github, person, tmp_path):
    """They are kept, and get what they lack."""

    def goes(address):
        page = person.looks(address)
        Path("trainboard.toml").write_text("# somebody else's\n")
        person.submits(page)
        person.installs()

    person.goes = goes
    assert 0 == run("init", "--github", *NEW)[0]
    assert Path("trainboard.toml").read_text().startswith("# somebody else's\n\n[server]\n")


def test_a_key_that_comes_meanwhile(github, person, tmp_path):
    """It is kept. The App is there then: how to take it with another key is said."""

    def goes(address):
        page = person.looks(address)
        Path("github-app.pem").write_text("OTHER")
        person.submits(page)

    person.goes = goes
    code, _, err = run("init", "--github", *NEW)
    assert (1, "OTHER", ["github-app.pem"]) == (code, Path("github-app.pem").read_text(), written(tmp_path))
    assert "trainboard init --github --app-id 4712 --private-key FILE" in err.splitlines()[-1]
    assert "/organizations/acme/settings/apps/trainboard-acme" in err.splitlines()[-1]


@pytest.mark.peer
def test_an_app_on_a_server_that_others_wrote(emulate_server, tmp_path, monkeypatch):
    """It is found by its number and its key, and the section is written."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRAINBOARD_GITHUB__API_URL", emulate_server.url)
    Path("app.pem").write_text(emulate_server.private_key)
    options = ["--app-id", str(emulate_server.app_id), "--private-key", "app.pem"]
    _, out, err = run("init", "--github", *options, *NEW)
    assert ["GitHub lets us in as the App Trainboard.", "It is installed on acme."] == [
        line for line in err.splitlines() if line.endswith(("Trainboard.", "on acme."))
    ]
    assert 'private_key = "file:app.pem"' in Path("trainboard.toml").read_text()
    assert "The App Trainboard lacks permissions: " in out


def test_it_is_not_waited_for(github, person):
    """The look at all of it then says what is missing."""
    person.installs = lambda: None
    code, out, _ = run("init", "--github", "--no-wait", *NEW)
    assert (1, True) == (code, "The App trainboard-acme is not installed on acme." in out)
