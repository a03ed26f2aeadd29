"""Whatever is sent to whatever address: the answer is never a fault of ours."""

import re
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import NotFound
from werkzeug.test import Client

from fakes.clock import FakeClock
from fakes.hostile import TEXTS
from fakes.known_things import MONITORED, NOW, OPEN, SPRINT, STORM, WITH_CODE, fill
from fakes.senders import NOW as SENT_AT
from fakes.senders import SENDERS, Inbox
from fuzz.targets.sources import list_fixtures
from trainboard.settings import load
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade
from trainboard.telemetry import Telemetry
from trainboard.web.app import create_app
from trainboard.web.health import health
from trainboard.web.pages import Inside, pages
from trainboard.wiring.entrance import list_shown, make_api_tokens, make_entrance
from trainboard_webhooks import sources
from trainboard_webhooks.gate import Gate
from trainboard_webhooks.receive import Receiver

TOKEN, API_TOKEN = "t" * 32, "a" * 32
SETTINGS = f"""
[server]
dashboard = "sign-in"
[[projects]]
name = "churn"
[[sign_in]]
kind = "token"
name = "token"
token = "{TOKEN}"
[[api_tokens]]
name = "all"
secret = "{API_TOKEN}"
scopes = ["board:read", "deliveries:replay", "deliveries:read"]
"""
METHODS = ["GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "X"]
KNOWN = ["churn", str(SPRINT), OPEN, STORM, "alert:closed", "1", "7", "token", "trainboard.css", "current"]
ODD = [
    "-1",
    "0",
    str(2**63 - 1),
    str(2**63),
    "9" * 400,
    "..",
    "%00",
    "a\nb",
    "é",
    "\U0001f600",
    "'",
    '"><b>',
    "{}",
]
PARTS = st.sampled_from([*KNOWN, *KNOWN, *ODD]) | TEXTS
NAMES = [
    *[
        "project",
        "number",
        "sprint",
        "cursor",
        "limit",
        "page",
        "state",
        "q",
        "sort",
        "before",
        "after",
        "csrf",
        "token",
        "next",
        "code",
        "kind",
        "rule",
    ],
    "from",
]
HEADERS = {
    "Accept": ["*/*", "text/html", "application/json;q=x", "", "é"],
    "Authorization": [f"Bearer {API_TOKEN}", "Bearer", "Basic ====", "token é", "Basic " + "A" * 9000],
    "Content-Length": ["-1", "x", "9" * 30],
    "Content-Type": [
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "é/x; charset=x",
    ],
    "Cookie": ["trainboard=x", "trainboard-attempt=a.b.c", "trainboard=\x01;;=", "a" * 5000],
    "Host": ["", "a b", "[::1", "evil.example:99999"],
    "If-None-Match": ["*", '"x"', "W/"],
    "If-Modified-Since": ["yesterday", "Mon, 99 Foo 2026 99:99:99 GMT"],
    "Origin": ["null", "https://evil.example"],
    "Range": ["bytes=0-0", "bytes=9-1", "x=-", "bytes=-" + "9" * 30],
    "Sec-Fetch-Site": ["cross-site", "none"],
    "X-Forwarded-For": ["::1"],
}
headers = st.dictionaries(st.sampled_from(sorted(HEADERS)), st.integers(0, 4), max_size=4).map(
    lambda chosen: {name: HEADERS[name][place % len(HEADERS[name])] for name, place in chosen.items()}
)
queries = st.lists(st.tuples(st.sampled_from(NAMES) | TEXTS, PARTS), max_size=4)
bodies = st.binary(max_size=200) | queries.map(
    lambda pairs: "&".join(f"{a}={b}" for a, b in pairs).encode("utf-8", "replace")
)
bounded = settings(max_examples=settings.default.max_examples // 2, suppress_health_check=list(HealthCheck))


def encode(text):
    """A text as it stands in an address."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """A store that has something of each kind."""
    made = Database(f"sqlite:///{tmp_path_factory.mktemp('asked')}/t.db")
    upgrade(made)
    with made.write() as connection:
        fill(connection)
    yield made
    made.close()


@pytest.fixture(scope="module")
def apps(database, tmp_path_factory):
    """The pages for everybody, and for who signs in."""
    file = tmp_path_factory.mktemp("settings") / "trainboard.toml"
    file.write_text(SETTINGS)
    told, clock, telemetry = load(file, {}), FakeClock(NOW), Telemetry()
    entrance, tokens = make_entrance(told, database, clock), make_api_tokens(told)
    inside = Inside(entrance=entrance, rehearse=lambda *_: None, shown_settings=list_shown(told))
    known = health(database, telemetry, clock, guard_metrics=tokens.guard_metrics)
    entered = pages(database, WITH_CODE, MONITORED, clock, access=inside)
    return {
        "everybody": create_app(
            health(database, telemetry, clock), pages(database, WITH_CODE, MONITORED, clock, access="public")
        ),
        "who signs in": create_app(entrance.blueprint(), known, entered),
    }


@pytest.fixture(scope="module")
def clients(apps):
    """Browsers of everybody, of somebody who signed in, and of a stranger at the door."""
    inside = apps["who signs in"].test_client()
    [csrf] = re.findall(r'name="csrf" value="([0-9a-f]{96})"', inside.get("/sign-in").text)
    assert 303 == inside.post("/sign-in/token", data={"csrf": csrf, "token": TOKEN}).status_code
    assert 200 == inside.get("/deliveries").status_code
    return {
        "everybody": apps["everybody"].test_client(),
        "signed in": inside,
        "stranger": apps["who signs in"].test_client(use_cookies=False),
    }


@pytest.mark.parametrize("who", ["everybody", "signed in", "stranger"])
@bounded
@given(data=st.data())
def test_no_page_fails(apps, clients, who, data):
    """Every address, with anything in the place of its names, by every method, with odd queries."""
    app = apps["everybody" if who == "everybody" else "who signs in"]
    rule = data.draw(st.sampled_from(sorted(each.rule for each in app.url_map.iter_rules())))
    path = re.sub(r"<[^>]*>", lambda _: encode(data.draw(PARTS)), rule)
    query = "&".join(f"{encode(name)}={encode(value)}" for name, value in data.draw(queries))
    method, told, body = data.draw(st.sampled_from(METHODS)), data.draw(headers), data.draw(bodies)
    if rule == "/sign-out" and who == "signed in":
        return
    with clients[who].open(path, method=method, query_string=query, headers=told, data=body) as answer:
        assert answer.status_code < 500


@pytest.mark.parametrize("name", sorted(sources()))
@bounded
@given(data=st.data())
def test_no_door_fails(name, data):
    """Of what its sender signed, and then changed in its path, headers or method, as of anything else."""
    sender, inbox = SENDERS[name], Inbox()
    receiver = Receiver({name: [sender.credential]}, clock=lambda: SENT_AT)
    kind, body = data.draw(st.sampled_from(list_fixtures(name)))
    if data.draw(st.booleans()):
        body = data.draw(bodies | TEXTS.map(lambda text: text.encode("utf-8", "replace")))
    told = {**sender.headers(kind, body), **data.draw(headers)}
    path = data.draw(st.just(sender.address) | PARTS.map(lambda part: f"/webhooks/{name}/{encode(part)}"))
    query = "&".join(f"{encode(each)}={encode(value)}" for each, value in data.draw(queries))
    method = data.draw(st.sampled_from(["POST", "POST", *METHODS]))
    client = Client(Gate(receiver, inbox.accept, NotFound()))
    answer = client.open(path, method=method, query_string=query, headers=told, data=body)
    assert answer.status_code < 500
    assert not inbox.deliveries or answer.status_code < 300
