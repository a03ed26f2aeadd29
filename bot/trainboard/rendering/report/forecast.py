"""When all will be done."""

from trainboard.rendering.numbers import count
from trainboard.rendering.report.words import table
from trainboard.report.building import Report


def render(report: Report) -> str:
    """Dates by how likely they are; nothing once the sprint is over."""
    known = report.forecast
    if report.is_over:
        return ""
    if known.reason:
        return f"### Forecast\n\nn/a ({known.reason})"
    rows = [(f"{each.percent} %", str(each.day), f"{each.days:,}") for each in known.likely]
    by_end = ", ".join(f"{amount} with {percent} %" for percent, amount in known.by_end)
    shown = table("### Forecast", ("Likely", "All done on", "Working days"), (2,), rows)
    return f"{shown}\n\nOf {count(known.remaining, 'open item')}, done by the end: {by_end}."
