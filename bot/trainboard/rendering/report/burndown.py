"""What was left at the end of each day."""

from trainboard.rendering.report.words import say_or_na, table
from trainboard.report.building import Report


def render(report: Report) -> str:
    """The days that are over."""
    days = [each for each in report.days if each.remaining is not None]
    if not days:
        return "### Burndown\n\nn/a (no day of the sprint is over of which anything is known)"
    rows = [
        (
            f"{each.day} ({each.day:%a})",
            say_or_na(each.remaining),
            say_or_na(each.ideal),
            str(each.open_items),
        )
        for each in days
    ]
    return table("### Burndown", ("Day", "Points left", "Ideal", "Items left"), (1, 2, 3), rows)
