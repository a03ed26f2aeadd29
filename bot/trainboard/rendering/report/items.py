"""What was done and what is open, by name."""

from trainboard.rendering.inert import link
from trainboard.rendering.numbers import count
from trainboard.rendering.report.words import count_points
from trainboard.report.building import Report
from trainboard.report.happenings import Standing

_TITLE_CHARACTERS = 100
_MOST_ITEMS = 50


def render(report: Report) -> str:
    """What is done, and what is not."""
    blocks = []
    for title, part in (("Done", report.scope.completed), ("Open at the end", report.scope.carried)):
        rows = [f"- {_item(each)}" for each in part.items[:_MOST_ITEMS]]
        if len(part.items) > _MOST_ITEMS:
            rows.append(f"- and {len(part.items) - _MOST_ITEMS:,} more")
        if rows:
            blocks.append(
                "\n".join([f"### {title if report.is_over else title.partition(' ')[0]}", "", *rows])
            )
    return "\n\n".join(blocks)


def _item(each: Standing) -> str:
    points = "no estimate" if each.points is None else count_points(each.points)
    times = f", in {count(len(each.sprints), 'sprint')} so far" if len(each.sprints) > 1 else ""
    return f"{link(each.title or each.item, each.url, _TITLE_CHARACTERS)}: {points}{times}"
