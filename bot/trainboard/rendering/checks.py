"""Checks and deployments in words, for pull requests and for their work items."""

from collections import Counter
from collections.abc import Iterable, Sequence

from trainboard.check_groups import Group, group_checks
from trainboard.pull_requests import Check, CheckState, Deployment, DeploymentState
from trainboard.rendering.fit import Block
from trainboard.rendering.inert import NO_NAME, find_address, inert, inert_code, link
from trainboard.rendering.numbers import count, minute
from trainboard.rendering.tables import table_head, table_row

NAME_CHARACTERS = 80
_SUMMARY_CHARACTERS = 120
_MAX_NAMED = 3
_MAX_STEPS = 12

_BAD = frozenset({CheckState.FAILED, CheckState.TIMED_OUT})
# In the order in which people want to hear of them.
_STATES = (
    CheckState.FAILED,
    CheckState.TIMED_OUT,
    CheckState.SILENT,
    CheckState.CANCELLED,
    CheckState.WAITING,
    CheckState.RUNNING,
    CheckState.QUEUED,
    CheckState.PASSED,
    CheckState.NEUTRAL,
)
_TO_LOOK_AT = frozenset(_STATES[:5])
MARKS = {
    DeploymentState.SUCCEEDED: "✓ ",
    DeploymentState.FAILED: "✗ ",
    DeploymentState.ROLLED_BACK: "✗ ",
}


def count_checks(checks: Sequence[Check]) -> str:
    """`3 checks: 1 failed, 2 passed`; empty for none."""
    return f"{count(len(checks), 'check')}: {_count_states(checks)}" if checks else ""


def checks_block(checks: Sequence[Check], title: str = "Checks") -> Block:
    """A row for each group, with those named that somebody has to look at; empty where there is no check."""
    if not checks:
        return Block(name=title, head="")
    head = table_head(f"#### {title}", ["Group", "State", "To look at"], numbers=())
    return Block(name=title, head=head, rows=tuple(_row(*each) for each in group_checks(checks).items()))


def mark_of(checks: Iterable[Check]) -> str:
    """A cross if one of them is bad, a tick if there are some and all have ended well, else nothing."""
    states = {check.state for check in checks}
    if states & _BAD:
        return "✗ "
    return "✓ " if states and states <= {CheckState.PASSED, CheckState.NEUTRAL} else ""


def name_checks(checks: Sequence[Check]) -> str:
    """The first of them with their addresses and words, and how many more there are."""
    named = [_name(check) for check in checks[:_MAX_NAMED]]
    hidden = len(checks) - len(named)
    return "; ".join([*named, *([f"and {hidden:,} more"] if hidden else [])])


def render_deployments(deployments: Iterable[Deployment]) -> str:
    """The last deployment into each environment, in order of time; empty for none."""
    latest = {
        each.environment.casefold(): each
        for each in sorted(deployments, key=lambda each: (each.at, each.ref))
    }
    steps = sorted(latest.values(), key=lambda each: (each.at, each.ref))[-_MAX_STEPS:]
    return " → ".join(map(_step, steps))


def _row(group: Group, checks: Sequence[Check]) -> str:
    wanted = [check for check in checks if check.state in _TO_LOOK_AT]
    return table_row([group, f"{mark_of(checks)}{_count_states(checks)}", name_checks(wanted) or "nothing"])


def _count_states(checks: Iterable[Check]) -> str:
    amounts = Counter(check.state for check in checks)
    return ", ".join(f"{amounts[state]:,} {state}" for state in _STATES if amounts[state])


def _name(check: Check) -> str:
    words = inert(check.summary, _SUMMARY_CHARACTERS)
    name = link(check.name, check.url, NAME_CHARACTERS)
    since = f" since {minute(check.at)} UTC" if check.state is CheckState.SILENT else ""
    said = f"{name} {check.state}{since}"
    return f"{said}: {words}" if words else said


def _step(deployment: Deployment) -> str:
    name = inert_code(deployment.environment, NAME_CHARACTERS) or NO_NAME
    address = find_address(deployment.url)
    place = f"[{name}]({address})" if address else name
    return f"{place} {MARKS.get(deployment.state, '')}{deployment.state}"
