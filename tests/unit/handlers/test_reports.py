"""What is due is asked for once, and what people do to the items of reports is noted."""

from datetime import timedelta

from msgspec.structs import replace

from fakes.read import CHURN, NOW, FakeRead
from trainboard.effects import EnsureReport, FreezeReport
from trainboard.events import ReportsDue, WorkItemChanged
from trainboard.facts import ClaimReport, HearOfReport
from trainboard.handlers.reports import MISSED, react
from trainboard.report.schedules import ReportSchedule

SCHEDULE = ReportSchedule(kind="sprint", cron="0 9 * * *")
PROJECT = replace(CHURN, reports=(SCHEDULE,))
WATCH = "watch-reports:churn/sprint/tracker"
KEY = "ensure-report:churn/1/sprint/2026-11-18T09:00/tracker"
SINCE = NOW - timedelta(days=1)


def ask(project=PROJECT, **known):
    """What comes of a look."""
    return list(react(ReportsDue(), FakeRead(projects=[project], **known)))


def test_a_schedule_that_is_new_is_only_noted():
    """Nothing of before was missed."""
    [noted] = ask()
    assert (WATCH, "watched", NOW) == (noted.key, noted.state, noted.at)


def test_what_is_due_is_claimed_with_its_effect():
    """Both in one transaction; what was claimed is not asked for again."""
    claim, effect = ask(claims={WATCH: SINCE})
    assert (KEY, "asked", effect.at) == (claim.key, claim.state, claim.due_at)
    assert KEY == effect.key
    assert ("2026-11-18T09:00", False) == (effect.period, effect.is_final)
    assert [] == ask(claims={WATCH: SINCE, KEY: NOW})


def test_what_was_missed_is_skipped_where_the_settings_say_so():
    """Late by more than an hour."""
    skipping = replace(PROJECT, reports=(replace(SCHEDULE, catches_up=False, cron="0 8 * * *"),))
    [claim] = ask(skipping, claims={WATCH: SINCE})
    assert ("skipped", MISSED) == (claim.state, claim.reason)
    assert [ClaimReport, EnsureReport] == [type(each) for each in ask(claims={WATCH: SINCE})]


def test_the_end_of_a_sprint_is_never_skipped():
    """A report that nobody closes would be open for ever."""
    later = NOW + timedelta(days=10)
    skipping = replace(PROJECT, reports=(replace(SCHEDULE, catches_up=False, cron="", at=("start",)),))
    found = ask(skipping, now=later, claims={WATCH: SINCE})
    ended = [(each.number, each.period) for each in found if isinstance(each, EnsureReport)]
    assert [(1, "end")] == ended


def test_what_a_sprint_came_to_is_kept_two_hours_after_it():
    """Once, and where anything is known of it."""
    quiet = replace(CHURN, reports=())
    ended_at = NOW.replace(day=23, hour=0)
    assert [] == ask(quiet, now=ended_at + timedelta(hours=1, minutes=59), unfrozen=[1])
    assert [FreezeReport(project="churn", number=1)] == ask(
        quiet, now=ended_at + timedelta(hours=2), unfrozen=[1]
    )
    assert [] == ask(quiet, now=ended_at + timedelta(hours=2))


def hear(**fields):
    """What is noted of a change of item 9, which holds a report."""
    values = {
        "tracker": "local:churn",
        "ref": "9",
        "action": "edited",
        "title": "",
        "state": "open",
        "at": NOW,
    }
    event = WorkItemChanged(**{**values, "actor": "ana", "by_bot": False, **fields})
    return list(react(event, FakeRead(reported=[("local:churn", "9")])))


def test_who_touched_the_item_of_a_report():
    """People's edits of its text are told apart from ours, and from those of its labels."""
    told = [
        HearOfReport(tracker="local:churn", ref="9", at=NOW, touched=touched) for touched in (True, False)
    ]
    assert told[:1] == hear(fields=("body",)) == hear()
    assert told[1:] == hear(by_bot=True) == hear(fields=("labels",))
    assert [] == hear(ref="8")
