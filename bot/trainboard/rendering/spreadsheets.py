"""Rows for spreadsheets, of which no cell is a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_UNSEEN = "".join(map(chr, range(32))) + "\x7f\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""What a spreadsheet may drop before it looks whether a cell is a formula."""


def render_csv(rows: Iterable[Sequence[str]]) -> str:
    """The rows as comma-separated values, a line for each."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(tuple(map(neutral, row)) for row in rows)
    return text.getvalue()


def neutral(cell: str) -> str:
    """The cell on one line, as text: spreadsheets take signs of full width for formulas too."""
    line = " ".join(cell.split())
    return f"'{line}" if line.lstrip(_UNSEEN).startswith(_FORMULA) else line
