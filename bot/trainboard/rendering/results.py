"""What linters and tests found, in one line for pull requests and for their work items."""

from collections.abc import Iterable, Iterator, Sequence

from trainboard.check_groups import Group, group_checks
from trainboard.pull_requests import Check, CheckState
from trainboard.rendering.fit import Block
from trainboard.rendering.inert import inert_code
from trainboard.rendering.numbers import count
from trainboard.result_files import Tally
from trainboard.results import Numbers

_NAME_CHARACTERS = 80
_MAX_NAMED = 3
_LEAST_CHANGE = 0.05

_PASSED = frozenset({CheckState.PASSED, CheckState.NEUTRAL})
_FAILED = frozenset({CheckState.FAILED, CheckState.TIMED_OUT})


def results_block(numbers: Numbers, checks: Sequence[Check]) -> Block:
    """The line under a heading of its own; empty where no numbers are known."""
    line = render_results(numbers, checks)
    return Block(name="Results", head=f"#### Results\n\n{line}" if line else "")


def render_results(numbers: Numbers, checks: Sequence[Check]) -> str:
    """`lint ok · 41 tests passed, 1 failed (test_x) · coverage 87.2 % (-0.4)`; what is not known is left out.

    Empty where neither tests nor coverage nor remarks are known: how checks stand is told elsewhere.
    """
    linters = group_checks(checks).get(Group.LINT, ())
    remarks = [each.annotations for each in linters if each.annotations]
    if not numbers.are_known and not remarks:
        return ""
    parts = [_lint(linters), _tests(numbers.tests), _coverage(numbers), _unread(numbers.unread)]
    return " · ".join(filter(None, parts))


def _lint(linters: Iterable[Check]) -> str:
    states = {each.state for each in linters}
    remarks = sum(each.annotations or 0 for each in linters)
    said = f", {count(remarks, 'remark')}" if remarks else ""
    if states & _FAILED:
        return f"✗ lint failed{said}"
    return f"lint {'ok' if states <= _PASSED else 'not done'}{said}" if states else ""


def _tests(tests: Tally | None) -> str:
    if tests is None:
        return ""
    mark = "✗ " if tests.failed or tests.errors else ""
    return f"{mark}{count(tests.passed, 'test')} passed{''.join(_other_tests(tests))}"


def _other_tests(tests: Tally) -> Iterator[str]:
    if tests.failed:
        yield f", {tests.failed:,} failed"
    if tests.errors:
        yield f", {count(tests.errors, 'error')}"
    names = [inert_code(name, _NAME_CHARACTERS) or "?" for name in tests.failing[:_MAX_NAMED]]
    hidden = tests.failed + tests.errors - len(names)
    if names:
        yield f" ({', '.join(names)}{f' and {hidden:,} more' if hidden > 0 else ''})"
    if tests.skipped:
        yield f", {tests.skipped:,} skipped"
    if tests.seconds is not None:
        yield f" in {_duration(tests.seconds)}"


def _duration(seconds: float) -> str:
    if seconds < 1:
        return "less than a second"
    return f"{seconds:,.0f} s" if seconds < 600 else f"{seconds / 60:,.0f} min"  # noqa: PLR2004


def _coverage(numbers: Numbers) -> str:
    percent = numbers.coverage.percent if numbers.coverage else None
    if percent is None:
        return ""
    if numbers.change is None:
        return f"coverage {percent:.1f} %"
    change = f"{numbers.change:+.1f}" if abs(numbers.change) >= _LEAST_CHANGE else "as before"
    return f"coverage {percent:.1f} % ({change})"


def _unread(unread: int) -> str:
    return f"{count(unread, 'result file')} could not be read" if unread else ""
