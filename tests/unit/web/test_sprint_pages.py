"""Reports of sprints, as pages, as JSON, as CSV and as a calendar."""

import csv
import io
import json
import re
from datetime import UTC, date, datetime, timedelta

import icalendar
import msgspec
import pytest
from msgspec.structs import replace

from fakes.board import NOW, POLICY, PROJECTS, SPRINT, experiment
from fakes.html import words
from fakes.reports import list_happenings
from trainboard.facts import RecordGoal
from trainboard.goals import GoalSaid
from trainboard.iterations import iteration
from trainboard.policy import Project
from trainboard.rendering.report.formulas import FORMULAS, anchor_of
from trainboard.rendering.report.values import report_values
from trainboard.report.happenings import Happening
from trainboard.store import item_history, iterations, reports, sprint_goals
from trainboard.web import sprint_view
from trainboard.web.sprint_view import render_file
from trainboard.work_items import TrackerIteration

PAGE = f"/sprints/churn/{SPRINT}"
HOSTILE = '<script>alert("1")</script><img src=x onerror=alert(1)>'
BEGAN = iteration(POLICY, SPRINT - 6).starts_at


@pytest.fixture
def happened(database):
    """Notes what happened in a project that the service has known since the first of it."""

    def note(happenings=None, project="churn", since=BEGAN):
        told = happenings
        if told is None:
            told = list_happenings(policy=POLICY, sprints=range(SPRINT - 6, SPRINT + 1))
            told.append(Happening(item="45", at=NOW - timedelta(hours=1), state="done"))
        with database.write() as connection:
            item_history.add(connection, project, [each for each in told if each.at < NOW], since)

    return note


@pytest.fixture
def called(database):
    """Notes what people call a sprint, and when they began to."""

    def name(number, called, at=NOW - timedelta(days=30), project="churn"):
        sprint = iteration(POLICY, number)
        made = TrackerIteration(ref=str(number), name=called)
        with database.write() as connection:
            iterations.add(connection, project, PROJECTS[project].tracker, sprint, made=made, now=at)

    return name


def report_of(database, number=SPRINT):
    with database.read() as connection:
        return reports.make(connection, PROJECTS["churn"], number, NOW)


def test_the_page_tells_what_the_sprint_came_to(web, happened):
    """Its figures, drawings, sections, items, and how each number is computed."""
    happened()
    html = web.text(PAGE)
    page = words(html)
    assert "churn · under way Sprint 12 2 \N{EN DASH} 15 Mar 2026 · 8 working days left of 10" in page
    assert "1 of 5 items done, 1 of 14 points" in page
    assert "Completed 1 of 14 points, 1 of 5 items" in page
    assert "Committed 14 5 items" in page
    assert "Say/do 7.1 % of what was committed" in page
    assert "Velocity 6 points, mean of three" in page
    for title in ("Burndown", "Burn-up", "Cumulative flow", "Velocity", "Scope", "Flow, in days", "Forecast"):
        assert f">{title}</h2>" in html
    assert "Open 4 items, 13 points" in page
    assert 'href="https://tracker.example.com/46"' not in html
    assert "Train a deeper model #46 started 2 points 1" in page
    assert '<a href="/sprints" aria-current="true">' in html


def test_items_of_the_local_board_lead_to_their_pages(web, happened):
    """Those of other trackers lead there."""
    happened()
    happened(list_happenings(policy=POLICY, sprints=range(SPRINT, SPRINT + 1)), "ranking", NOW)
    assert 'href="/items/46"' in web.text(PAGE)
    assert 'href="https://tracker.example.com/46" rel="noreferrer noopener"' in web.text(
        "/sprints/ranking/12"
    )


def test_the_goal_of_a_sprint_stands_on_its_page(web, database, happened):
    """As text, whatever somebody wrote."""
    happened()
    said = GoalSaid(number=SPRINT, word="goal", text=f"Ship {HOSTILE}", by="ada", at=NOW)
    with database.write() as connection:
        sprint_goals.record(connection, RecordGoal(project="churn", key="one", said=said))
    page = web.text(PAGE)
    assert "Goal: Ship" in words(page)
    assert "<script>alert" not in page


def test_pages_of_the_same_sprint_lead_there(web, database):
    """Its board, and those of its experiments; a sprint to come has no report."""
    with database.write() as connection:
        number = experiment(connection)
    board = f"/projects/churn/sprints/{SPRINT}"
    for path in (board, f"{board}/experiments/{number}"):
        assert f'href="{PAGE}"' in web.text(path)
    for coming in (SPRINT + 1, 0):
        assert f'href="/sprints/churn/{coming}"' not in web.text(f"/projects/churn/sprints/{coming}")


def test_every_figure_leads_to_its_formula(web, happened):
    """And each address exists once."""
    happened()
    html = web.text(PAGE)
    wanted = re.findall('<dt><a href="#(.*?)"', html)
    assert 6 == len(wanted)
    ids = re.findall(r' id="(.*?)"', html)
    assert len(ids) == len(set(ids))
    assert set(wanted) <= set(ids)
    assert {anchor_of(name) for name in FORMULAS} <= set(ids)


def test_drawings_are_told_to_those_who_do_not_see_them(web, happened):
    """A name and a description, a name for each point, and a table of the same."""
    happened()
    html = web.text(PAGE)
    drawings = re.findall("<svg.*?</svg>", html, re.DOTALL)[:4]
    assert 4 == len([each for each in drawings if 'role="img"' in each])
    burndown = drawings[0]
    assert 'aria-labelledby="chart-burndown-title chart-burndown-desc"' in burndown
    assert '<title id="chart-burndown-title">Burndown</title>' in burndown
    assert '<desc id="chart-burndown-desc">14 points were left at the end of 2026-03-03.</desc>' in burndown
    assert "<title>Mon 2026-03-02: 14, points left</title>" in burndown
    assert "2026-03-02 (Mon) 14 12.6 5" in words(html)


def test_a_page_loads_nothing_and_styles_nothing_itself(web, happened):
    """The policy of all pages lets in nothing else."""
    happened()
    html = web.text(PAGE)
    assert [] == re.findall(r"<script|<style|\sstyle=|\son[a-z]+=|@import|url\(", html)
    assert {"http://www.w3.org/2000/svg"} == set(re.findall(r'xmlns="(.*?)"', html))


def test_names_of_people_stay_text(web, happened, called):
    """Titles, sprints and addresses."""
    told = list_happenings(policy=POLICY, sprints=range(SPRINT - 6, SPRINT + 1))
    happened([replace(each, title=HOSTILE, url="javascript:alert(1)") for each in told])
    for number in range(SPRINT - 6, SPRINT + 1):
        called(number, HOSTILE)
    for path in (PAGE, "/sprints", "/sprints/compare"):
        html = web.text(path)
        assert "&lt;script&gt;" in html
        assert [] == re.findall(r"<script|<img src=x|javascript:", html)


def test_a_sprint_of_which_nothing_is_known_says_so(web):
    """And what to do."""
    page = words(web.text(PAGE))
    assert "Nothing is known yet" in page
    assert "Nothing is known yet of what stands in these sprints" in words(web.text("/sprints"))
    assert "trainboard doctor says whether the tracker local:churn can be read." in page


def test_a_sprint_without_items_has_reasons_in_place_of_figures(web, happened):
    """Never a nought where something is not known."""
    happened([Happening(item="1", at=BEGAN, sprint=1, title="Old", state="open")])
    page = words(web.text(PAGE))
    assert "Say/do n/a nothing that has an estimate was committed" in page
    assert "Scope change n/a" in page
    assert ">Burndown</h2>" in web.text(PAGE)


def test_a_history_that_begins_late_is_named(web, happened):
    """Before the figures."""
    happened(since=NOW - timedelta(days=1))
    assert "The history begins at 2026-03-03 12:00 UTC, after the sprint did" in words(web.text(PAGE))


def test_a_sprint_without_working_days_has_no_ideal(open_site, happened):
    """Its burndown is drawn all the same."""
    happened()
    idle = {"churn": replace(PROJECTS["churn"], sprint=replace(POLICY, working_days=()))}
    html = open_site(projects=idle).get(PAGE).text
    assert "Points left" in words(html)
    assert "Ideal</span>" not in html


def test_without_estimates_items_are_counted(web, happened):
    """The burndown is one of items."""
    sprints = range(SPRINT - 6, SPRINT + 1)
    happened(list_happenings(policy=POLICY, sprints=sprints, estimated=False))
    page = words(web.text(PAGE))
    assert "Completed 0 of 5 items; none has an estimate" in page
    assert "Burndown 5 items were left at the end of 2026-03-03." in page


def test_long_lists_are_cut(web, happened, monkeypatch):
    """With what is left out, and where all of it is."""
    monkeypatch.setattr(sprint_view, "MOST_ROWS", 10)
    happened(list_happenings(policy=POLICY, sprints=range(SPRINT, SPRINT + 1), items=300))
    page = words(web.text(PAGE))
    assert "290 more items: as JSON and CSV you get all." in page


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (f"/sprints/churn/{SPRINT + 1}", "It begins on 16 Mar 2026."),
        ("/sprints/churn/500", "This sprint is still to come"),
    ],
)
def test_a_sprint_to_come_says_when_it_begins(web, happened, path, said):
    """There is no report of it."""
    happened()
    assert said in words(web.text(path))


@pytest.mark.parametrize("sprint", ["nope", "0", "-3", "1e3", "999999999999", "²", "1%0a"])
@pytest.mark.parametrize("path", ["/sprints/churn/", "/api/v1/sprints/churn/"])
def test_a_sprint_that_is_not_known_is_not_found(web, called, path, sprint):
    """The answer names those that are."""
    called(SPRINT, "The twelfth")
    answer = web.client.get(f"{path}{sprint}")
    assert 404 == answer.status_code
    assert "churn has no sprint of that name or number. Known are: The twelfth." in answer.text


@pytest.mark.parametrize("path", ["/sprints/churn/", "/api/v1/sprints/churn/"])
def test_no_sprint_is_called_by_a_control_character(web, path):
    """Nor does the store have to know that."""
    assert 404 == web.client.get(f"{path}%00").status_code


def test_the_calendar_has_an_end(open_site):
    """A sprint beyond it is not found."""
    long = {"churn": replace(PROJECTS["churn"], sprint=replace(POLICY, length_days=365))}
    for path in ("/sprints/churn/99999", "/sprints/compare?a=99999", "/api/v1/sprints/churn/99999"):
        answer = open_site(projects=long).get(path)
        assert 404 == answer.status_code
        assert "The calendar has no sprint of that number." in answer.text


def test_names_lead_to_numbers(web, called, happened):
    """In whatever letters."""
    happened()
    called(SPRINT, "The twelfth")
    answer = web.client.get("/sprints/churn/the%20TWELFTH")
    assert (302, PAGE) == (answer.status_code, answer.headers["Location"])


@pytest.mark.parametrize(
    "path", ["/sprints/nobody/1", "/sprints?project=nobody", "/sprints/compare?project=nobody"]
)
def test_a_project_that_is_not_known_is_not_found(web, path):
    """Nor guessed at."""
    answer = web.client.get(path)
    assert (404, True) == (answer.status_code, "No project of that name is configured." in answer.text)


def test_the_list_begins_with_the_sprint_under_way(web, happened, called):
    """Then come those that are over, the latest first, and those to come."""
    happened()
    called(SPRINT + 2, "Far away")
    page = words(web.text("/sprints"))
    begin, over, last, coming = (
        page.index(each) for each in ("Sprint 12 2", "Sprint 11 16", "Sprint 1 29", "Sprint 13")
    )
    assert begin < over < last < coming
    assert "Sprint 12 2 \N{EN DASH} 15 Mar 2026 under way 14 1 1" in page
    assert "Sprint 11 16 Feb \N{EN DASH} 1 Mar 2026 over 14 6 3" in page
    assert "Sprint 5 24 Nov \N{EN DASH} 7 Dec 2025 over n/a n/a n/a" in page
    assert "Far away 30 Mar \N{EN DASH} 12 Apr 2026 to come" in page


def test_before_the_first_sprint_the_list_says_when_it_begins(open_site):
    """There is nothing to list."""
    late = Project(
        name="late",
        tracker="local:late",
        sprint=replace(POLICY, first_start=date(2027, 1, 4)),
        create_ahead=0,
    )
    client = open_site(projects={"late": late})
    assert "The first sprint of late begins on 4 Jan 2027." in words(client.get("/sprints").text)
    assert [] == client.get("/api/v1/sprints").get_json()["sprints"]


@pytest.mark.parametrize("path", ["/sprints", "/sprints/compare", "/api/v1/sprints"])
def test_without_a_project_nothing_is_listed(open_site, path):
    """The answer says why."""
    answer = open_site(projects={}).get(path)
    assert (404, True) == (answer.status_code, "No project is configured." in answer.text)


def test_two_sprints_stand_side_by_side(web, happened):
    """The one before beside the one under way, unless others are asked for."""
    happened()
    page = words(web.text("/sprints/compare"))
    assert "Sprint 11 and Sprint 12" in page
    assert "Committed points 14 14 0 Committed items 5 5 0" in page
    assert "Completed points 6 1 -5" in page
    assert "Say/do % 42.9 7.1 -35.8" in page
    page = words(web.text("/sprints/compare?project=churn&a=12&b=6"))
    assert "Sprint 12 and Sprint 6" in page
    assert "Committed points 14 10 -4" in page
    assert "Velocity before it points 6 n/a n/a" in page


def test_a_comparison_says_why_something_is_missing(web, happened):
    """A sprint to come, one that began before the history, and one without any."""
    page = words(web.text("/sprints/compare?a=11&b=13"))
    assert "Sprint 11: Nothing is known yet of what stands in it." in page
    assert "Sprint 13: It begins on 2026-03-16." in page
    assert "Completed points n/a n/a n/a" in page
    happened()
    assert "Sprint 5: The history begins on" in words(web.text("/sprints/compare?a=5"))


@pytest.mark.parametrize("asked", ["a=nope", "b=0"])
def test_a_comparison_with_nothing_is_not_found(web, asked):
    """Both must be sprints."""
    assert 404 == web.client.get(f"/sprints/compare?{asked}").status_code


def test_programs_read_what_the_command_line_prints(web, database, happened):
    """Every figure, and the items behind it."""
    happened()
    document = web.json(f"/api/v1/sprints/churn/{SPRINT}")
    assert json.loads(msgspec.json.encode(report_values(report_of(database)))) == document
    assert {each for part in ("committed", "completed") for each in document["scope"][part]["items"]} <= {
        each["item"] for each in document["items"]
    }


def test_programs_read_the_list(web, happened):
    """What is not known is null."""
    happened()
    document = web.json("/api/v1/sprints?project=churn")
    assert {
        "number": 12,
        "name": "Sprint 12",
        "start": "2026-03-02",
        "end": "2026-03-15",
        "state": "under way",
        "committed": "14",
        "completed": "1",
        "items_completed": 1,
    } == document["sprints"][0]
    assert ("to come", None) == (document["sprints"][-1]["state"], document["sprints"][-1]["committed"])


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (f"/api/v1/sprints/churn/{SPRINT}", "Nothing is known yet of what stands in the sprints of churn"),
        (f"/api/v1/sprints/churn/{SPRINT + 1}", "Sprint 13 of churn begins on 2026-03-16."),
    ],
)
def test_programs_are_told_why_there_is_no_report(web, path, said):
    """As a problem."""
    answer = web.client.get(path)
    assert (404, "application/problem+json") == (answer.status_code, answer.mimetype)
    assert answer.get_json()["detail"].startswith(said)


def test_items_are_there_for_spreadsheets(web, happened):
    """Under a name for the file."""
    happened()
    answer = web.client.get(f"{PAGE}/items.csv")
    assert ("text/csv", "attachment; filename=sprint-12.csv") == (
        answer.mimetype,
        answer.headers["Content-Disposition"],
    )
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert ["45", "Clean the labels", "done", "1", "completed", "https://tracker.example.com/45"] in rows


def test_a_file_needs_no_server(database, happened):
    """The same page with its style in it, and nothing that is loaded or that runs."""
    happened()
    html = render_file(report_of(database))
    assert ">Burndown</h2>" in html
    assert "--accent" in html
    assert 'href="https://tracker.example.com/46"' in html
    assert [] == re.findall(r"<script|<link|<img|\ssrc=|@import|url\(|href=\"/", html)


def read_calendar(answer):
    calendar = icalendar.Calendar.from_ical(answer.data)
    return {str(each["uid"]): each for each in calendar.walk("VEVENT")}


def test_the_calendar_holds_each_sprint_as_whole_days(web, called):
    """The last ones of every project, the one under way, and those that are made ahead."""
    called(SPRINT + 3, "Far away")
    answer = web.client.get("/sprints.ics")
    assert (200, "text/calendar") == (answer.status_code, answer.mimetype)
    events = read_calendar(answer)
    assert {f"churn-sprint-{number}@trainboard" for number in range(6, 16)} <= set(events)
    assert {f"ranking-sprint-{number}@trainboard" for number in range(6, 14)} <= set(events)
    assert 18 == len(events)
    event = events["churn-sprint-12@trainboard"]
    assert (date(2026, 3, 2), date(2026, 3, 16)) == (event["dtstart"].dt, event["dtend"].dt)
    assert ("Sprint 12, churn", "TRANSPARENT") == (event["summary"], event["transp"])
    assert "url" not in event


def test_a_changed_sprint_is_the_same_event_with_a_higher_number(web, called):
    """Renamed, it keeps its name for programs."""
    called(SPRINT, "Plain", datetime(2026, 2, 1, tzinfo=UTC))
    before = read_calendar(web.client.get("/sprints.ics"))["churn-sprint-12@trainboard"]
    called(SPRINT, "Other", datetime(2026, 3, 1, tzinfo=UTC))
    after = read_calendar(web.client.get("/sprints.ics"))["churn-sprint-12@trainboard"]
    assert (datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)) == (
        before["last-modified"].dt,
        after["last-modified"].dt,
    )
    assert 0 < before["sequence"] < after["sequence"]
    assert ("Plain, churn", "Other, churn") == (before["summary"], after["summary"])


def test_a_calendar_that_did_not_change_is_not_sent_again(web, called, clock):
    """Its mark is that of its content."""
    answer = web.client.get("/sprints.ics")
    clock.forward(minutes=5)
    again = web.client.get("/sprints.ics", headers={"If-None-Match": answer.headers["ETag"]})
    assert (304, b"") == (again.status_code, again.data)
    called(SPRINT, "Other")
    again = web.client.get("/sprints.ics", headers={"If-None-Match": answer.headers["ETag"]})
    assert 200 == again.status_code


@pytest.mark.parametrize(
    "name",
    ["A\r\nBEGIN:VALARM\r\nACTION:EMAIL", "x" * 500, "ä€😀" * 60, '"; \\n, :', "\x00\x0b\u2028END:VEVENT"],
)
def test_hostile_names_stay_in_their_event(web, called, name):
    """No line of theirs is one of the calendar, and no line is longer than 75 bytes."""
    called(SPRINT, name)
    answer = web.client.get("/sprints.ics?project=churn")
    lines = answer.data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert (8, 8, 0) == (
        lines.count(b"BEGIN:VEVENT"),
        lines.count(b"END:VEVENT"),
        len([line for line in lines if b"VALARM" in line and line.startswith(b"BEGIN")]),
    )
    assert 8 == len(read_calendar(answer))


def test_events_lead_to_the_report_where_others_can_reach_it(database, clock):
    """By the public address."""
    from trainboard.web.app import create_app
    from trainboard.web.pages import pages

    address = "https://bot.example.com/board"
    made = pages(database, PROJECTS, {}, clock, access="public", public_url=address)
    events = read_calendar(create_app(made).test_client().get("/sprints.ics"))
    assert f"{address}/sprints/churn/12" == events["churn-sprint-12@trainboard"]["url"]


@pytest.mark.parametrize(
    "path", ["/sprints", PAGE, f"{PAGE}/items.csv", "/sprints/compare", "/sprints.ics", "/api/v1/sprints"]
)
def test_strangers_see_none_of_it(open_site, path):
    """As with all pages."""
    answer = open_site("local").get(path, headers={"Host": "bot.example.com"})
    assert 403 == answer.status_code
