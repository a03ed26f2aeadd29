"""Drawings of nothing but characters, for places that draw nothing."""

from collections.abc import Sequence
from decimal import Decimal

from trainboard.rendering.inert import plain
from trainboard.rendering.report.words import say_or_na
from trainboard.report.building import Report

_WIDTH = 24
_LABEL_CHARACTERS = 40


def draw_burndown(report: Report) -> str:
    """Points left at the end of each day that is over, or items where nobody estimated; "" where none is."""
    days = [each for each in report.days if each.remaining is not None]
    if any(each.scope for each in days):
        return _draw([(f"{each.day:%a} {each.day}", each.remaining or Decimal(0)) for each in days])
    return _draw([(f"{each.day:%a} {each.day}", Decimal(each.open_items or 0)) for each in days])


def draw_velocity(report: Report) -> str:
    """Points completed in each of the last sprints; "" where there were none."""
    return _draw([(each.name, each.completed) for each in report.velocity.sprints])


def _draw(rows: Sequence[tuple[str, Decimal]]) -> str:
    """A block of code. The figure stands first in each line: a label may be anything."""
    top = max((value for _, value in rows), default=Decimal(0))
    if not top:
        return ""
    lines = [f"{say_or_na(value):>8} {_bar(value / top)} {_label(name)}" for name, value in rows]
    return "\n".join(["```text", *lines, "```"])


def _bar(share: Decimal) -> str:
    full = round(share * _WIDTH)
    return "█" * full + "░" * (_WIDTH - full)


def _label(name: str) -> str:
    return plain(name.replace("`", "'"), _LABEL_CHARACTERS)
