"""What the last sprints completed."""

from trainboard.rendering.inert import inert
from trainboard.rendering.report.words import na, say, say_or_na, table
from trainboard.report.building import Report


def render(report: Report) -> str:
    """The last sprints, and their means."""
    known = report.velocity
    if not known.sprints:
        return "### Velocity\n\nn/a (no sprint is over that the history tells of from its beginning)"
    rows = [
        (
            inert(each.name),
            say(each.committed),
            say(each.completed),
            str(each.items),
            say_or_na(each.per_ten_days),
        )
        for each in known.sprints
    ]
    columns = ("Sprint", "Committed", "Completed", "Items", "For ten working days")
    means = (
        f"Mean of three: {na(known.mean_of_three, 'needs three sprints')}. "
        f"Mean of six: {na(known.mean_of_six, 'needs six sprints')}. "
        f"Spread: {na(known.spread, 'needs two sprints')}."
    )
    return "\n".join([table("### Velocity", columns, (1, 2, 3, 4), rows), "", means])
