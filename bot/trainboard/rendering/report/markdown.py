"""A report as Markdown."""

from collections.abc import Callable, Mapping
from types import ModuleType

from trainboard.rendering.fit import Block, fit
from trainboard.rendering.inert import find_address
from trainboard.rendering.numbers import minute
from trainboard.rendering.report import (
    alerts,
    bars,
    burndown,
    carry,
    changed,
    changes,
    delivery,
    experiments,
    flow,
    forecast,
    headline,
    items,
    mermaid,
    models,
    scope,
    usage,
    velocity,
)
from trainboard.rendering.report.dialects import PLAIN, Dialect
from trainboard.report.building import Report

MOST_BYTES = 60_000

SECTIONS = (
    headline,
    scope,
    items,
    burndown,
    velocity,
    forecast,
    experiments,
    usage,
    models,
    alerts,
    delivery,
    changes,
    flow,
    carry,
    changed,
)
"""In the order of reading. Each has `render`, which answers nothing where it has nothing to say."""

_Drawing = tuple[Callable[[Report], str], str]
_PLOTS: Mapping[ModuleType, tuple[_Drawing, ...]] = {
    burndown: (
        (mermaid.draw_burndown, "Bars are points left at the end of the day, the line is the ideal."),
        (mermaid.draw_burn_up, "Bars are points done, the line is all that the sprint is about."),
    ),
    velocity: ((mermaid.draw_velocity, "Bars are points completed, the line is what was committed."),),
}
"""By section what draws its table, each with words that say what is to be seen."""
_BARS = {burndown: bars.draw_burndown, velocity: bars.draw_velocity}
"""By section what draws its table where there are no diagrams."""
_MOST_NAME_CHARACTERS = 40


def render_report(
    report: Report, dialect: Dialect = PLAIN, page_url: str | None = None, most_bytes: int = MOST_BYTES
) -> str:
    """All of it, in at most so many bytes of UTF-8: a section that does not fit is left out whole and named.

    Args:
        report: what is told.
        dialect: of the place where it is shown.
        page_url: the address of its page, which holds all; None where there is no public one.
        most_bytes: of the text.

    Raises:
        ValueError: not even the headline fits.
    """
    blocks = [_make_block(section, report, dialect) for section in SECTIONS]
    return fit([*blocks, Block(name="its origin", head=_close(report, page_url))], most_bytes)


def _make_block(section: ModuleType, report: Report, dialect: Dialect) -> Block:
    text: str = section.render(report)
    title, _, told = text.partition("\n\n")
    if drawn := _draw(section, report, dialect):
        table, _, rest = told.partition("\n\n")
        text = "\n\n".join(filter(None, [title, drawn, _fold(table, dialect), rest]))
    elif section is scope and dialect.fence and not dialect.plots and (shares := mermaid.draw_shares(report)):
        text = f"{text}\n\n{_fence(shares, dialect.fence)}"
    return Block(name=title.strip("# ").lower()[:_MOST_NAME_CHARACTERS], head=text)


def _draw(section: ModuleType, report: Report, dialect: Dialect) -> str:
    if dialect.fence and dialect.plots:
        drawn = [(draw(report), words) for draw, words in _PLOTS.get(section, ())]
        plots = [f"{_fence(plot, dialect.fence)}\n\n{words}" for plot, words in drawn if plot]
        if plots:
            return "\n\n".join(plots)
    return _BARS[section](report) if section in _BARS else ""


def _fence(diagram: str, fence: tuple[str, str]) -> str:
    return "\n".join([fence[0], diagram, fence[1]])


def _fold(table: str, dialect: Dialect) -> str:
    if not dialect.folds:
        return table
    return f"<details><summary>The figures</summary>\n\n{table}\n\n</details>"


def _close(report: Report, page_url: str | None) -> str:
    made = f"Made from the history at {minute(report.at)} UTC."
    address = find_address(page_url)
    return f"{made} [All of it, with charts]({address})" if address else made
