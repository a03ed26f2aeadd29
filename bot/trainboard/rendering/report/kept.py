"""The text of a report where it is kept: in a work item, on a page, in a file."""

import re
from datetime import datetime

from trainboard.rendering.fit import Block, fit
from trainboard.rendering.inert import plain
from trainboard.rendering.numbers import minute

_SECTION = re.compile(r"\n\n(?=### )")
_NAME_CHARACTERS = 40


def render_report_title(sprint: str) -> str:
    """The title of the work item that holds the sprint's report; it begins with no command."""
    words = plain(sprint, 120)
    return f"{words} report" if words.startswith("Sprint ") else f"Report of {words}"


def say_final(frozen_at: datetime, sha256: str) -> str:
    """Since when the report is final, and by what it is known again."""
    return f"Final, frozen at {minute(frozen_at)} UTC, sha256 {sha256}"


def fit_report(markdown: str, max_bytes: int, ending: str = "") -> str:
    """The report in at most `max_bytes` of UTF-8, cut between its sections; `ending` stands at its head.

    Raises:
        ValueError: not even its headline fits.
    """
    headline, *sections = _SECTION.split(markdown)
    head = f"{headline}\n\n_{ending}_" if ending else headline
    blocks = [Block(name=_name(each), head=each) for each in sections]
    return fit([Block(name="headline", head=head), *blocks], max_bytes)


def _name(section: str) -> str:
    return section.partition("\n")[0].removeprefix("### ").lower()[:_NAME_CHARACTERS]
