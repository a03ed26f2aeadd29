"""People sign in, and nobody else comes in."""

import re
from typing import get_args
from urllib.parse import parse_qs, urlsplit

import flask
import pytest
import responses

from fakes.board import DOORS, PROJECTS, came
from fakes.known_things import OPEN, SPRINT, fill
from fakes.oidc import CLIENT, SECRET, FakeGitHubSignIn, FakeIssuer
from trainboard.settings import load
from trainboard.store import inbox
from trainboard.store.session_models import SessionRow
from trainboard.telemetry import Telemetry
from trainboard.web import api
from trainboard.web.api.operations import Scope
from trainboard.web.app import create_app
from trainboard.web.entrance import own_path
from trainboard.web.health import health
from trainboard.web.pages import Inside, pages
from trainboard.web.permission import right_of
from trainboard.wiring.entrance import list_shown, make_api_tokens, make_entrance

TOKEN = "t" * 32
API_TOKEN, OTHER_TOKEN, METRICS_TOKEN = "a" * 32, "b" * 32, "m" * 32
CALENDAR_TOKEN = "k" * 32
SETTINGS = f"""
[server]
public_url = "https://board.example"
dashboard = "sign-in"
metrics = "token"

[[projects]]
name = "churn"

[[projects]]
name = "fraud"

[[sign_in]]
kind = "oidc"
name = "acme"
title = "Acme"
issuer = "https://issuer.example"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
viewers = ["email:ada@acme.example", "group:viewers"]
operators = ["role:Trainboard.Operator", "object:oid-7"]

[[sign_in]]
kind = "github"
name = "github"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
viewers = ["organization:acme", "login:Hubot"]
operators = ["team:acme/ml-leads", "id:42"]

[[sign_in]]
kind = "token"
name = "token"
token = "{TOKEN}"

[[api_tokens]]
name = "grafana"
secret = "{API_TOKEN}"
scopes = ["board:read", "deliveries:replay"]

[[api_tokens]]
name = "churn"
secret = "{OTHER_TOKEN}"
scopes = ["board:read", "alerts:read", "reports:read"]
projects = ["churn"]

[[api_tokens]]
name = "calendar"
secret = "{CALENDAR_TOKEN}"
scopes = ["calendar:read"]
projects = ["churn"]

[[api_tokens]]
name = "prometheus"
secret = "{METRICS_TOKEN}"
scopes = ["metrics:read"]
"""


@pytest.fixture
def network():
    """Nothing answers but what a test puts there."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def issuer(clock, network):
    made = FakeIssuer(clock=clock)
    made.claims = {"groups": ["viewers"]}
    made.install(network)
    return made


@pytest.fixture
def github(network):
    made = FakeGitHubSignIn()
    made.install(network)
    return made


@pytest.fixture
def open_app(database, clock, tmp_path):
    """Makes the application of a file of settings; answers it."""

    def make(text=SETTINGS, rehearse=None):
        file = tmp_path / "trainboard.toml"
        file.write_text(text, encoding="utf-8")
        settings = load(file, {})
        entrance = make_entrance(settings, database, clock)
        inside = Inside(entrance=entrance, rehearse=rehearse, shown_settings=list_shown(settings))
        guard_metrics = make_api_tokens(settings).guard_metrics
        telemetry = Telemetry()
        return create_app(
            health(database, telemetry, clock, guard_metrics=guard_metrics),
            pages(database, PROJECTS, DOORS, clock, access=inside),
            entrance.blueprint(),
        )

    return make


@pytest.fixture
def app(open_app):
    return open_app()


@pytest.fixture
def browser(app):
    return app.test_client()


def open_(client, method, path, **more):
    """Over https, as a browser at board.example does."""
    return client.open(path, method=method, base_url="https://board.example", **more)


def begin(client, way="acme", after=""):
    answer = open_(client, "GET", f"/sign-in/{way}", query_string={"next": after} if after else {})
    assert 303 == answer.status_code, answer.text
    return answer.headers["Location"]


def come_back(client, code, state, way="acme", **more):
    return open_(
        client, "GET", f"/sign-in/{way}/callback", query_string={"code": code, "state": state, **more}
    )


def sign_in(client, fake, way="acme", after=""):
    return come_back(client, *fake.agree(begin(client, way, after)), way)


def form_token(page):
    return re.search(r'name="csrf" value="([0-9a-f]{96})"', page)[1]


def session_of(client):
    cookie = client.get_cookie("__Host-trainboard", domain="board.example")
    return cookie and cookie.value


def error_of(answer):
    return re.search(r'role="alert">(.*?)</p>', answer.text)[1].replace("&#39;", "'")


def test_a_stranger_is_sent_to_sign_in_and_back(browser, issuer):
    """The page that was asked for is the one that comes after."""
    answer = open_(browser, "GET", "/deliveries?state=dead")
    assert (303, "/sign-in?next=%2Fdeliveries%3Fstate%3Ddead") == (
        answer.status_code,
        answer.headers["Location"],
    )

    signed_in = sign_in(browser, issuer, after="/deliveries?state=dead")

    assert (303, "/deliveries?state=dead") == (signed_in.status_code, signed_in.headers["Location"])
    page = open_(browser, "GET", "/deliveries").text
    assert "Signed in as </span>ada@acme.example" in page


@pytest.mark.parametrize("path", ["/", "/sprints", "/alerts", "/deployments", "/deliveries/1", "/settings"])
def test_no_page_is_for_strangers(browser, path):
    """Each of them leads to the entrance."""
    answer = open_(browser, "GET", path)
    assert (303, True) == (answer.status_code, answer.headers["Location"].startswith("/sign-in"))


PLACES = {"project": "churn", "number": 1, "key": "alert:1", "sprint": "1", "sprints": "1", "ref": "1"}


def test_no_address_is_for_strangers(app, browser, database):
    """Of all that there are, by any method: whoever is not known is sent to the entrance, or refused."""
    with database.write() as connection:
        fill(connection)
    open_to_all = set()
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("entrance."):
            continue
        values = {name: PLACES.get(name, "1") for name in rule.arguments}
        with app.test_request_context(base_url="https://board.example"):
            path = flask.url_for(rule.endpoint, **values)
        for method in rule.methods - {"OPTIONS"}:
            answer = open_(browser, method, path)
            answer.close()
            is_refused = answer.status_code in {401, 403}
            is_sent_away = answer.headers.get("Location", "").startswith("/sign-in")
            if not (is_refused or is_sent_away):
                open_to_all.add(path)
    assert {"/favicon.ico", "/readyz", "/static/1"} == open_to_all


def test_the_entrance_shows_the_ways(browser):
    """Two links and a form with a label; nothing of it needs a script."""
    page = open_(browser, "GET", "/sign-in").text
    assert ["Sign in with Acme", "Sign in with GitHub"] == re.findall(
        r">(Sign in with (?:Acme|GitHub))<", page
    )
    assert '<label for="token-token">' in page
    assert "<script" not in page


def test_cookies_are_of_this_host_alone(browser, issuer):
    """Out of reach of scripts, of plain http and of other sites."""
    signed_in = sign_in(browser, issuer)
    [cookie] = [
        each for each in signed_in.headers.getlist("Set-Cookie") if each.startswith("__Host-trainboard=")
    ]
    flags = cookie.partition("; ")[2]
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(flags.split("; "))
    assert "Domain" not in flags


def test_over_plain_http_cookies_have_no_prefix(open_app):
    """Browsers would not keep them."""
    client = open_app(SETTINGS.replace("https://board.example", "http://board.example")).test_client()
    page = client.get("/sign-in")
    assert page.headers["Set-Cookie"].startswith("trainboard-form=")
    assert "Secure" not in page.headers["Set-Cookie"]


def test_the_address_to_come_back_to_is_that_of_the_settings(browser, issuer):
    """Whatever name the browser asked by."""
    answer = browser.get(
        "/sign-in/acme", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    )
    asked = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert ["https://board.example/sign-in/acme/callback"] == asked["redirect_uri"]


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        ({"groups": ["viewers"]}, "viewer"),
        ({"groups": ["viewers"], "roles": ["Trainboard.Operator"]}, "operator"),
        ({"oid": "oid-7"}, "operator"),
        ({"email": "Ada@acme.example", "email_verified": True}, "viewer"),
        ({"email": "ada@acme.example", "xms_edov": True}, "viewer"),
    ],
)
def test_people_come_in_as_what_the_settings_say(browser, issuer, claims, role):
    """By group, app role, object and address."""
    issuer.claims = claims
    assert 303 == sign_in(browser, issuer).status_code
    assert f'<span class="sub"> {role}</span>' in open_(browser, "GET", "/deliveries").text


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"groups": ["Viewers"]},
        {"groups": "viewers"},
        {"roles": ["viewers"]},
        {"email": "ada@acme.example"},
        {"email": "ada@acme.example", "email_verified": "true"},
        {"email": "ada@acme.example", "email_verified": False},
        {"preferred_username": "ada@acme.example"},
    ],
)
def test_nobody_else_comes_in(browser, issuer, claims):
    """Also nobody with an address that nobody verified."""
    issuer.claims = claims
    answer = sign_in(browser, issuer)
    assert (403, "You are ada@acme.example, who may not come in.") == (answer.status_code, error_of(answer))
    assert session_of(browser) is None


def test_too_many_groups_are_told_of(browser, issuer):
    """Entra leaves them out then."""
    issuer.claims = {"_claim_names": {"groups": "src1"}}
    assert "too many groups" in error_of(sign_in(browser, issuer))


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-client"},
        {"aud": [CLIENT, "another-client"]},
        {"aud": None},
        {"azp": "another-client"},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"exp": 1},
        {"exp": None},
        {"exp": "soon"},
        {"iat": 2**40},
        {"nbf": 2**40},
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": ["x"]},
        {"sub": None},
        {"sub": 7},
    ],
)
def test_a_token_for_others_proves_nothing(browser, issuer, claims):
    """Audience, party, issuer, times, nonce and subject must be right."""
    issuer.claims |= claims
    assert 400 == sign_in(browser, issuer).status_code
    assert session_of(browser) is None


@pytest.mark.parametrize("algorithm", ["none", "HS256", "HS512"])
def test_a_token_must_be_signed_by_the_issuer(browser, issuer, algorithm):
    """None and shared secrets are no signatures of it."""
    issuer.algorithm = algorithm
    assert 400 == sign_in(browser, issuer).status_code


def test_a_token_may_be_signed_with_a_curve(browser, issuer):
    """ES256, by the key of that name."""
    issuer.algorithm, issuer.header = "ES256", {"kid": "curve"}
    assert "/" == sign_in(browser, issuer).headers["Location"]


def test_a_token_of_another_key_proves_nothing(browser, issuer):
    """Also under the name of a known one."""
    issuer.key, issuer.header = "key-2", {"kid": "key-1"}
    assert 400 == sign_in(browser, issuer).status_code


def test_new_keys_are_fetched_when_they_are_met(browser, app, issuer):
    """An issuer changes its keys without a word."""
    sign_in(browser, issuer)
    issuer.key, issuer.known_keys = "key-2", ("key-2",)
    assert "/" == sign_in(app.test_client(), issuer).headers["Location"]


@pytest.mark.parametrize("change", ["is_down", "keeps_silent", "refuses_code"])
def test_an_issuer_in_trouble_is_told_of(browser, issuer, change):
    """Down is 503 and to be tried again; without a token nobody is known."""
    address = begin(browser)
    setattr(issuer, change, True)
    answer = come_back(browser, *issuer.agree(address))
    assert (503 if change == "is_down" else 400) == answer.status_code
    assert error_of(answer)


def test_an_issuer_that_is_down_from_the_first_is_told_of(browser, issuer):
    """There is nowhere to go to."""
    issuer.is_down = True
    answer = open_(browser, "GET", "/sign-in/acme")
    assert (503, True) == (answer.status_code, "503" in error_of(answer))


def test_an_issuer_that_is_down_is_not_asked_by_everybody(browser, issuer):
    """Whoever begins to sign in costs it and us nothing for some seconds."""
    issuer.is_down = True
    answers = [open_(browser, "GET", "/sign-in/acme") for _ in range(3)]
    assert ([503] * 3, 1) == ([each.status_code for each in answers], len(issuer.asked))
    assert "did not answer just now" in error_of(answers[2])


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token"])
def test_an_issuer_leads_us_nowhere(browser, issuer, network, path):
    """A redirect is not followed: neither into our own network, nor with our secret."""
    method = "POST" if path == "/token" else "GET"
    address = begin(browser) if method == "POST" else ""
    network.remove(method, f"{issuer.url}{path}")
    network.add(method, f"{issuer.url}{path}", status=302, headers={"Location": "http://10.0.0.1/x"})
    answer = come_back(browser, *issuer.agree(address)) if address else open_(browser, "GET", "/sign-in/acme")
    assert answer.status_code in {400, 503}
    assert [] == [call for call in network.calls if "10.0.0.1" in call.request.url]
    assert session_of(browser) is None


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://issuer.example/token"},
        {"jwks_uri": 7},
    ],
)
def test_an_issuer_must_speak_of_itself(browser, issuer, metadata):
    """Under its own name, and over https."""
    issuer.metadata = metadata
    assert 503 == open_(browser, "GET", "/sign-in/acme").status_code


def test_a_state_of_nobody_is_refused(browser, issuer):
    """Missing, forged and too long ones."""
    for state in ("", "forged", "ö", "x" * 100_000):
        answer = come_back(browser, "code-0", state)
        assert (400, True) == (answer.status_code, "not begun in this browser" in error_of(answer))


def test_a_state_of_another_browser_is_refused(browser, app, issuer):
    """Nobody is made to sign in as somebody else."""
    code, state = issuer.agree(begin(app.test_client()))
    begin(browser)
    assert 400 == come_back(browser, code, state).status_code


def test_a_state_of_another_way_is_refused(browser, issuer, github):
    """What one issuer sends back is not taken for another's."""
    code, state = issuer.agree(begin(browser))
    assert 400 == come_back(browser, code, state, "github").status_code


def test_a_state_is_good_once(browser, app, issuer):
    """Also for who has the browser's cookie."""
    code, state = issuer.agree(begin(browser))
    kept = browser.get_cookie("__Host-trainboard-attempt", domain="board.example").value
    assert 303 == come_back(browser, code, state).status_code

    thief = app.test_client()
    thief.set_cookie("__Host-trainboard-attempt", kept, domain="board.example", secure=True)
    assert 400 == come_back(thief, code, state).status_code


def test_a_forged_attempt_is_refused(browser, issuer):
    """The cookie is signed."""
    begin(browser)
    browser.set_cookie("__Host-trainboard-attempt", "eyJ3YXkiOiJhY21lIn0.x.y", domain="board.example")
    assert 400 == come_back(browser, "c", "s").status_code


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        ("access_denied", 403, "did not agree"),
        ("server_error", 503, "could not sign you in"),
        ("temporarily_unavailable", 503, "could not sign you in"),
        ("<script>", 400, "look at how it is set up"),
    ],
)
def test_a_refusal_is_explained(browser, issuer, error, status, words):
    """In our own words: what the address says is not shown."""
    _, state = issuer.agree(begin(browser))
    answer = open_(browser, "GET", "/sign-in/acme/callback", query_string={"error": error, "state": state})
    assert (status, True) == (answer.status_code, words in error_of(answer))
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/%0d%0aSet-Cookie:x\r\n",
        "evil",
        "",
        "/sign-out",
        "/sign-in/acme",
        "/" + "x" * 2000,
        "///evil.example",
        "/ü",
    ],
)
def test_nobody_is_led_elsewhere(path):
    """Only to pages of our own, in plain letters."""
    assert "/" == own_path(path)


@pytest.mark.parametrize("path", ["/deliveries?state=dead&x=%20", "/items/5", "/projects/churn"])
def test_our_own_pages_are_led_to(path):
    """As they were asked for."""
    assert path == own_path(path)


def test_after_a_sign_in_the_id_is_new(browser, issuer):
    """Who planted an id before knows nothing after; the one before it is over."""
    browser.set_cookie("__Host-trainboard", "planted", domain="board.example")
    sign_in(browser, issuer)
    first = session_of(browser)
    assert first not in {None, "planted"}

    sign_in(browser, issuer)
    second = session_of(browser)
    assert first != second
    browser.set_cookie("__Host-trainboard", first, domain="board.example")
    assert 303 == open_(browser, "GET", "/deliveries").status_code


def test_a_stolen_cookie_is_worth_nothing_after_sign_out(browser, app, issuer):
    """The row is gone, in all processes."""
    sign_in(browser, issuer)
    stolen = session_of(browser)
    page = open_(browser, "GET", "/deliveries").text
    answer = open_(browser, "POST", "/sign-out", data={"csrf": form_token(page)})
    assert (303, "/sign-in?out=1", None) == (
        answer.status_code,
        answer.headers["Location"],
        session_of(browser),
    )
    assert "You are signed out." in open_(browser, "GET", "/sign-in?out=1").text

    thief = app.test_client()
    thief.set_cookie("__Host-trainboard", stolen, domain="board.example")
    assert 303 == open_(thief, "GET", "/deliveries").status_code


def test_signing_out_needs_a_form_of_ours(browser, app, issuer):
    """None, a wrong one, and that of another session are refused."""
    sign_in(browser, issuer)
    other = app.test_client()
    sign_in(other, issuer)
    foreign = form_token(open_(other, "GET", "/deliveries").text)
    for form in ({}, {"csrf": ""}, {"csrf": "ö"}, {"csrf": foreign}):
        assert 403 == open_(browser, "POST", "/sign-out", data=form).status_code
    assert 200 == open_(browser, "GET", "/deliveries").status_code


def test_sessions_end(browser, issuer, clock):
    """Without a page for eight hours, and after a day in any case."""
    sign_in(browser, issuer)
    for _ in range(4):
        clock.forward(hours=5.9)
        assert 200 == open_(browser, "GET", "/deliveries").status_code
    clock.forward(hours=0.5)
    assert 303 == open_(browser, "GET", "/deliveries").status_code

    sign_in(browser, issuer)
    clock.forward(hours=8)
    assert 303 == open_(browser, "GET", "/deliveries").status_code


def test_who_is_named_no_longer_is_out(browser, issuer, open_app):
    """With other rules, or another secret, everybody who came in by the old ones signs in again."""
    sign_in(browser, issuer)
    for old, new, status in (
        ("group:viewers", "group:others", 303),
        (SECRET, "another-secret", 303),
        ('title = "Acme"', 'title = "ACME"', 200),
    ):
        changed = open_app(SETTINGS.replace(old, new)).test_client()
        changed.set_cookie("__Host-trainboard", session_of(browser), domain="board.example")
        assert status == open_(changed, "GET", "/deliveries").status_code


def test_the_table_does_not_hold_what_browsers_keep(browser, issuer, database):
    """Who reads it cannot come in."""
    sign_in(browser, issuer)
    with database.read() as connection:
        [row] = connection.execute(SessionRow.__table__.select()).all()
    assert session_of(browser) not in map(str, row)


@pytest.mark.parametrize(
    ("change", "role"),
    [
        ({}, "viewer"),
        ({"teams": {"acme/ml-leads": "active"}}, "operator"),
        ({"user": {"id": 42, "login": "x"}, "organizations": {}}, "operator"),
        ({"user": {"id": 1, "login": "hubot"}, "organizations": {}}, "viewer"),
    ],
)
def test_people_come_in_with_github(browser, github, change, role):
    """By organisation, team, number and login."""
    for name, value in change.items():
        setattr(github, name, value)
    assert 303 == sign_in(browser, github, "github").status_code
    assert f'<span class="sub"> {role}</span>' in open_(browser, "GET", "/deliveries").text


@pytest.mark.parametrize(
    "change",
    [
        {"organizations": {}},
        {"organizations": {"acme": "pending"}},
        {"forbidden": {"/user/memberships/orgs/acme"}},
        {"organizations": {}, "teams": {"acme/ml-leads": "pending"}},
    ],
)
def test_who_is_no_member_stays_outside(browser, github, change):
    """An invitation is no membership, and what GitHub does not show is none."""
    for name, value in change.items():
        setattr(github, name, value)
    answer = sign_in(browser, github, "github")
    assert (403, "GitHub says that you are octocat, who may not come in.") == (
        answer.status_code,
        error_of(answer),
    )


@pytest.mark.parametrize(("change", "status"), [("refuses_code", 400), ("is_down", 503)])
def test_github_in_trouble_is_told_of(browser, github, change, status):
    """A code that was not taken, and no answer that makes sense."""
    setattr(github, change, True)
    assert status == sign_in(browser, github, "github").status_code


def prove(client, token, page=None, **form):
    page = page or open_(client, "GET", "/sign-in?next=/alerts").text
    told = {"csrf": form_token(page), "token": token, "next": "/alerts", **form}
    return open_(client, "POST", "/sign-in/token", data=told)


def test_people_come_in_with_the_token(browser):
    """As what the settings say."""
    answer = prove(browser, f" {TOKEN} ")
    assert (303, "/alerts") == (answer.status_code, answer.headers["Location"])
    assert "shared token" in open_(browser, "GET", "/alerts").text


@pytest.mark.parametrize("token", ["", "t", "t" * 33, "ö" * 32, "t" * 10_000])
def test_another_token_is_refused(browser, token):
    """Whatever it is."""
    answer = prove(browser, token)
    assert (403, "That is not the token.") == (answer.status_code, error_of(answer))


def test_the_form_of_the_token_must_be_this_browsers(browser, app):
    """Nobody signs another one in."""
    other = open_(app.test_client(), "GET", "/sign-in").text
    assert 403 == prove(browser, TOKEN, other).status_code
    open_(browser, "GET", "/sign-in")
    assert 403 == prove(browser, TOKEN, other).status_code
    assert 403 == prove(browser, TOKEN, csrf="").status_code


@pytest.mark.parametrize("path", ["/sign-in/nope", "/sign-in/token", "/sign-in/token/callback"])
def test_there_are_no_other_ways(browser, path):
    """What is not configured is not there."""
    assert 404 == open_(browser, "GET", path).status_code


def test_a_form_that_is_huge_is_refused(browser):
    """Before it is read."""
    assert 413 == open_(browser, "POST", "/sign-in/token", data={"token": "x" * 100_000}).status_code


@pytest.mark.parametrize("value", ["x" * 60_000, "ö", "\x00", ";=,", "%ff"])
def test_odd_cookies_are_nobodys(browser, value):
    """They are not looked up."""
    header = "; ".join(f"__Host-trainboard{name}={value}" for name in ("", "-attempt", "-form"))
    answer = browser.get("/deliveries", headers={"Cookie": header.encode().decode("latin-1")})
    assert 303 == answer.status_code
    answer = browser.get(
        "/sign-in/acme/callback?state=x", headers={"Cookie": header.encode().decode("latin-1")}
    )
    assert 400 == answer.status_code


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def test_a_program_asks_with_a_token(browser):
    """For what it is good for."""
    assert 200 == open_(browser, "GET", "/api/v1/board", headers=bearer(API_TOKEN)).status_code
    assert 200 == open_(browser, "GET", "/sprints.ics", headers=bearer(API_TOKEN)).status_code


def test_people_ask_the_api_with_their_session(browser, issuer):
    """The same facts as the pages."""
    sign_in(browser, issuer)
    assert 200 == open_(browser, "GET", "/api/v1/board").status_code


@pytest.mark.parametrize("path", ["/api/v1/board", "/api/v1/sprints", "/sprints.ics"])
@pytest.mark.parametrize(
    ("headers", "challenge"),
    [
        ({}, 'Bearer realm="trainboard"'),
        ({"Authorization": "Basic eDp5"}, 'Bearer realm="trainboard"'),
        (bearer("nope"), 'Bearer realm="trainboard", error="invalid_token"'),
        (bearer("é"), 'Bearer realm="trainboard", error="invalid_token"'),
    ],
)
def test_a_program_must_say_who_it_is(browser, path, headers, challenge):
    """The answer says how."""
    answer = open_(browser, "GET", path, headers=headers)
    assert (401, "application/problem+json") == (answer.status_code, answer.content_type)
    assert challenge.replace('"', "").lower() == answer.headers["WWW-Authenticate"].replace('"', "").lower()


def test_a_token_that_lacks_the_scope_is_refused(browser):
    """The answer names it."""
    answer = open_(browser, "GET", "/api/v1/sprints/churn/12", headers=bearer(API_TOKEN))
    assert (403, "application/problem+json") == (answer.status_code, answer.content_type)
    assert "insufficient_scope" in answer.headers["WWW-Authenticate"]
    assert "reports:read" in answer.headers["WWW-Authenticate"]


def test_a_token_for_a_project_asks_about_that_one(browser):
    """What is of another, or of all, is refused."""
    headers = bearer(OTHER_TOKEN)
    assert 200 == open_(browser, "GET", "/api/v1/board?project=churn", headers=headers).status_code
    for path in ("/api/v1/board?project=fraud", "/api/v1/board", "/api/v1/alerts"):
        answer = open_(browser, "GET", path, headers=headers)
        assert (403, True) == (answer.status_code, "churn" in answer.get_json(force=True)["detail"])


def test_a_token_for_a_project_reads_nothing_of_another(open_app, database):
    """By no address and no parameter, also not of a thing that an address names by its number alone."""
    scopes = f"scopes = {list(get_args(Scope))}"
    text = SETTINGS.replace('scopes = ["board:read", "alerts:read", "reports:read"]', scopes)
    browser = open_app(text).test_client()
    with database.write() as connection:
        fill(connection)
    places = {"project": "fraud", "number": "1", "key": OPEN, "sprint": str(SPRINT)}
    for operation in api.load():
        path = operation.path.format(**places)
        takes_it = "project" in [each.name for each in operation.parameters if each.place == "query"]
        for query in ("", "?project=fraud", "?project=churn", "?project=churn&project=fraud"):
            answer = open_(browser, operation.method, path + query, headers=bearer(OTHER_TOKEN))
            allowed = {200} if takes_it and query == "?project=churn" else {400, 403}
            assert answer.status_code in allowed, (path + query, answer.text)


def test_a_token_opens_no_page(browser):
    """Pages are for people."""
    assert 303 == open_(browser, "GET", "/deliveries", headers=bearer(API_TOKEN)).status_code


def test_a_calendar_program_gives_its_token_in_the_address(browser):
    """It can send no header; the token opens nothing but the calendar."""
    path = f"/sprints.ics?token={CALENDAR_TOKEN}"
    assert 200 == open_(browser, "GET", f"{path}&project=churn").status_code
    assert 403 == open_(browser, "GET", path).status_code
    assert (
        200 == open_(browser, "GET", "/sprints.ics?project=churn", headers=bearer(CALENDAR_TOKEN)).status_code
    )
    answer = open_(browser, "GET", "/api/v1/board?project=churn", headers=bearer(CALENDAR_TOKEN))
    assert 403 == answer.status_code


@pytest.mark.parametrize("token", [API_TOKEN, OTHER_TOKEN, "nope", ""])
def test_no_other_token_counts_in_an_address(browser, token):
    """Addresses are kept where others read them, so what opens more than the calendar stays out of them."""
    answer = open_(browser, "GET", f"/sprints.ics?project=churn&token={token}")
    assert (401, "application/problem+json") == (answer.status_code, answer.content_type)
    assert token == "" or token not in answer.text


@pytest.mark.parametrize("path", ["/api/v1/board", "/openapi.json", "/deliveries", "/metrics"])
def test_a_token_in_the_address_opens_only_the_calendar(browser, path):
    """Everywhere else it is as if it were not there."""
    assert open_(browser, "GET", f"{path}?token={CALENDAR_TOKEN}&project=churn").status_code in {303, 401}


def test_metrics_need_their_scope(browser):
    """Probes do not."""
    assert 200 == open_(browser, "GET", "/metrics", headers=bearer(METRICS_TOKEN)).status_code
    assert 403 == open_(browser, "GET", "/metrics", headers=bearer(API_TOKEN)).status_code
    assert 401 == open_(browser, "GET", "/metrics").status_code
    assert 200 == open_(browser, "GET", "/readyz").status_code


@pytest.fixture
def operator(browser, issuer):
    """Somebody who may do what changes something."""
    issuer.claims = {"oid": "oid-7"}
    sign_in(browser, issuer)
    return browser


def test_operators_see_the_settings_without_secrets(operator):
    """Not one of them, whatever it is of."""
    page = open_(operator, "GET", "/settings").text
    assert "team:acme/ml-leads" in page
    for secret in (SECRET, TOKEN, API_TOKEN, OTHER_TOKEN, METRICS_TOKEN):
        assert secret not in page


def test_viewers_see_no_settings_and_no_replay(browser, issuer):
    """Neither the page nor the way to it."""
    sign_in(browser, issuer)
    assert 403 == open_(browser, "GET", "/settings").status_code
    assert 'href="/settings"' not in open_(browser, "GET", "/deliveries").text


@pytest.fixture
def dead(database):
    """The number of a delivery that is dead."""
    with database.write() as connection:
        return came(connection, "runs", b"{}", state="dead", error="not a RunEvent")


def state_of(database):
    with database.read() as connection:
        return {str(state): count for state, count in inbox.count_states(connection).items() if count}


def test_a_viewer_cannot_replay(browser, issuer, database, dead):
    """Also not with a form of their own session."""
    sign_in(browser, issuer)
    page = open_(browser, "GET", f"/deliveries/{dead}").text
    assert "Replay" not in page
    answer = open_(browser, "POST", f"/deliveries/{dead}/replay", data={"csrf": form_token(page)})
    assert (403, {"dead": 1}) == (answer.status_code, state_of(database))
    assert 403 == open_(browser, "GET", f"/deliveries/{dead}/replay").status_code


def test_an_operator_sees_first_what_a_replay_would_do(operator_of, database, dead):
    """Then it waits to be worked on."""
    client = operator_of
    assert f'href="/deliveries/{dead}/replay"' in open_(client, "GET", f"/deliveries/{dead}").text
    page = open_(client, "GET", f"/deliveries/{dead}/replay").text
    assert "It would be dead: no source" in page
    assert {"dead": 1} == state_of(database)

    answer = open_(client, "POST", f"/deliveries/{dead}/replay", data={"csrf": form_token(page)})
    assert (303, f"/deliveries/{dead}", {"waiting": 1}) == (
        answer.status_code,
        answer.headers["Location"],
        state_of(database),
    )


def test_a_replay_needs_a_form_of_this_session(operator_of, database, dead):
    """A page elsewhere cannot ask for it."""
    for form in ({}, {"csrf": "0" * 96}, {"csrf": "0" * 32}, {"csrf": "ö" * 96}):
        assert 403 == open_(operator_of, "POST", f"/deliveries/{dead}/replay", data=form).status_code
        assert 403 == open_(operator_of, "POST", f"/api/v1/deliveries/{dead}/replay", data=form).status_code
    assert {"dead": 1} == state_of(database)


def test_no_two_forms_carry_the_same_token(operator_of, dead):
    """So the length of a compressed page tells nothing of it; each is good for the session."""
    path = f"/deliveries/{dead}/replay"
    first, second = (form_token(open_(operator_of, "GET", path).text) for _ in range(2))
    assert first != second
    for token in (first, second):
        assert 303 == open_(operator_of, "POST", path, data={"csrf": token}).status_code


@pytest.mark.parametrize("number", ["2", "99999999999999999999"])
def test_what_never_came_is_not_replayed(operator_of, number):
    """There is nothing to work on."""
    assert 404 == open_(operator_of, "GET", f"/deliveries/{number}/replay").status_code


def test_a_program_replays_if_it_may(operator_of, app, database, dead):
    """By a token with that scope."""
    path = f"/api/v1/deliveries/{dead}/replay"
    refused = open_(app.test_client(), "POST", path, headers=bearer(OTHER_TOKEN))
    assert (403, {"dead": 1}) == (refused.status_code, state_of(database))
    answer = open_(app.test_client(), "POST", path, headers=bearer(API_TOKEN))
    assert (202, {"waiting": 1}) == (answer.status_code, state_of(database))


@pytest.fixture
def operator_of(open_app, issuer):
    """An operator where every rehearsal fails."""
    from trainboard.errors import PayloadError

    def rehearse(number, delivery):
        raise PayloadError("no source")

    issuer.claims = {"oid": "oid-7"}
    client = open_app(rehearse=rehearse).test_client()
    sign_in(client, issuer)
    return client


@pytest.mark.parametrize(
    ("method", "path", "right"),
    [
        ("GET", "/api/v1/board", "board:read"),
        ("GET", "/api/v1/sprints", "board:read"),
        ("GET", "/api/v1/sprints/churn/12", "reports:read"),
        ("HEAD", "/api/v1/alerts", "alerts:read"),
        ("GET", "/api/v1/alerts/1", "alerts:read"),
        ("GET", "/api/v1/deliveries/7", "deliveries:read"),
        ("POST", "/api/v1/board", "deliveries:replay"),
    ],
)
def test_each_address_has_a_scope(open_app, method, path, right):
    """The one that its operation declares; what changes something needs the one for that, wherever it is."""
    endpoint, _ = open_app().url_map.bind("localhost").match(path, "GET")
    assert right == right_of(method, endpoint)


def test_an_address_of_nothing_tells_no_more_than_the_board():
    """Whoever may not see the board learns nothing of what is there."""
    assert "board:read" == right_of("GET", None)
