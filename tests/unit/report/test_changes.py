"""Pull requests and builds of a sprint."""

from decimal import Decimal

from fakes.code import check, pull_request
from fakes.plans import AFTER, SPRINT, day
from trainboard.pull_requests import CheckState
from trainboard.report.changes import Changes, Merged, sum_up

PASSED, FAILED = CheckState.PASSED, CheckState.FAILED


def merged(number, at, *states, state="merged"):
    """A pull request that was merged then, and how the builds of its first commit went."""
    return Merged(
        pull_request=pull_request(number=number, state=state, at=at),
        first_builds=tuple(build(each, day(1)) for each in states),
    )


def build(state, at, **fields):
    """A run of a pipeline."""
    return check(**{"series": "ci", "state": state, "at": at} | fields)


def test_the_worked_example():
    """Of four merged ones the first builds of three are known, and one of those failed."""
    requests = [
        merged(4, day(2), PASSED, FAILED),
        merged(1, day(3), PASSED),
        merged(2, day(4), PASSED, CheckState.CANCELLED),
        merged(3, day(5), CheckState.CANCELLED),
        merged(5, day(-1), FAILED),
        merged(6, SPRINT.ends_at, FAILED),
        merged(7, day(3), FAILED, state="closed"),
    ]
    builds = [
        build(PASSED, day(2)),
        build(PASSED, day(3)),
        build(FAILED, day(3)),
        build(CheckState.TIMED_OUT, day(4)),
        build(PASSED, day(5)),
        build(CheckState.RUNNING, day(5)),
        build(CheckState.CANCELLED, day(5)),
        build(FAILED, SPRINT.ends_at),
        build(FAILED, day(5), series=""),
        build(FAILED, day(5), name="trainboard/metric-gate"),
    ]
    assert Changes(
        merged=(1, 2, 3, 4),
        judged=3,
        failed_first=(4,),
        builds=5,
        passed=3,
        passed_percent=Decimal("60.0"),
    ) == sum_up(requests, builds, SPRINT, AFTER)


def test_no_build_has_no_share():
    """Nothing is divided by nothing."""
    assert Changes() == sum_up([], [], SPRINT, AFTER)


def test_what_comes_after_now_is_not_looked_at():
    """A sprint under way."""
    assert (2,) == sum_up([merged(1, day(3)), merged(2, day(2))], [], SPRINT, day(3)).merged
