"""Pull requests that were merged in a sprint, and how builds went."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from trainboard.iterations import Iteration
from trainboard.pull_requests import Check, CheckState, PullRequest, is_own_check
from trainboard.report.velocity import divide

_PASSED = CheckState.PASSED
_FAILED = frozenset({CheckState.FAILED, CheckState.TIMED_OUT})


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """A merged pull request; `first_builds` are those of its first commit of which one is known."""

    pull_request: PullRequest
    first_builds: tuple[Check, ...] = ()


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """Pull requests merged in the sprint, and the builds that ended in it.

    Of `judged` ones it is known how the builds of their first commit went, of which one failed for those
    whose numbers are `failed_first`. `builds` passed or failed, each as its latest attempt stands;
    `passed_percent` is to a tenth, None where there is none. `reason` says why nothing is known.
    """

    reason: str = ""
    merged: tuple[int, ...] = ()
    judged: int = 0
    failed_first: tuple[int, ...] = ()
    builds: int = 0
    passed: int = 0
    passed_percent: Decimal | None = None


def sum_up(merged: Iterable[Merged], checks: Iterable[Check], sprint: Iteration, now: datetime) -> Changes:
    """The figures of the sprint as far as it came.

    Args:
        merged: pull requests, in any order; those that were not merged in the sprint count nothing.
        checks: of the repository, in any order; the same holds for those that did not end in it.
        sprint: whose.
        now: what came later is not looked at.
    """
    until = min(now, sprint.ends_at)
    mine = [each for each in merged if _is_within(each.pull_request.merged_at, sprint, until)]
    mine.sort(key=lambda each: each.pull_request.number)
    first = [(each.pull_request.number, _list_judged(each.first_builds)) for each in mine]
    builds = [each for each in _list_judged(checks) if _is_within(each.at, sprint, until)]
    passed = sum(each.state is _PASSED for each in builds)
    return Changes(
        merged=tuple(each.pull_request.number for each in mine),
        judged=sum(bool(found) for _, found in first),
        failed_first=tuple(number for number, found in first if any(each.state in _FAILED for each in found)),
        builds=len(builds),
        passed=passed,
        passed_percent=divide(Decimal(passed), Decimal(len(builds))),
    )


def is_build(check: Check) -> bool:
    """True for a check that speaks for a whole run of a pipeline, and is not the bot's own."""
    return bool(check.series) and not is_own_check(check.name)


def _list_judged(checks: Iterable[Check]) -> Sequence[Check]:
    return [each for each in checks if is_build(each) and (each.state is _PASSED or each.state in _FAILED)]


def _is_within(moment: datetime | None, sprint: Iteration, until: datetime) -> bool:
    return moment is not None and sprint.starts_at <= moment < until
