"""Diagrams of a report in Mermaid's language.

Source: Mermaid, "XY Chart" and "Pie chart diagrams". Older versions know `xychart-beta` only, and all of them
still do. A quotation mark ends a title, and there is no escape for it.
"""

from collections.abc import Sequence
from decimal import Decimal

from trainboard.rendering.inert import NO_NAME, plain
from trainboard.rendering.report.words import say
from trainboard.report.building import Report

_TITLE_CHARACTERS = 60
_LABEL_CHARACTERS = 16


def quote(text: str, limit: int = _TITLE_CHARACTERS) -> str:
    """`text` between quotation marks, with nothing in it that ends them, the diagram or its fence.

    Mermaid takes no text for an error, so that it shows as "(no name)".
    """
    words = plain(text.replace('"', "'").replace("`", "'").replace("%%{", ""), limit).replace(":::", ":")
    return f'"{words or NO_NAME}"'


def draw_burndown(report: Report) -> str:
    """Points left at the end of each day that is over, as bars, below the ideal line; "" where none is."""
    days = [each for each in report.days if each.remaining is not None]
    if not any(each.scope for each in days):
        return ""
    ideal = [each.ideal for each in days if each.ideal is not None]
    return _plot(
        f"Burndown of {report.sprint.name}",
        [f"{each.day:%a} {each.day.day}" for each in days],
        [each.remaining or Decimal(0) for each in days],
        ideal if len(ideal) == len(days) else [],
    )


def draw_burn_up(report: Report) -> str:
    """Points done at the end of each day that is over, as bars, below a line of all; "" where none is."""
    days = [each for each in report.days if each.scope is not None]
    if not any(each.scope for each in days):
        return ""
    return _plot(
        f"Burn-up of {report.sprint.name}",
        [f"{each.day:%a} {each.day.day}" for each in days],
        [each.completed or Decimal(0) for each in days],
        [each.scope or Decimal(0) for each in days],
    )


def draw_velocity(report: Report) -> str:
    """Points completed in each of the last sprints, as bars, with a line of what was committed."""
    sprints = report.velocity.sprints
    if not any(each.committed or each.completed for each in sprints):
        return ""
    return _plot(
        f"Velocity of {report.project}",
        [each.name for each in sprints],
        [each.completed for each in sprints],
        [each.committed for each in sprints],
    )


def draw_shares(report: Report) -> str:
    """A pie of the points that are done and those that are not; "" where nobody estimated.

    Its labels hold the figures, since a wiki of Azure DevOps has an older Mermaid that does not show them.
    """
    scope = report.scope
    if not scope.final:
        return ""
    slices = [("Done", scope.completed.points), ("Open", scope.carried.points)]
    rows = [f'    "{name}: {say(points)}" : {say(points)}' for name, points in slices if points]
    return "\n".join(["pie title Points", *rows])


def _plot(title: str, labels: Sequence[str], bars: Sequence[Decimal], line: Sequence[Decimal]) -> str:
    top = max(*bars, *line, Decimal(1))
    rows = [
        "xychart-beta",
        f"    title {quote(title)}",
        f"    x-axis [{', '.join(quote(each, _LABEL_CHARACTERS) for each in labels)}]",
        f'    y-axis "Points" 0 --> {_round(top)}',
        f"    bar [{', '.join(map(_round, bars))}]",
    ]
    return "\n".join([*rows, *([f"    line [{', '.join(map(_round, line))}]"] if line else [])])


def _round(value: Decimal) -> str:
    return say(round(value, 2))
