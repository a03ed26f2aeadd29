"""What the sprint came to, in a sentence."""

from trainboard.rendering.inert import inert
from trainboard.rendering.numbers import count, minute
from trainboard.rendering.report.words import say
from trainboard.report.building import Report
from trainboard.report.gaps import Gap


def render(report: Report) -> str:
    """How much is done, when the sprint is, and what is not known of it."""
    scope, sprint = report.scope, report.sprint
    all_items = scope.completed.count + scope.carried.count
    done = f"{scope.completed.count} of {count(all_items, 'item')} done"
    points = f"{say(scope.completed.points)} of {say(scope.final)} points"
    if scope.unestimated == all_items:
        points = "no estimates"
    state = "ended" if report.is_over else "under way"
    gap = (
        f"\n\nThe history begins at {minute(report.known_since)} UTC, after the sprint did: what happened "
        "before is not known, but for what still stood then."
        if report.is_gap
        else ""
    )
    return (
        f"## {inert(sprint.name)} of {inert(report.project)}\n\n"
        f"**{done}, {points}** · {sprint.start} to {sprint.end}, {state}{gap}"
        f"{''.join(map(_say_gap, report.gaps))}"
    )


def _say_gap(gap: Gap) -> str:
    looked = f"looked again on {minute(gap.looked_at)} UTC" if gap.looked_at else "not looked since"
    times = f"from {minute(gap.began_at)} to {minute(gap.ended_at)} UTC"
    return f"\n\nThe history has a gap {times}, {looked}: what happened then may not be known."
