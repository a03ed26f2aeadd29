"""The work item in which a team makes scripts of a notebook: what is known of it, and when it is done."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from trainboard.check_groups import Group, group_checks
from trainboard.notebooks import Review
from trainboard.pull_requests import Check, CheckState, PullRequest
from trainboard.results import Numbers
from trainboard.work_items import TrackedState

CLOSED_WITHIN = timedelta(minutes=2)
"""What is closed so near to a merge was closed by it: platforms do that, and name the person who merged."""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """How large a notebook was in a pull request, at `commit`; see `Review`."""

    pull_request: int
    commit: str
    lines: int
    outside: int
    functions: int
    cells: int
    output_bytes: int


class Refactoring(msgspec.Struct, frozen=True, kw_only=True):
    """The work item of a notebook, of which there is one in its project and repository.

    `asked` is the key of the command that made it or opened it again, `figures` the last that are known.
    `settled` are the numbers of merged pull requests that had their say: the item is not closed for them
    again. `closed_at` is by the tracker's clock, None for one that is open.
    """

    project: str
    code: str
    path: str
    tracker: str
    ref: str
    url: str
    state: TrackedState
    asked: str
    changed_at: datetime
    figures: Figures | None = None
    settled: tuple[int, ...] = ()
    closed_at: datetime | None = None


class Doubt(StrEnum):
    """Why a merge did not end the work."""

    LINT_FAILED = "lint was not green"
    TESTS_FAILED = "tests were not green"
    NOT_ENDED = "lint or tests have not ended"
    NO_TESTS = "nobody told of tests"
    UNREAD = "nobody told of lint, and the notebook could not be read"
    STILL_LONG = "nobody told of lint, and too much of the notebook is outside of functions"


class Merge(msgspec.Struct, frozen=True, kw_only=True):
    """A merged pull request that links the item, with all doubts whether that ended the work.

    `has_lint` tells whether anybody told of lint.
    """

    pull_request: PullRequest
    has_lint: bool
    doubts: tuple[Doubt, ...] = ()

    @property
    def is_final(self) -> bool:
        """False while checks are on their way."""
        return Doubt.NOT_ENDED not in self.doubts


class _Stand(StrEnum):
    NONE = "none"
    GREEN = "green"
    BAD = "bad"
    GOING = "going"


_BAD = frozenset({CheckState.FAILED, CheckState.TIMED_OUT, CheckState.CANCELLED, CheckState.SILENT})


def figures_of(review: Review, pull_request: int, commit: str) -> Figures:
    """What a look at the notebook told."""
    return Figures(
        pull_request=pull_request,
        commit=commit,
        lines=review.lines,
        outside=review.outside,
        functions=review.functions,
        cells=review.cells,
        output_bytes=review.output_bytes,
    )


def has_lint(checks: Iterable[Check]) -> bool:
    """True if anybody told how lint ended or goes on."""
    return _stand(group_checks(checks).get(Group.LINT, ())) is not _Stand.NONE


def list_doubts(
    checks: Iterable[Check], numbers: Numbers, outside: int | None, long_outside: int
) -> Iterator[Doubt]:
    """Why the work is not over with the merge of a head that has these checks; none if it is.

    Args:
        checks: of the head commit.
        numbers: what its tests found.
        outside: lines of the notebook outside of functions after the merge, which count where nobody told of
            lint; 0 for one that is gone, None if it could not be read.
        long_outside: how many there may be.
    """
    groups = group_checks(checks)
    lint, tests = (
        _stand(groups.get(Group.LINT, ())),
        _stand_of_tests(groups.get(Group.UNIT_TESTS, ()), numbers),
    )
    if lint is _Stand.BAD:
        yield Doubt.LINT_FAILED
    if tests is _Stand.BAD:
        yield Doubt.TESTS_FAILED
    if _Stand.GOING in {lint, tests}:
        yield Doubt.NOT_ENDED
    if tests is _Stand.NONE:
        yield Doubt.NO_TESTS
    if lint is _Stand.NONE and outside is None:
        yield Doubt.UNREAD
    if lint is _Stand.NONE and outside is not None and outside > long_outside:
        yield Doubt.STILL_LONG


def was_closed_by(merge: Merge, closed_at: datetime | None) -> bool:
    """True if the item was closed with the merge, by the platform's own doing as far as can be told."""
    merged_at = merge.pull_request.merged_at
    if closed_at is None or merged_at is None:
        return False
    return abs(closed_at - merged_at) <= CLOSED_WITHIN


def _stand_of_tests(checks: Iterable[Check], numbers: Numbers) -> _Stand:
    """By their checks, and by what the tests of other checks found."""
    stand, found = _stand(checks), numbers.tests
    if found is not None and found.failed + found.errors:
        return _Stand.BAD
    return _Stand.GREEN if stand is _Stand.NONE and found is not None and found.passed else stand


def _stand(checks: Iterable[Check]) -> _Stand:
    """What was skipped says nothing."""
    states = {check.state for check in checks}
    if states & _BAD:
        return _Stand.BAD
    if any(not state.ended for state in states):
        return _Stand.GOING
    return _Stand.GREEN if CheckState.PASSED in states else _Stand.NONE
