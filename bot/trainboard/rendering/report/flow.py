"""How long work took."""

from trainboard.percentiles import find_percentile
from trainboard.rendering.report.words import days, table
from trainboard.report.building import Report


def render(report: Report) -> str:
    """Lead and cycle times."""
    rows = []
    for name, times, why in (
        ("Lead", report.flow.lead, "nothing was done"),
        ("Cycle", report.flow.cycle, "nobody told when work was started"),
    ):
        cells = [days(find_percentile(times, percent)) for percent in (50, 85, 95)]
        rows.append((name, *cells) if times else (name, f"n/a ({why})", "", ""))
    return table("### Flow, in days", ("", "p50", "p85", "p95"), (1, 2, 3), rows)
