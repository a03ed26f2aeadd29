"""What the sprint came to, in a sentence."""

from trainboard.metrics import Verdict
from trainboard.rendering.inert import inert
from trainboard.rendering.numbers import count, minute
from trainboard.rendering.report.words import say
from trainboard.report.building import Report


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
        f"**{done}, {points}** · {sprint.start} to {sprint.end}, {state}{_beside(report)}{gap}"
    )


def _beside(report: Report) -> str:
    """What its experiments met, and which bugs of alerts are open, where there are any."""
    board, alerts = report.experiments, report.alerts
    told = [each for ranked in board.experiments for each in ranked.judgements] if board else []
    met = sum(each.verdict is Verdict.MET for each in told)
    targets = f" · {met} of {count(len(told), 'target')} met" if told else ""
    amount = len(alerts.still_open) if alerts else 0
    bugs = f" · {count(amount, 'bug')} of alerts open" if amount else ""
    return targets + bugs
