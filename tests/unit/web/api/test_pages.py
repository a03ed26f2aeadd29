"""Long lists, page by page."""

import base64
import json
import re
from datetime import timedelta

import pytest
from msgspec.structs import replace

from fakes.alerts import TOLD
from fakes.board import NOW, came, experiment, finished, trained
from fakes.code import pull_request
from fakes.known_things import MONITORED, WITH_CODE
from trainboard.facts import ClaimReport, RecordPullRequest
from trainboard.store import problems, pull_requests, report_claims

LISTS = {
    "/api/v1/alerts": ("problems", "key"),
    "/api/v1/deliveries": ("deliveries", "number"),
    "/api/v1/experiments": ("experiments", "number"),
    "/api/v1/experiments/1/runs": ("runs", "id"),
    "/api/v1/pull-requests": ("pull_requests", "number"),
    "/api/v1/reports": ("reports", "key"),
    "/api/v1/sprints": ("sprints", "number"),
}
GROWING = [path for path in LISTS if path != "/api/v1/sprints"]
AMOUNT = 7


@pytest.fixture
def add(database):
    """Adds one more of everything that is listed, with that number in its name."""

    def put(number):
        told = RecordPullRequest(pull_request=pull_request(number=number + 1, at=NOW))
        claim = {"project": "churn", "number": 12, "report": "daily", "target": "tracker", "state": "asked"}
        with database.write() as connection:
            came(connection, "github")
            experiment(connection, f"churn-{number}", ref=str(number + 1))
            trained(connection, "churn-0", finished(f"r{number}", 0.9))
            pull_requests.record(connection, told)
            report_claims.record(connection, ClaimReport(**claim, key=f"{number}", due_at=NOW, at=NOW))
            at = NOW - timedelta(minutes=number % 3)
            problems.record(connection, replace(TOLD, key=f"alert:{number}", at=at))

    return put


@pytest.fixture
def client(open_site, add):
    """A client of a site that knows seven of everything."""
    for number in range(AMOUNT):
        add(number)
    return open_site(projects=WITH_CODE, doors=MONITORED)


def read(client, path, limit, between=lambda: None):
    """The names of all that is listed, by the links of the pages; something is done after each page."""
    members, name = LISTS[path]
    found, following = [], f"{path}?limit={limit}"
    while following:
        answer = client.get(following)
        document = answer.get_json()
        assert len(document[members]) <= limit
        found += [each[name] for each in document[members]]
        link = re.fullmatch('<(.*)>; rel="next"', answer.headers.get("Link", ""))
        assert (document["next"] is None) == (link is None)
        following = link and link[1]
        between()
    return found


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("limit", [1, 3])
def test_the_pages_have_everything_once(client, path, limit):
    """In the same order as one page that holds all."""
    whole = read(client, path, 100)
    assert len(whole) >= AMOUNT
    assert len(whole) == len(set(whole))
    assert whole == read(client, path, limit)


@pytest.mark.parametrize("path", GROWING)
def test_what_comes_while_pages_are_read_moves_nothing(client, add, path):
    """Each that was there at the beginning is told once."""
    before = read(client, path, 100)
    coming = iter(range(AMOUNT, AMOUNT + 5))
    told = read(client, path, 2, lambda: [add(number) for number in [next(coming, None)] if number])
    assert before == [each for each in told if each in before]
    assert len(told) == len(set(told))


@pytest.mark.parametrize("path", LISTS)
def test_a_cursor_is_good_for_its_own_question_only(client, path):
    """A page of another list, or of the same with another filter, would be a lie."""
    cursor = client.get(f"{path}?limit=1").get_json()["next"]
    other = "/api/v1/reports" if path != "/api/v1/reports" else "/api/v1/deliveries"
    assert 400 == client.get(f"{other}?cursor={cursor}").status_code
    assert 200 == client.get(f"{path}?limit=50&cursor={cursor}").status_code


@pytest.mark.parametrize(
    ("path", "place", "value"),
    [
        ("/api/v1/reports", 0, "2026-11-18T10:00:00"),
        ("/api/v1/reports", 0, "0001-01-01T00:00:00+23:59"),
        ("/api/v1/reports", 0, "9999-12-31T23:59:59-23:59"),
        ("/api/v1/alerts", 0, 2**70),
        ("/api/v1/alerts", 1, -(2**70)),
        ("/api/v1/alerts", 2, "2026-11-18T10:00:00"),
        ("/api/v1/alerts", 2, "9999-12-31T23:59:59-23:59"),
        ("/api/v1/alerts", 3, 2**70),
    ],
)
def test_a_cursor_that_somebody_made_is_refused(client, path, place, value):
    """With a time or a number in it that no database can look for."""
    cursor = client.get(f"{path}?limit=1").get_json()["next"]
    question, position = json.loads(base64.urlsafe_b64decode(f"{cursor}=="))
    position[place] = value
    made = base64.urlsafe_b64encode(json.dumps([question, position]).encode()).rstrip(b"=").decode()
    assert 400 == client.get(f"{path}?cursor={made}").status_code


def test_a_filter_goes_along_with_the_link(client):
    """And no page has what it leaves out."""
    answer = client.get("/api/v1/deliveries?source=github&state=waiting&limit=2")
    assert "source=github&state=waiting&limit=2&cursor=" in answer.headers["Link"]
    assert [] == client.get("/api/v1/deliveries?source=runs").get_json()["deliveries"]
    assert [3] == [each["number"] for each in client.get("/api/v1/deliveries?id=2").get_json()["deliveries"]]


def test_alerts_can_be_read_by_numbers_of_pages(client):
    """As before there were cursors; not by both."""
    first = client.get("/api/v1/alerts?limit=4").get_json()
    assert 2 == first["next_page"]
    second = client.get("/api/v1/alerts?limit=4&page=2").get_json()
    assert (None, None) == (second["next_page"], second["next"])
    assert AMOUNT == len({each["key"] for each in first["problems"] + second["problems"]})
    assert 400 == client.get(f"/api/v1/alerts?page=2&cursor={first['next']}").status_code
