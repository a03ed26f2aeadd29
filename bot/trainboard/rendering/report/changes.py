"""Pull requests and builds."""

from trainboard.rendering.numbers import count
from trainboard.rendering.report.words import say
from trainboard.report.building import Report
from trainboard.report.changes import Changes

_TITLE = "### Pull requests and builds"


def render(report: Report) -> str:
    """How many were merged, how many failed at first, how builds went."""
    changes = report.changes
    if changes is None:
        return ""
    if changes.reason:
        return f"{_TITLE}\n\nn/a ({changes.reason})"
    merged = f"{count(len(changes.merged), 'pull request')} merged."
    return f"{_TITLE}\n\n{merged} {_first(changes)} {_builds(changes)}"


def _first(changes: Changes) -> str:
    if not changes.judged:
        return "Failed at first: n/a (no build of a first commit is known)."
    return f"Failed at first: {len(changes.failed_first)} of {changes.judged} whose first build is known."


def _builds(changes: Changes) -> str:
    if changes.passed_percent is None:
        return "Builds passed: n/a (none ended)."
    return f"Builds passed: {say(changes.passed_percent)} % ({changes.passed:,} of {changes.builds:,})."
