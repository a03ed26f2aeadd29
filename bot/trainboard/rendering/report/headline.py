"""What the sprint came to, in a sentence."""

from trainboard.outages import Outage
from trainboard.rendering.goals import say_goal
from trainboard.rendering.inert import inert
from trainboard.rendering.numbers import count, minute
from trainboard.rendering.outages import say_outage
from trainboard.rendering.report.words import say
from trainboard.report.building import Report
from trainboard.report.gaps import Gap


def render(report: Report) -> str:
    """How much is done, when the sprint is, and what is not known of it."""
    sprint = report.sprint
    state = "ended" if report.is_over else "under way"
    title = f"## {inert(sprint.name)} of {inert(report.project)}"
    said = f"**{say_headline(report)}** · {sprint.start} to {sprint.end}, {state}{_beside(report)}"
    goal = [say_goal(report.goal, is_over=report.is_over)] if report.goal else []
    return "\n\n".join([title, said, *goal, *list_warnings(report)])


def list_warnings(report: Report) -> list[str]:
    """What to know before the figures are believed."""
    late = (
        f"The history begins at {minute(report.known_since)} UTC, after the sprint did: what happened before "
        "is not known, but for what still stood then."
    )
    gaps = [*map(_say_gap, report.gaps), *map(_say_outage, report.outages)]
    return [*([late] if report.is_gap else []), *gaps]


def say_headline(report: Report) -> str:
    """How much is done, and how much was carried over and how often, without a full stop."""
    scope = report.scope
    all_items = scope.completed.count + scope.carried.count
    said = [f"{scope.completed.count} of {count(all_items, 'item')} done"]
    if scope.unestimated == all_items:
        said.append("no estimates")
    else:
        said.append(f"{say(scope.completed.points)} of {say(scope.final)} points")
    if report.is_over and scope.carried.count:
        said.append(f"{scope.carried.count:,} carried over")
        again = sum(len(each.sprints) > 1 for each in scope.carried.items)
        if again:
            said.append(f"{again:,} of them not for the first time")
    return ", ".join(said)


def _beside(report: Report) -> str:
    """How many experiments met their targets, and how many bugs of alerts are open, where there are any."""
    board, alerts = report.experiments, report.alerts
    aimed = sum(bool(each.judgements) for each in board.experiments) if board else 0
    targets = f" · {board.count('met')} of {count(aimed, 'experiment')} met" if board and aimed else ""
    amount = len(alerts.still_open) if alerts else 0
    bugs = f" · {count(amount, 'bug')} of alerts open" if amount else ""
    return targets + bugs


def _say_gap(gap: Gap) -> str:
    looked = f"looked again on {minute(gap.looked_at)} UTC" if gap.looked_at else "not looked since"
    times = f"from {minute(gap.began_at)} to {minute(gap.ended_at)} UTC"
    return f"The history has a gap {times}, {looked}: what happened then may not be known."


def _say_outage(outage: Outage) -> str:
    return f"{say_outage(outage)} Runs that changed since are not counted."
