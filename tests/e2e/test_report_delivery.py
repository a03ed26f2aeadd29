"""Reports that write themselves: one work item for each sprint, edited in place and final at its end."""

import hashlib
import json
import re
from itertools import count

import pytest
import requests

from fakes.azure_devops import faults
from fakes.clock import FakeClock
from fakes.conversation import run
from fakes.mortal import outlives_steps
from fakes.planning import Planning
from fakes.teams import on_azure_devops, on_github, on_local_board
from trainboard.store import report_places, report_snapshots
from trainboard.work_items import WorkItemChange

WORLDS = {"github": on_github, "azure devops": on_azure_devops, "local": on_local_board}
MORNING = {"project": "churn", "cron": "0 9 * * mon-fri", "deliver": ["tracker"]}
DIGEST = {"project": "churn", "kind": "daily", "cron": "0 8 * * mon-fri", "deliver": ["tracker"]}


def reporting(talk, *reports):
    """Starts bots that report so."""
    return lambda **sections: talk(reports=list(reports or [MORNING]), **sections)


@pytest.fixture(params=WORLDS)
def team(request, talk):
    with WORLDS[request.param](reporting(talk), FakeClock()) as opened:
        yield Planning(opened)


@pytest.fixture
def on_issues(talk):
    """A team on GitHub, whose requests are counted."""
    with on_github(reporting(talk), FakeClock()) as opened:
        yield Planning(opened)


def hears_of(planning, issue, *, by_bot=True):
    """GitHub tells that the issue was edited."""
    planning.team._says(
        "issues",
        "edited",
        action="edited",
        issue=planning.team.github.shapes.issue(planning.team.github.churn, issue),
        sender={"login": "trainboard[bot]" if by_bot else "ana", "type": "Bot" if by_bot else "User"},
    )


def test_one_item_for_each_sprint(team):
    """It is made when the first report is due, edited in place, and closed and final after the sprint."""
    first = team.makes("Clean the labels", 1, 5.0)
    team.looks()
    assert [] == team.list_reports()

    team.passes(hours=23)
    [report] = team.list_reports()
    assert ("Sprint 1 report", "open", team.find_sprint(1)) == (report.title, report.state, report.iteration)
    assert "**0 of 2 items done, 0 of 5 points**" in report.body

    team.changes(first, state="closed")
    team.passes(days=1)
    [report] = team.list_reports()
    assert "**1 of 2 items done, 5 of 5 points**" in report.body
    assert "Final" not in report.body

    team.passes(days=3)
    past, present = team.list_reports()
    assert ("closed", "open") == (past.state, present.state)
    assert "Sprint 2 report" == present.title
    with team.bot.bot.database.read() as connection:
        snapshot = report_snapshots.find(connection, "churn", 1)
    assert f"sha256 {snapshot.sha256}" in past.body
    assert re.search(r"Final, frozen at 2026-11-2\d", past.body)
    assert [("2026-11-19T09:00", "delivered"), ("2026-11-20T09:00", "delivered")] == team.claims()[:2]
    assert {"delivered"} == {state for _, state in team.claims()}


def test_the_report_is_no_part_of_its_sprint(team):
    """Else it would count itself."""
    team.makes("Clean the labels", 1, 5.0)
    team.passes(hours=23)
    before = team.list_reports()[0].body
    team.passes(days=1)
    assert "of 2 items done" in before
    assert "of 2 items done" in team.list_reports()[0].body
    assert "Sprint 1 report" not in team.list_reports()[0].body


def test_what_people_write_into_it_stays(team):
    """Above and below the bot's part."""
    team.makes("Clean the labels", 1, 5.0)
    team.passes(hours=23)
    [report] = team.list_reports()
    team.tracker.update_item(report.ref, WorkItemChange(body=f"Our goal: 0.9\n\n{report.body}\n\nWell done."))
    team.makes("Train", 1, 8.0)
    team.passes(days=1)
    [report] = team.list_reports()
    assert report.body.startswith("Our goal: 0.9")
    assert "Well done." in report.body
    assert "of 3 items done" in report.body


def test_one_that_was_deleted_is_not_made_again(on_issues):
    """Whoever deletes it does not want it."""
    on_issues.makes("Clean the labels", 1, 5.0)
    on_issues.passes(hours=23)
    [report] = on_issues.list_reports()
    on_issues.makes("Train", 1, 8.0)
    del on_issues.team.github.churn.issues[int(report.ref)]
    on_issues.passes(days=1)
    assert [] == on_issues.list_reports()
    assert [("2026-11-19T09:00", "delivered"), ("2026-11-20T09:00", "refused")] == on_issues.claims()


def test_a_report_costs_one_write_and_no_read(on_issues):
    """Where GitHub told of the bot's last edit, and of nobody's since; after somebody's it is read first."""
    team, github = on_issues, on_issues.team.github
    team.makes("Clean the labels", 1, 5.0)
    team.passes(hours=23)
    [report] = team.list_reports()
    issue = github.churn.issues[int(report.ref)]
    hears_of(team, issue)
    team.makes("Train", 1, 8.0)
    team.bot.clock.forward(hours=1)
    team.looks()

    def asked_at(**time):
        team.bot.clock.forward(**time)
        team.looks()
        before = len(github.requests)
        team.bot.bot.schedule.tick_reports()
        team.bot.settle()
        return [str(each) for each in github.requests[before:] if "installation" not in each.path]

    path = f"/repos/acme/churn/issues/{report.ref}"
    assert [f"PATCH {path}"] == asked_at(hours=23)
    assert "of 3 items done" in issue.body

    issue.body, issue.updated_at = f"{issue.body}\n\nOurs.", github.now
    hears_of(team, issue, by_bot=False)
    team.makes("Serve", 1, 1.0)
    team.bot.clock.forward(hours=1)
    team.looks()
    assert [f"GET {path}", f"PATCH {path}"] == [
        each for each in asked_at(days=2, hours=23) if "/issues/" in each and each.endswith(report.ref)
    ]
    assert issue.body.endswith("Ours.")


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 502, "after_commit": True},
        {"status": 504, "after_commit": True},
        {"error": requests.ReadTimeout("no word"), "after_commit": True},
        {"error": requests.ConnectionError("reset"), "after_commit": True},
        {"status": 502},
        {"status": 429},
        {"status": 403, "headers": {"Retry-After": "60"}, "body": {"message": "secondary rate limit"}},
    ],
    ids=str,
)
def test_a_create_that_comes_to_grief_makes_one_report(on_issues, fault):
    """Whether GitHub made it or not: the next attempt looks where nobody knows."""
    team = on_issues
    team.makes("Clean the labels", 1, 5.0)
    team.team.github.next_fault(method="POST", **fault)
    team.passes(hours=23)
    for _ in range(6):
        team.passes(minutes=10)
    assert 1 == len(team.list_reports())
    assert [("2026-11-19T09:00", "delivered")] == team.claims()


@pytest.mark.parametrize("world", WORLDS)
def test_a_process_may_die_between_any_two_steps(world, talk, monkeypatch):
    """Whichever step is its last, one report of each sprint appears, and says the same."""
    with WORLDS[world](reporting(talk), FakeClock()) as opened:
        team = Planning(opened)
        team.makes("Clean the labels", 1, 5.0)
        team.looks()
        for fatal in count(1):
            team.bot.clock.forward(days=14)
            team.bot.bot.schedule.tick_sprints()
            team.bot.settle()
            team.looks()
            team.bot.bot.schedule.tick_reports()
            has_lived = outlives_steps(team.bot.settle, monkeypatch, fatal)
            team.bot.restart()
            team.reports(hours=1)
            team.reports(hours=1)
            titles = [each.title for each in team.list_reports()]
            assert len(titles) == len(set(titles)), fatal
            states = {state for _, state in team.claims()}
            assert states <= {"delivered", "skipped"}, fatal
            assert ["open"] == [each.state for each in team.list_reports()][-1:]
            assert {"closed"} == {each.state for each in team.list_reports()[:-1]}
            if has_lived:
                break
        assert fatal > 10


def test_a_clock_that_is_set_back_makes_nothing_twice(team):
    """What was due once is known."""
    team.makes("Clean the labels", 1, 5.0)
    team.passes(hours=23)
    before = team.claims()
    team.bot.clock.forward(hours=-30)
    for _ in range(40):
        team.passes(hours=1)
    assert 1 == len(team.list_reports())
    assert before == team.claims()[: len(before)]
    assert len(team.claims()) == len({period for period, _ in team.claims()})


def test_nothing_of_before_is_due_to_a_new_schedule(team):
    """It begins with the next."""
    team.bot.ticks()
    assert [] == team.claims()
    assert [] == team.list_reports()


def test_a_digest_is_a_comment_on_the_report(talk):
    """It tells what changed since the day before; without news there is none."""
    with on_github(reporting(talk, DIGEST), FakeClock()) as opened:
        team = Planning(opened)
        first = team.makes("Clean the labels", 1, 5.0)
        team.looks()
        team.changes(first, state="closed")
        team.passes(hours=22, minutes=30)
        [report] = team.list_reports()
        [comment] = team.tracker.list_comments(report.ref, since=FakeClock().now)
        assert "Clean the labels" in comment.body
        assert "1 done" in comment.body
        team.passes(days=1)
        assert 1 == len(list(team.tracker.list_comments(report.ref, since=FakeClock().now)))
        assert [("2026-11-19T08:00", "delivered"), ("2026-11-20T08:00", "skipped")] == team.claims()


def test_missed_ones_are_caught_up_or_skipped(talk):
    """After a weekend without the service, by what the settings say; the final one is made in any case."""
    for missed, state in (("catch-up", "delivered"), ("skip", "skipped")):
        with on_local_board(reporting(talk, MORNING | {"missed": missed}), FakeClock()) as opened:
            team = Planning(opened)
            team.makes("Clean the labels", 1, 5.0)
            team.looks()
            team.passes(days=6, hours=8)
            assert [("2026-11-24T09:00", state)] == [each for each in team.claims() if each[0] != "end"]
            assert [("end", "delivered")] == [each for each in team.claims() if each[0] == "end"]


def test_what_the_tracker_tells_is_noted(on_issues):
    """An edit by a person is told apart from the bot's own."""
    team = on_issues
    team.makes("Clean the labels", 1, 5.0)
    team.passes(hours=23)
    [report] = team.list_reports()
    issue = team.team.github.churn.issues[int(report.ref)]

    def place():
        with team.bot.bot.database.read() as connection:
            return report_places.find(connection, "churn", 1, "tracker")

    assert not place().is_known
    hears_of(team, issue)
    assert place().is_known
    hears_of(team, issue, by_bot=False)
    assert not place().is_known


def test_a_digest_tells_of_runs_too(talk):
    """A day on which only a job ended is not a quiet one."""
    with on_local_board(reporting(talk, DIGEST), FakeClock()) as opened:
        team = Planning(opened)
        team.makes("Train", 1, 5.0)
        team.looks()
        team.passes(hours=22, minutes=30)
        team.bot.reports(run("r2", "churn-xgb", "failed", ended="2026-11-19T20:00:00Z"))
        team.passes(days=1)
        [report] = team.list_reports()
        *_, comment = team.tracker.list_comments(report.ref, since=FakeClock().now)
        assert "No item changed. 2 items left, 5 points." in comment.body
        assert "Runs that ended: 1 failed" in comment.body


def test_what_is_final_stays(team):
    """What becomes known later changes neither snapshot nor text, and the hash is that of the JSON."""
    ref = team.makes("Clean the labels", 1, 5.0)
    team.passes(hours=23)
    team.passes(days=4)

    def final():
        with team.bot.bot.database.read() as connection:
            return report_snapshots.find(connection, "churn", 1)

    snapshot, body = final(), team.list_reports()[0].body
    assert hashlib.sha256(snapshot.document.encode()).hexdigest() == snapshot.sha256
    assert "5" == json.loads(snapshot.document)["scope"]["carried"]["points"]
    team.changes(ref, state="closed")
    team.passes(days=1)
    assert snapshot == final()
    assert body == team.list_reports()[0].body


def test_a_sprint_that_nobody_could_look_at_is_not_final_yet(talk):
    """The tracker is away over the end of the sprint: a day is waited for a look."""
    with on_github(reporting(talk), FakeClock()) as opened:
        team = Planning(opened)
        team.makes("Clean the labels", 1, 5.0)
        team.passes(hours=23)
        team.bot.clock.forward(days=4)
        team.reports()
        assert ("end", "asked") in team.claims()
        team.passes(hours=1)
        team.reports(minutes=15)
        assert ("end", "delivered") in team.claims()


@pytest.mark.parametrize(
    ("fault", "after_work"),
    [
        (faults.server_error, True),
        (faults.server_error, False),
        (faults.close, True),
        (faults.close, False),
        (faults.unavailable, True),
        (faults.throttled, False),
    ],
)
def test_a_create_in_azure_that_comes_to_grief_makes_one_report(talk, fault, after_work):
    """Whether Azure Boards made it or not."""
    with on_azure_devops(reporting(talk), FakeClock()) as opened:
        team = Planning(opened)
        team.makes("Clean the labels", 1, 5.0)
        opened.azure.faults.add(fault(), method="POST", path=r"(?i)workitems/\$", after_work=after_work)
        team.passes(hours=23)
        assert [("2026-11-19T09:00", "asked")] == team.claims()
        for _ in range(6):
            team.reports(minutes=10)
        assert 1 == len(team.list_reports())
        assert [("2026-11-19T09:00", "delivered")] == team.claims()


@pytest.mark.parametrize("after_commit", [True, False])
def test_a_digest_that_comes_to_grief_is_one_comment(talk, after_commit):
    """After a doubt the comments are looked at."""
    with on_github(reporting(talk, MORNING, DIGEST), FakeClock()) as opened:
        team = Planning(opened)
        ref = team.makes("Clean the labels", 1, 5.0)
        team.looks()
        team.passes(hours=23)
        team.changes(ref, state="closed")
        team.bot.clock.forward(hours=22, minutes=29)
        team.looks()
        opened.github.next_fault(502, method="POST", after_commit=after_commit)
        for _ in range(6):
            team.reports(minutes=10)
        [report] = team.list_reports()
        comments = list(team.tracker.list_comments(report.ref, since=FakeClock().now))
        assert 1 == len([each for each in comments if "1 done" in each.body])
