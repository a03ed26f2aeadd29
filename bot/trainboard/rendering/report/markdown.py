"""A report as Markdown that GitHub and Azure DevOps both show."""

from trainboard.rendering.numbers import minute
from trainboard.rendering.report import burndown, changed, flow, forecast, headline, items, scope, velocity
from trainboard.report.building import Report

_SECTIONS = (headline, scope, items, burndown, velocity, flow, forecast, changed)
"""In the order of reading. Each has `render`, which answers nothing where it has nothing to say."""


def render_report(report: Report) -> str:
    """All of it."""
    blocks = [each.render(report) for each in _SECTIONS]
    return "\n\n".join(filter(None, [*blocks, f"Made from the history at {minute(report.at)} UTC."]))
