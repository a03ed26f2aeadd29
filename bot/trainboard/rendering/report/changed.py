"""What became known after it was over."""

from decimal import Decimal

from trainboard.rendering.inert import link
from trainboard.rendering.numbers import count, minute
from trainboard.rendering.report.words import na, say, table
from trainboard.report.building import Report
from trainboard.report.changed import ChangedDay, Figure, LateFact

_TITLE_CHARACTERS = 100
_MOST_FACTS = 20


def render(report: Report) -> str:
    """Which figures differ from those of then, and by what; nothing where none does."""
    changed = report.changed
    blocks = []
    if changed.figures:
        rows = [_figure(each) for each in changed.figures]
        blocks.append(table("### Changed since close", ("", "At the close", "Now"), (1, 2), rows))
    if changed.days:
        title = "Days that look otherwise than when they ended:" if changed.figures else _TITLE_OF_DAYS
        rows = [_day(each) for each in changed.days]
        blocks.append(table(title, ("Day", "Left then", "Left now"), (1, 2), rows))
    if changed.facts:
        facts = [f"- {_fact(each)}" for each in changed.facts[:_MOST_FACTS]]
        if len(changed.facts) > _MOST_FACTS:
            facts.append(f"- and {len(changed.facts) - _MOST_FACTS:,} more")
        blocks.append("\n".join(["Heard of late:", "", *facts]))
    return "\n\n".join(blocks)


_TITLE_OF_DAYS = "### Days that look otherwise than when they ended"


def _figure(each: Figure) -> tuple[str, str, str]:
    return (
        each.name.capitalize(),
        _points(each.then, each.items_then),
        _points(each.now, each.items_now),
    )


def _points(points: Decimal, items: int | None) -> str:
    return f"{points:+f}" if items is None else f"{say(points)} in {count(items, 'item')}"


def _day(each: ChangedDay) -> tuple[str, str, str]:
    why = "nothing was known"
    return f"{each.day}", na(each.then, why), na(each.now, why)


def _fact(each: LateFact) -> str:
    happening, item = each.happening, each.item
    named = link(item.title or item.item, item.url, _TITLE_CHARACTERS)
    return f"{named}, {minute(happening.at)} UTC, heard of {minute(happening.noted_at)} UTC"
