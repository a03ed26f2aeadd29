"""When reports are due, by the calendar alone."""

from datetime import UTC, date, datetime, timedelta

import pytest

from trainboard.iterations import SprintPolicy, iteration
from trainboard.report.schedules import (
    GRACE,
    HORIZON,
    ReportSchedule,
    find_moment,
    is_kept,
    list_due,
    parse_cron,
)

BERLIN = SprintPolicy(length_days=14, first_start=date(2026, 10, 12), timezone="Europe/Berlin")
"""Sprint 1 is October 12 to 25, on whose last day the clock is set back; sprint 2 ends on November 8."""
DAILY = ReportSchedule(kind="daily", cron="30 9 * * *")
WEEKLY = ReportSchedule(kind="sprint", cron="0 9 * * mon")
CHAT = "slack:env:CHAT"


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def due(schedule, since, now, target=CHAT, policy=BERLIN):
    """Sprint and period of each that is due."""
    return [(each.number, each.period) for each in list_due(schedule, policy, target, since, now)]


def test_a_line_of_crontab_is_on_the_wall():
    """Nine o'clock is nine o'clock before and after the clock is set back."""
    assert [utc(2026, 10, 19, 7), utc(2026, 10, 26, 8)] == [
        list_due(WEEKLY, BERLIN, CHAT, now - timedelta(minutes=1), now)[0].at
        for now in (utc(2026, 10, 19, 7), utc(2026, 10, 26, 8))
    ]


def test_nothing_is_due_before_its_time_nor_again_after_it():
    """The moment itself belongs to what was due until then."""
    at = utc(2026, 10, 19, 7)
    assert [] == due(WEEKLY, at - timedelta(hours=1), at - timedelta(seconds=1))
    assert [(1, "2026-10-19T09:00")] == due(WEEKLY, at - timedelta(seconds=1), at)
    assert [] == due(WEEKLY, at, at + timedelta(days=1))
    assert [] == due(WEEKLY, at, at - timedelta(days=1))


def test_an_hour_that_comes_twice_counts_once():
    """At 02:30 on the day on which the clock is set back, one report is due, the first time."""
    nightly = ReportSchedule(kind="sprint", cron="30 2 * * *")
    first, second = utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1, 30)
    assert [(1, "2026-10-25T02:30")] == due(nightly, first - timedelta(hours=1), first)
    assert [] == due(nightly, first, second + timedelta(hours=1))
    assert [(1, "2026-10-25T02:30")] == due(nightly, first - timedelta(hours=1), second)


def test_an_hour_that_does_not_come_is_one_later():
    """At 02:30 on the day on which the clock is set forward, it is 03:30."""
    policy = SprintPolicy(length_days=14, first_start=date(2026, 3, 16), timezone="Europe/Berlin")
    nightly = ReportSchedule(kind="sprint", cron="30 2 * * *")
    [only] = list_due(nightly, policy, CHAT, utc(2026, 3, 29), utc(2026, 3, 29, 12))
    assert utc(2026, 3, 29, 1, 30) == only.at


def test_every_hour_over_both_changes_comes_once():
    """Looked at every ten minutes, no period is told twice."""
    hourly = ReportSchedule(kind="sprint", cron="30 * * * *")
    for start, periods in ((utc(2026, 10, 24, 22), 24), (utc(2026, 3, 28, 23), 23)):
        policy = SprintPolicy(length_days=90, first_start=date(2026, 1, 5), timezone="Europe/Berlin")
        seen, now = [], start
        while now < start + timedelta(hours=25 if periods == 24 else 23):
            seen += due(hourly, now, now + timedelta(minutes=10), policy=policy)
            now += timedelta(minutes=10)
        assert periods == len(set(seen)) == len(seen)


def test_a_digest_is_of_the_time_since_the_last_one_and_of_working_days():
    """Monday's tells of Friday since 09:30; none is due at the weekend, nor on a holiday."""
    [monday] = list_due(DAILY, BERLIN, CHAT, utc(2026, 10, 19, 7), utc(2026, 10, 19, 8))
    assert utc(2026, 10, 16, 7, 30) == monday.since
    assert [] == due(DAILY, utc(2026, 10, 17), utc(2026, 10, 18, 22))
    holiday = SprintPolicy(length_days=14, first_start=date(2026, 10, 12), holidays=(date(2026, 10, 19),))
    assert [] == due(DAILY, utc(2026, 10, 19), utc(2026, 10, 19, 23), policy=holiday)


def test_of_what_was_missed_the_last_is_due():
    """After three days without a service, one digest."""
    assert [(1, "2026-10-15T09:30")] == due(DAILY, utc(2026, 10, 12), utc(2026, 10, 15, 20))


def test_what_was_missed_for_too_long_is_not_due():
    """A week is caught up, and no more."""
    start = ReportSchedule(kind="sprint", at=("start",))
    began = utc(2026, 10, 12, 7)
    since = began - timedelta(days=1)
    assert [(1, "start")] == due(start, since, began + HORIZON - timedelta(seconds=1))
    assert [] == due(start, since, began + HORIZON)


@pytest.mark.parametrize(
    ("moment", "at"),
    [
        ("start", utc(2026, 10, 12, 7)),
        ("middle", utc(2026, 10, 19, 7)),
        ("day-before-end", utc(2026, 10, 22, 7)),
        ("end", utc(2026, 10, 26, 8)),
    ],
)
def test_moments_of_a_sprint(moment, at):
    """At the local hour of its working days; the end is the morning after."""
    assert at == find_moment(BERLIN, iteration(BERLIN, 1), moment, 9)


def test_the_end_leaves_time_for_a_last_look():
    """At midnight the service has not seen yet what was closed before."""
    sprint = iteration(BERLIN, 1)
    assert sprint.ends_at + GRACE == find_moment(BERLIN, sprint, "end", 0)


def test_a_sprint_without_working_days_is_counted_in_days():
    """Its moments come nevertheless."""
    off = SprintPolicy(length_days=2, first_start=date(2026, 10, 17))
    assert utc(2026, 10, 18, 9) == find_moment(off, iteration(off, 1), "middle", 9)


def test_where_the_report_is_kept_it_becomes_final():
    """Whatever the schedule says; a chat is told of the end only where that is wanted."""
    morning = utc(2026, 10, 26, 9)
    assert [(1, "end"), (2, "2026-10-26T09:00")] == sorted(
        due(WEEKLY, morning - timedelta(days=1), morning, "tracker")
    )
    assert [(2, "2026-10-26T09:00")] == due(WEEKLY, morning - timedelta(days=1), morning)


def test_each_sprint_becomes_final_however_late():
    """After months away, the reports of the last sprints are closed."""
    now = BERLIN.first_start + timedelta(days=14 * 3 + 1)
    moment = datetime(now.year, now.month, now.day, 12, tzinfo=UTC)
    quarterly = ReportSchedule(kind="sprint", at=("start",))
    assert [(1, "end"), (2, "end"), (3, "end")] == [
        each for each in due(quarterly, utc(2026, 10, 1), moment, "tracker") if each[1] == "end"
    ]


def test_of_a_sprint_that_is_over_only_the_end_is_due():
    """Nobody wants to know in the next sprint how this one began."""
    both = ReportSchedule(kind="sprint", at=("start", "day-before-end", "end"))
    assert [(1, "end"), (2, "start")] == due(both, utc(2026, 10, 12), utc(2026, 10, 26, 12))


def test_before_the_first_sprint_nothing_is_due():
    """Sprints are counted from one."""
    assert [] == due(WEEKLY, utc(2026, 10, 1), utc(2026, 10, 11, 20), "tracker")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("", "five fields"),
        ("0 9 * *", "five fields"),
        ("* 9 * * *", "one minute"),
        ("*/5 9 * * *", "one minute"),
        ("0 9 * * 1-5", "by words"),
        ("0 25 * * *", "no line of crontab"),
        ("0 9 * * someday", "no line of crontab"),
    ],
)
def test_what_is_no_line_of_crontab(line, complaint):
    """It is refused with what to write."""
    with pytest.raises(ValueError, match=complaint):
        parse_cron(line)


def test_what_is_kept():
    """A digest is kept nowhere, and no message is edited."""
    assert [True, True, False, False] == [
        is_kept("sprint", "tracker"),
        is_kept("sprint", "file:/srv/reports"),
        is_kept("sprint", CHAT),
        is_kept("daily", "tracker"),
    ]
