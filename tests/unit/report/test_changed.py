"""What became known after it was over."""

from datetime import timedelta
from decimal import Decimal

from msgspec.structs import replace

from fakes.foreign_bots import COMMANDS, WORDS, list_hits
from fakes.plans import POLICY, SPRINT, day, happens, past, planned
from trainboard.outages import Outage
from trainboard.rendering.report.markdown import render_report
from trainboard.report.building import History, build
from trainboard.report.changed import GRACE
from trainboard.report.gaps import Gap

LONG_AGO = day(-100)
CLOSE = SPRINT.ends_at
LATER = CLOSE + timedelta(days=3)


def heard(happening, at=None):
    """It was heard of at once, or then."""
    return replace(happening, noted_at=at or happening.at)


PLAN = (heard(planned("1", 5, title="Train")), heard(planned("2", 3, title="/close @ada")))
DONE = heard(happens("1", day(4), state="done"))
LATE = heard(happens("2", day(13), state="done"), CLOSE + timedelta(days=1))


def report(*told, now=LATER, **known):
    history = History(project="churn", past=past(*PLAN, *told), known_since=LONG_AGO, **known)
    return build(history, POLICY, 1, now)


def test_nothing_changed():
    """And nothing is said: what was on its way when the sprint ended counts as known."""
    on_its_way = heard(happens("2", CLOSE - timedelta(minutes=1), state="done"), CLOSE + GRACE)
    for told in ((DONE,), (DONE, on_its_way)):
        made = report(*told)
        assert ((), (), ()) == (made.changed.figures, made.changed.days, made.changed.facts)
        assert "hanged" not in render_report(made)


def test_a_late_fact_is_named_with_the_figures_that_it_changed():
    """And the days."""
    changed = report(DONE, LATE).changed
    assert [("completed", 5, 8, 1, 2), ("carried", 3, 0, 1, 0)] == [
        (each.name, each.then, each.now, each.items_then, each.items_now) for each in changed.figures
    ]
    assert [(13, 3, 0), (14, 3, 0)] == [
        ((each.day - SPRINT.start).days + 1, each.then, each.now) for each in changed.days
    ]
    assert ["2"] == [each.item.item for each in changed.facts]
    said = render_report(report(DONE, LATE))
    assert "### Changed since close" in said
    assert "| Completed | 5 in 1 item | 8 in 2 items |" in said
    assert "heard of 2026-11-23 23:00 UTC" in said
    assert [] == list_hits(COMMANDS | WORDS, said)


def test_yesterdays_burndown_never_changes_without_a_word():
    """Also while the sprint goes on."""
    known = report(DONE, now=day(6))
    late = heard(happens("2", day(3), 8), day(5, hour=20))
    made = report(DONE, late, now=day(6))
    before = {each.day: each.remaining for each in known.days}
    after = {each.day: each.remaining for each in made.days}
    differ = {each for each in before if before[each] != after[each] and each < day(5).date()}
    assert differ == {each.day for each in made.changed.days} != set()
    assert () == made.changed.figures
    assert "### Days that look otherwise than when they ended" in render_report(made)


def test_what_is_heard_on_the_same_day_changes_no_day():
    """The tracker is asked every hour."""
    late = heard(happens("2", day(3, hour=9), 8), day(3, hour=20))
    assert () == report(late, now=day(6)).changed.days


def test_a_late_fact_about_something_else_is_not_named():
    """It changed nothing here."""
    other = heard(happens("9", day(3), 8, sprint=2, state="open"), LATER - timedelta(hours=1))
    retitled = heard(happens("1", day(3), title="Train more"), LATER - timedelta(hours=1))
    changed = report(other, retitled).changed
    assert ((), (), ()) == (changed.figures, changed.days, changed.facts)


def test_a_history_that_began_later_knew_nothing_then():
    """Which is said elsewhere."""
    told = [replace(each, noted_at=LATER) for each in (*PLAN, DONE)]
    history = History(project="churn", past=past(*told), known_since=LATER)
    changed = build(history, POLICY, 1, LATER + timedelta(days=1)).changed
    assert ((), (), ()) == (changed.figures, changed.days, changed.facts)


def test_a_re_estimate_that_is_heard_late():
    """It has no items."""
    late = heard(happens("2", day(13), 8), LATER - timedelta(hours=1))
    figures = {each.name: (each.then, each.now) for each in report(late).changed.figures}
    assert (Decimal(0), Decimal(5)) == figures["re-estimated"]
    assert "| Re-estimated | +0 | +5 |" in render_report(report(late))


def test_a_run_tracker_that_cannot_be_read_is_named_in_the_sprints_that_it_touches():
    """Its reason is text from outside."""
    during = Outage(door="mlflow/prod", since=day(3), reason="it says **@octocat**")
    later = Outage(door="wandb/prod", since=LATER, reason="away")
    made = report(DONE, outages=[during, later])
    assert (during,) == made.outages
    said = render_report(made)
    assert "MLflow `prod` unreachable since 2026-11-11 11:00 UTC: it says" in said
    assert "@octocat" not in said
    assert "**" not in said.partition("unreachable")[2].partition("Runs that")[0].replace("\\*", "")


def test_a_gap_is_named_in_the_sprint_that_it_touches():
    """With the last look, if there was one."""
    early = Gap(began_at=day(-9), ended_at=day(-8))
    seen = Gap(began_at=day(3), ended_at=day(4), looked_at=day(5))
    unseen = Gap(began_at=day(6), ended_at=LATER)
    made = report(DONE, gaps=[early, seen, unseen])
    assert (seen, unseen) == made.gaps
    said = render_report(made)
    assert "gap from 2026-11-11 11:00 to 2026-11-12 11:00 UTC, looked again on 2026-11-13 11:00 UTC" in said
    assert "to 2026-11-25 23:00 UTC, not looked since" in said
