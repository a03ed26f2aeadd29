"""A report is made of all that is known, and says what is not."""

import csv
import io
import json
from datetime import timedelta
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from fakes.foreign_bots import COMMANDS, WORDS, list_hits
from fakes.plans import NEXT, POLICY, SPRINT, day, happens, past, planned
from trainboard.goals import GoalSaid
from trainboard.rendering.report.document import CarriedItem
from trainboard.rendering.report.markdown import render_report
from trainboard.rendering.report.rows import COLUMNS, render_csv
from trainboard.rendering.report.values import report_values
from trainboard.report.building import History, build
from trainboard.report.happenings import Past
from unit.report.test_scope import WORKED

LONG_AGO = day(-100)
TITLED = [
    happens("data", day(-3), title="=Clean the labels", url="https://tracker.example.com/1"),
    happens("train", day(-3), title="/close @ada", url="https://tracker.example.com/2"),
]


def history(*happenings, since=LONG_AGO, **known):
    return History(project="churn", past=past(*happenings), known_since=since, **known)


def worked(now=None, **known):
    """The report of the worked example."""
    moment = now or SPRINT.ends_at + timedelta(days=1)
    return build(history(*WORKED, *TITLED, **known), POLICY, 1, moment)


def test_the_figures_of_a_sprint_that_is_over():
    """Of eighteen points that were committed, five were completed."""
    report = worked()
    assert (True, False, Decimal("27.8")) == (report.is_over, report.is_gap, report.say_do)
    said = render_report(report)
    assert "## Sprint 1 of churn" in said
    assert "| Committed | 5 | 18 |" in said
    assert "| Re-estimated |  | +5 |" in said
    assert "1 item came and went." in said
    assert "### Forecast" not in said
    assert "### Open at the end" in said


def test_a_sprint_under_way_tells_what_is_open():
    """And no day that is not over; what it cannot foresee it says."""
    said = render_report(worked(day(5)))
    assert "under way" in said
    assert "| Open |" in said
    assert "n/a (needs 5 sprints that are over, and knows 0)" in said
    assert 4 == said.count("| 2026-11-")


def test_a_sprint_of_which_nothing_is_known_is_no_zero():
    """A reason stands in each place."""
    said = render_report(build(history(), POLICY, 1, day(1, hour=1)))
    assert "n/a (nothing that has an estimate)" in said
    assert "n/a (no day of the sprint is over of which anything is known)" in said
    assert "n/a (no sprint is over that the history tells of from its beginning)" in said
    assert "n/a (nothing was done)" in said


def test_a_history_that_begins_late_is_named():
    """Sprints before its beginning are no part of the velocity."""
    report = worked(since=day(2))
    assert report.is_gap
    said = render_report(report)
    assert "The history begins at 2026-11-10 11:00 UTC, after the sprint did" in said
    assert (None, True) == (report.days[0].remaining, report.days[1].remaining is not None)
    assert "| 2026-11-09 (Mon) |" not in said


def test_sprints_before_give_velocity_and_forecast():
    """Each of six completed one item of five points in ten working days."""
    done = []
    for number in range(1, 7):
        at = SPRINT.starts_at + timedelta(days=14 * (number - 1) + 1)
        item = f"old{number}"
        done += [
            happens(item, at - timedelta(days=3), 5, sprint=number, state="open"),
            happens(item, at, state="started"),
            happens(item, at + timedelta(days=2), state="done"),
        ]
    new = planned("new", 5, at=day(80), sprint=7)
    report = build(history(*done, new, names={6: "The one before"}), POLICY, 7, day(87))
    assert (Decimal("5.0"), Decimal("5.0"), Decimal("0.0")) == (
        report.velocity.mean_of_three,
        report.velocity.mean_of_six,
        report.velocity.spread,
    )
    said = render_report(report)
    assert "| The one before | 5 | 5 | 1 | 5 |" in said
    assert "| Lead | 5.0 | 5.0 | 5.0 |" in said
    assert "| Cycle | 2.0 | 2.0 | 2.0 |" in said
    assert ("", 1) == (report.forecast.reason, report.forecast.remaining)
    assert "Of 1 open item, done by the end:" in said


def test_nothing_in_it_commands_anything_or_is_a_formula():
    """Titles are people's."""
    report = worked()
    said = render_report(report)
    assert [] == list_hits(COMMANDS | WORDS, said)
    assert "@ada" not in said
    rows = list(csv.reader(io.StringIO(render_csv(report))))
    assert tuple(rows[0]) == COLUMNS
    assert ["data", "'=Clean the labels", "done", "5", "completed", "https://tracker.example.com/1"] in rows


def test_a_program_reads_the_same_figures():
    """With the items behind each; points are text, which is exact."""
    report = worked()
    values = json.loads(msgspec.json.encode(report_values(report)))
    committed = values["scope"]["committed"]
    assert ("18", ["data", "docs", "serve", "train", "tune"]) == (committed["points"], committed["items"])
    told = history(*WORKED, *TITLED).past.list_between(LONG_AGO, SPRINT.starts_at)
    assert {each.order for each in told if each.sprint == 1} >= set(committed["events"]) != set()
    assert ("27.8", "5", 14) == (
        values["say_do_percent"],
        values["scope"]["re_estimated"],
        len(values["days"]),
    )


def test_what_was_carried_is_told_with_how_often():
    """What was carried twice or more is told apart; a sprint that goes on tells what it got so."""
    again = [happens("train", SPRINT.ends_at + timedelta(hours=1), sprint=2, state="open")]
    known = history(*WORKED[:-1], *TITLED, *again)
    first = render_report(worked(SPRINT.ends_at))
    assert "### Carry-over\n" in first
    assert "| once |" in first
    assert "twice or more" not in first
    under_way = render_report(build(known, POLICY, 2, NEXT.starts_at + timedelta(hours=2)))
    assert "### Carry-over so far\n" in under_way
    later = build(known, POLICY, 2, NEXT.ends_at)
    assert [("train", 2), ("serve", 1)] == [(each.item.item, each.times) for each in later.carry]
    assert "| **2 times** |" in render_report(later)
    assert "1 item was carried twice or more" in render_report(later)
    assert CarriedItem(item="train", times=2) in report_values(later).carry


def test_the_goal_and_its_judgement_stand_in_the_headline():
    """Not judged is said once the sprint is over; no goal is no line."""
    said = GoalSaid(number=1, word="goal", text="Beat @ada's baseline", by="ben", at=day(1))
    judged = GoalSaid(number=1, word="missed", text="the feed broke", by="ada", at=SPRINT.ends_at)
    assert "Goal" not in render_report(worked())
    under_way = render_report(worked(day(5), goals=[said]))
    assert "Goal: Beat @\u200bada's baseline\n" in under_way
    assert "baseline (not judged)" in render_report(worked(goals=[said]))
    report = worked(goals=[said, judged])
    assert "baseline (missed, says ada: the feed broke)" in render_report(report)
    assert "missed" == json.loads(msgspec.json.encode(report_values(report)))["goal"]["judgement"]


def test_the_order_of_hearing_changes_nothing():
    """What is told late has its own time."""
    happenings = worked_happenings = [replace(each, order=n) for n, each in enumerate([*WORKED, *TITLED])]
    known = History(project="churn", past=Past(reversed(happenings)), known_since=LONG_AGO)
    straight = History(project="churn", past=Past(worked_happenings), known_since=LONG_AGO)
    moment = SPRINT.ends_at + timedelta(days=1)
    assert build(known, POLICY, 1, moment) == build(straight, POLICY, 1, moment)
