"""Sprints are half-open stretches of local time that touch each other."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainboard.iterations import SprintPolicy, iteration, iteration_at, working_days

BERLIN = SprintPolicy(length_days=14, first_start=date(2026, 3, 16), timezone="Europe/Berlin")
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Asia/Beirut",  # the clocks change at midnight
    "America/Havana",
    "Pacific/Apia",  # had no 30 December 2011
    "Pacific/Kiritimati",
]

policies = st.builds(
    SprintPolicy,
    length_days=st.integers(1, 60),
    first_start=st.dates(date(2000, 1, 1), date(2040, 1, 1)),
    timezone=st.sampled_from(ZONES),
)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


def test_the_first_sprint():
    """It begins at the first day's local midnight and ends before the day after its last."""
    first = iteration(BERLIN, 1)

    assert (1, "Sprint 1") == (first.number, first.name)
    assert (date(2026, 3, 16), date(2026, 3, 29)) == (first.start, first.end)
    assert datetime(2026, 3, 15, 23, tzinfo=UTC) == first.starts_at
    assert datetime(2026, 3, 29, 22, tzinfo=UTC) == first.ends_at


@pytest.mark.parametrize(
    ("number", "hours"),
    [(1, 14 * 24 - 1), (2, 14 * 24), (16, 14 * 24 + 1)],
)
def test_days_on_which_the_clocks_change(number, hours):
    """The sprint with the spring day is an hour shorter, the one with the autumn day an hour longer."""
    sprint = iteration(BERLIN, number)

    assert timedelta(hours=hours) == sprint.ends_at - sprint.starts_at


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        ("2026-03-15T22:59:59.999999+00:00", 0),
        ("2026-03-15T23:00:00+00:00", 1),
        ("2026-03-29T21:59:59+00:00", 1),
        ("2026-03-30T00:00:00+02:00", 2),
        ("2026-02-16T00:00:00+01:00", -1),
        ("2026-03-29T23:30:00-10:00", 2),
    ],
)
def test_the_sprint_of_a_moment(moment, number):
    """By the local day, whatever zone the moment is told in; before the first they are 0 and less."""
    assert number == iteration_at(BERLIN, datetime.fromisoformat(moment)).number


@given(policies, moments)
def test_every_moment_lies_in_its_sprint_and_no_other(policy, moment):
    """The sprint of a moment holds it; the ones before and after do not."""
    sprint = iteration_at(policy, moment)

    assert sprint.holds(moment)
    assert not iteration(policy, sprint.number - 1).holds(moment)
    assert not iteration(policy, sprint.number + 1).holds(moment)


@given(policies, st.integers(-100, 100))
def test_consecutive_sprints_touch(policy, number):
    """One ends at the moment when the next begins, which is no longer its own."""
    sprint, following = iteration(policy, number), iteration(policy, number + 1)

    assert sprint.ends_at == following.starts_at
    assert sprint.starts_at < sprint.ends_at
    assert (sprint.end + timedelta(days=1), policy.length_days) == (
        following.start,
        (sprint.end - sprint.start).days + 1,
    )
    assert (False, True) == (sprint.holds(following.starts_at), following.holds(following.starts_at))
    assert sprint == iteration_at(policy, sprint.starts_at)


def test_a_name_of_the_teams_own():
    """A template may hold the number and both days."""
    policy = SprintPolicy(first_start=date(2026, 1, 5), name_template="S{number:02} {start}/{end}")

    assert "S01 2026-01-05/2026-01-18" == iteration(policy, 1).name


def test_working_days_leave_out_weekends_and_holidays():
    """In order; a holiday on a weekend takes nothing away."""
    policy = SprintPolicy(
        length_days=7,
        first_start=date(2026, 5, 1),
        holidays=(date(2026, 5, 1), date(2026, 5, 2), date(2026, 5, 14)),
    )

    assert [date(2026, 5, day) for day in (4, 5, 6, 7)] == working_days(policy, iteration(policy, 1))


def test_a_team_may_work_on_other_days():
    """The week is the team's."""
    policy = SprintPolicy(length_days=7, first_start=date(2026, 5, 1), working_days=("sun", "mon"))

    assert [date(2026, 5, 3), date(2026, 5, 4)] == working_days(policy, iteration(policy, 1))
