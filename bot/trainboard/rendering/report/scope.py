"""What was committed, what changed, what came of it."""

from decimal import Decimal

from trainboard.rendering.numbers import count
from trainboard.rendering.report.words import list_parts, say, say_change, table
from trainboard.report.building import Report


def render(report: Report) -> str:
    """The parts of the scope, as a table."""
    scope = report.scope
    rows = [
        (name.capitalize(), str(part.count), say(part.points))
        for name, part in list_parts(report)
        if part.count or name != "completed late"
    ]
    rows.insert(2, ("Re-estimated", "", say_change(scope.re_estimated)))
    said = [f"Of what was committed, {_percent(report.say_do)} was completed."]
    if scope.churned:
        said.append(f"{count(scope.churned, 'item')} came and went.")
    if scope.unestimated:
        verb = "counts" if scope.unestimated == 1 else "count"
        said.append(f"{count(scope.unestimated, 'item')} without an estimate {verb} nothing in points.")
    return "\n".join([table("### Scope", ("", "Items", "Points"), (1, 2), rows), "", " ".join(said)])


def _percent(value: Decimal | None) -> str:
    return "n/a (nothing that has an estimate)" if value is None else f"{say(value)} %"
