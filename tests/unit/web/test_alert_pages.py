"""Alerts, as pages and as JSON."""

import re
from datetime import timedelta

import pytest
from msgspec import structs

from fakes.alerts import DOOR, TOLD
from fakes.board import DOORS, NOW, registered, trained
from fakes.experiments import run
from fakes.html import words
from trainboard.alert_policy import AlertPolicy
from trainboard.alerts import AlertLinks, Severity
from trainboard.facts import RecordStorm
from trainboard.policy import Door
from trainboard.store import alert_log, problems

HOSTILE = '<script>alert("1")</script>'
MONITORED = DOORS | {DOOR: Door(name=DOOR, project="churn", alerts=AlertPolicy())}


@pytest.fixture
def told(database):
    """Notes that a problem was told of so many minutes ago, and answers its key."""

    def tell(name="a", minutes=60, *, project="churn", group=None, door=DOOR, **alert):
        key = f"alert:{name}"
        given = {"fingerprint": f"f-{name}", "labels": {"model": "churn"}, "severity": "critical"}
        made = structs.replace(TOLD.alerts[0], **(given | alert))
        changes = {"key": key, "door": door, "project": project, "alerts": (made,), "rule": made.rule}
        labels = {"model": "churn"} if group is None else group
        at = NOW - timedelta(minutes=minutes)
        with database.write() as connection:
            problems.record(connection, structs.replace(TOLD, **changes, labels=labels, at=at))
        return key

    return tell


@pytest.fixture
def bug(database):
    """Gives a problem a bug, as it stands after `changes`, and notes what became of it."""

    def give(key, *moments, ref="7", **changes):
        given = {
            "state": "open",
            "tracker": "github:acme/churn",
            "ref": ref,
            "url": f"https://github.com/acme/churn/issues/{ref}",
            "title": "Alert: FeatureDrift (model=churn)",
            "severity": Severity.CRITICAL,
            "made_at": NOW - timedelta(minutes=59),
        }
        with database.write() as connection:
            problem = problems.put(connection, problems.find(connection, key), **(given | changes))
            for kind, minutes, *note in (("made", 59), *moments):
                problems.note(connection, problem, kind, NOW - timedelta(minutes=minutes), *note)

    return give


@pytest.fixture
def closed(told, bug):
    """A problem whose bug is closed."""

    def close(name="done", minutes=5, as_="resolved", **alert):
        key = told(name, 60, **alert)
        told(name, minutes + 10, firing=False, **alert)
        ended = {"closed_at": NOW - timedelta(minutes=minutes), "closed_by": "bot", "closed_as": as_}
        bug(key, ("touched", 50), ("closed", minutes, as_), state="closed", ref=f"1{minutes}", **ended)
        return key

    return close


@pytest.fixture
def stormy(database, told):
    """Three problems in a storm that has a bug."""

    def make(bug):
        keys = tuple(told(f"s{number}", group={"model": f"m{number}"}) for number in range(3))
        at = NOW - timedelta(minutes=60)
        fact = RecordStorm(
            project="churn", door=DOOR, key="storm:x", rule="FeatureDrift", members=keys, at=at
        )
        with database.write() as connection:
            problems.record_storm(connection, fact)
        bug("storm:x", ref="9")

    return make


def test_the_list_tells_how_each_bug_stands(web, told, bug, closed):
    """Open ones first, the latest of the closed ones next; each leads to its page and its bug."""
    closed("older", 30)
    closed("newer", 5)
    bug(told())
    html = web.text("/alerts")
    page = words(html)

    first, second, third = (page.index(each) for each in ("#7", "#15", "#130"))
    assert first < second < third
    assert (
        "FeatureDrift churn model=churn critical open 1 of 1 alert firing alertmanager/prod 1 h ago" in page
    )
    assert "closed as resolved, 5 min ago 1 alert, none firing" in page
    assert 'href="/alerts/alert:a"' in html
    assert 'href="https://github.com/acme/churn/issues/7" rel="noreferrer noopener"' in html
    assert '<a href="/alerts" aria-current="true">' in html


def test_the_figures_are_those_of_the_last_thirty_days(web, told, bug, closed):
    """From alerts to bugs to their end, and how long that took."""
    bug(told())
    closed("newer", 5)
    page = words(web.text("/alerts"))

    assert "Open now 1 Alerts received 3 of 2 problems Bugs made 2 Closed 1 1 resolved" in page
    assert "Time to acknowledge 10 min 90 % within 10 min, of 1 bug" in page
    assert "Time to resolve 45 min 90 % within 45 min, of 1 bug" in page


def test_what_nobody_answered_is_not_available(web, told, bug):
    """With the reason."""
    bug(told())
    page = words(web.text("/alerts"))

    assert "Time to acknowledge n/a no answer of a person is known" in page
    assert "Time to resolve n/a no end is known" in page


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", {"open", "closed", "ranking"}),
        ("state=open", {"open", "ranking"}),
        ("state=closed", {"closed"}),
        ("state=without", {"brief"}),
        ("project=ranking", {"ranking"}),
        ("project=churn&state=open", {"open"}),
        ("project=nobody&state=odd&page=x", {"open", "closed", "ranking"}),
        ("page=-3", {"open", "closed", "ranking"}),
        ("page=99999999999999999999", set()),
    ],
)
def test_problems_are_asked_for_by_project_and_state(web, told, bug, closed, asked, shown):
    """What is not known is left out of the question."""
    bug(told("open"))
    closed("closed")
    told("ranking", project="ranking")
    told("brief", 60)
    told("brief", 59, firing=False)

    assert shown == set(re.findall('href="/alerts/alert:([a-z]+)"', web.text(f"/alerts?{asked}")))


def test_many_problems_stand_on_several_pages(web, told, monkeypatch):
    """Each page leads to the next and the one before, with the question."""
    monkeypatch.setattr(alert_log, "PAGE_ROWS", 2)
    for number in range(5):
        told(f"p{number}", 60 + number)
    pages = [web.text(f"/alerts?state=open&page={number}") for number in (1, 2, 3)]

    assert [["p0", "p1"], ["p2", "p3"], ["p4"]] == [
        re.findall('href="/alerts/alert:(p[0-9])"', page) for page in pages
    ]
    assert ['rel="next" href="/alerts?state=open&amp;page=2"'] == re.findall('rel="next" [^>]*"', pages[0])
    assert ['rel="prev" href="/alerts?state=open"'] == re.findall('rel="prev" [^>]*"', pages[1])
    assert 'rel="next"' not in pages[2]


def test_an_empty_list_says_what_to_do(open_site, web):
    """Name a monitor, wait for what it tells, or ask for something else."""
    assert "No monitor tells of alerts" in web.text("/alerts")
    assert "project = &#34;ranking&#34;" in web.text("/alerts?project=ranking").replace('"', "&#34;")
    monitored = open_site(doors=MONITORED)
    assert "Alerts of alertmanager/prod become bugs" in words(monitored.get("/alerts").text)
    assert "No monitor tells of alerts of ranking" in words(monitored.get("/alerts?project=ranking").text)
    assert "None of that kind" in web.text("/alerts?state=closed")


def test_a_problem_tells_its_life(web, told, bug):
    """Its bug, what fires, in what its alerts differ, and what became of it, the latest first."""
    key = told(group={"alertname": "FeatureDrift", "model": "churn"}, value="0.31", threshold="0.2")
    told(fingerprint="f2", labels={"model": "churn", "column": "tenure"}, suppressed=True)
    told(fingerprint="f3", labels={"model": "churn", "column": "state"})
    told(fingerprint="f3", minutes=50, firing=False, labels={"model": "churn", "column": "state"})
    bug(key, ("touched", 30), generation=2, earlier="3", acknowledged_at=NOW - timedelta(minutes=30))
    html = web.text(f"/alerts/{key}")
    page = words(html)

    assert '<a href="/sprints/churn/12">Report of the sprint in which it began</a>' in html
    assert "Problem told by alertmanager/prod FeatureDrift open critical 2 of 3 alerts firing" in page
    assert (
        "#7 in the tracker Alert: FeatureDrift (model=churn) the 2. of this problem, after #3"
        in page.replace(" ↗", "")
    )
    assert "Acknowledged 2026-03-04 11:30 UTC" in page
    assert "Label that varies column : tenure , state" in page
    assert "column=tenure firing silenced 2026-03-04 11:00" in page
    assert "column=state over 2026-03-04 11:00 2026-03-04 11:10" in page
    assert "0.31 0.2 critical 1 time" in page
    first, second, third = (page.index(each) for each in ("First answer", "Bug made", "Began to fire"))
    assert first < second < third


def test_a_problem_that_comes_and_goes_says_so(web, told, bug):
    """So does one that is silenced, with the moments of its sender where they differ from ours."""
    for number in range(4):
        key = told(
            minutes=50 - 10 * number, suppressed=True, starts_at=NOW - timedelta(minutes=55 - 10 * number)
        )
        told(minutes=45 - 10 * number, firing=False, starts_at=NOW - timedelta(minutes=55 - 10 * number))
    told(minutes=1, suppressed=True, starts_at=NOW - timedelta(minutes=2))
    bug(key)
    page = words(web.text(f"/alerts/{key}"))

    assert "comes and goes silenced at the sender" in page
    assert "Began to fire by its sender at 2026-03-04 11:58" in page


def test_a_closed_problem_says_by_whom_and_how(web, closed):
    """And when its last alert was over."""
    page = words(web.text(f"/alerts/{closed('done', 5, 'stale')}"))

    assert "Over 2026-03-04 11:45 UTC" in page
    assert "Closed 2026-03-04 11:55 UTC, by the bot, as stale" in page
    assert "2026-03-04 11:55 Bug closed: stale" in page


def test_a_storm_names_its_members_and_they_name_it(web, stormy, bug):
    """Each has a page of its own."""
    stormy(bug)
    html = web.text("/alerts/storm:x")
    page = words(html)

    assert "Storm told by alertmanager/prod Storm of FeatureDrift open critical 3 of 3 alerts firing" in page
    assert "3 problems in this storm" in page
    assert 'href="/alerts/alert:s2"' in html
    assert "Many problems at once: 3 problems" in page
    member = web.text("/alerts/alert:s1")
    assert "in a storm" in member
    assert 'href="/alerts/storm:x"' in member


def test_a_problem_tells_where_the_model_came_from(web, told, bug, database):
    """The version in use and the run that made it, also when nothing fires any more."""
    with database.write() as connection:
        trained(connection, "churn-xgb", run("r1"))
        registered(connection, "churn", "7", "r1", alias="champion")
    key = told()
    told(minutes=5, firing=False)
    bug(key)

    assert "Version churn v7 champion Made by run r1" in words(web.text(f"/alerts/{key}"))


def test_what_senders_say_is_shown_and_never_run(web, told, bug):
    """Names, labels and texts are escaped, and only the web is linked to."""
    links = AlertLinks(runbook="javascript:alert(1)", dashboard="https://grafana.example.com/d/1")
    key = told(rule=HOSTILE, group={HOSTILE: HOSTILE}, summary=HOSTILE, links=links, value=HOSTILE)
    bug(key, url="javascript:alert(2)", title=HOSTILE)
    pages = [web.text("/alerts"), web.text(f"/alerts/{key}")]

    assert "<script" not in "".join(pages)
    assert "javascript:" not in "".join(pages)
    assert 'href="https://grafana.example.com/d/1" rel="noreferrer noopener"' in pages[1]
    assert "style=" not in "".join(pages)


@pytest.mark.parametrize("key", ["alert:nobody", "nobody", "alert:" + "a" * 500, "alert:%F0%9F%90%8D"])
def test_an_alert_that_is_not_known_is_not_found(web, key):
    """Whatever the address is."""
    answer = web.client.get(f"/alerts/{key}")

    assert (404, True) == (answer.status_code, "No alert is known" in answer.text)


def test_a_problem_of_a_project_that_is_no_more_has_no_page(web, told):
    """The settings name it no longer."""
    assert 404 == web.client.get(f"/alerts/{told('gone', project='gone')}").status_code


def test_only_those_who_may_see_the_pages_see_alerts(open_site, told):
    """The guard is that of all pages."""
    client = open_site(access="off")

    assert [404, 404, 404] == [
        client.get(path).status_code for path in ("/alerts", f"/alerts/{told()}", "/api/v1/alerts")
    ]


def test_the_json_holds_the_facts_of_the_list(web, told, bug, closed):
    """Times in UTC, lengths in seconds."""
    bug(told())
    closed("newer", 5)
    document = web.json("/api/v1/alerts?project=churn")

    assert document["figures"] == {
        "days": 30,
        "alerts": 3,
        "problems": 2,
        "bugs": 2,
        "reopened": 0,
        "closed": 1,
        "closed_as": {"resolved": 1},
        "time_to_acknowledge": {"bugs": 1, "median_seconds": 600.0, "p90_seconds": 600.0},
        "time_to_resolve": {"bugs": 1, "median_seconds": 2700.0, "p90_seconds": 2700.0},
    }
    first, second = document["problems"]
    assert first == {
        "key": "alert:a",
        "project": "churn",
        "source": DOOR,
        "kind": "problem",
        "rule": "FeatureDrift",
        "labels": {"model": "churn"},
        "severity": "critical",
        "state": "open",
        "firing": 1,
        "alerts": 1,
        "ref": "7",
        "url": "https://github.com/acme/churn/issues/7",
        "began_at": "2026-03-04T11:00:00Z",
        "acknowledged_at": None,
        "closed_at": None,
        "closed_as": None,
    }
    assert ("closed", "resolved") == (second["state"], second["closed_as"])
    assert None is document["next_page"]


def test_an_unknown_project_has_no_json(web):
    """It is said as to programs."""
    answer = web.client.get("/api/v1/alerts?project=nobody")

    assert (404, "application/problem+json") == (answer.status_code, answer.content_type)
