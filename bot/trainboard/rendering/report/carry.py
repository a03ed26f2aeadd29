"""What was carried over, and how often."""

from trainboard.rendering.inert import link
from trainboard.rendering.numbers import count
from trainboard.rendering.report.words import say_or_na, table
from trainboard.report.building import Report
from trainboard.report.carry import Carried

_TITLE_CHARACTERS = 100
_MOST_ITEMS = 50


def render(report: Report) -> str:
    """The items with their counts; those that were carried twice or more are told apart."""
    if not report.carry:
        return ""
    rows = [_row(each) for each in report.carry[:_MOST_ITEMS]]
    if len(report.carry) > _MOST_ITEMS:
        rows.append((f"and {len(report.carry) - _MOST_ITEMS:,} more", "", ""))
    title = "### Carry-over" if report.is_over else "### Carry-over so far"
    shown = table(title, ("Item", "Points", "Carried"), (1,), rows)
    often = sum(each.is_often for each in report.carry)
    if not often:
        return shown
    said = f"{count(often, 'item')} {'was' if often == 1 else 'were'} carried twice or more"
    return f"{shown}\n\n{said}: split what does not fit, or let it go."


def _row(each: Carried) -> tuple[str, str, str]:
    item = each.item
    times = "once" if each.times == 1 else f"**{each.times:,} times**"
    return link(item.title or item.item, item.url, _TITLE_CHARACTERS), say_or_na(item.points), times
