"""The lines of running text in HTML, as the editor of Azure Boards stores what people write.

Lines are what a browser would show as lines. Lists, tables, quotations, code and headings hold none. A
mention becomes `@<id>`, which is how it is written in Markdown there.

Source: Microsoft Learn, "Work Item Comments"; what the editor stores was recorded.
"""

import re
from collections.abc import Iterator
from html import unescape

from trainboard.grammar.tags import Apart, Piece, Pieces

_BREAKS = re.compile(
    "address|article|aside|blockquote|br|center|dd|details|div|dl|dt|fieldset|figure|footer|form|h[1-6]|header|"
    "hr|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul"
)
_CODE = frozenset({"code", "kbd", "samp", "tt"})
_MENTION = re.compile(
    r"""\bdata-vss-mention\s*=\s*["']?version:2\.0,\{?([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})"""
)
_SPACE = re.compile(r"\s+")


def list_lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line of running text with its number among the lines that are shown, from 1, in order."""
    writer, pieces, at = _Writer(), Pieces(text), 0
    while (start := text.find("<", at)) >= 0:
        writer.write(unescape(text[at:start]))
        piece = pieces.find(start)
        if piece is None and text.startswith("<!--", start):
            at = len(text)
        elif piece is None:
            writer.write("<")
            at = start + 1
        else:
            writer.take(piece)
            at = piece.end
    writer.write(unescape(text[at:]))
    writer.end_line()
    yield from writer.lines


class _Writer:
    """Collects in `lines` what is running text."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, str]] = []
        self._apart = Apart()
        self._words: list[str] = []
        self._is_apart = False
        self._is_named = False
        self._number = 0

    def take(self, piece: Piece) -> None:
        """Begin a line where the tag does, and write a mention in the place of its name."""
        if _BREAKS.fullmatch(piece.name):
            self.end_line()
        self._apart.take(piece)
        if piece.name == "a":
            self._take_link(piece)
        elif piece.name in _CODE and self._words:
            self._words.append("`")

    def write(self, text: str) -> None:
        """Text is text; where a line begins decides whether it is running text."""
        shown = "" if self._is_named else _SPACE.sub(" ", text)
        if not self._words:
            shown = shown.lstrip()
            self._is_apart = bool(self._apart)
        if shown:
            self._words.append(shown)

    def end_line(self) -> None:
        """The line is complete."""
        if self._words:
            self._number += 1
        if self._words and not self._is_apart:
            self.lines.append((self._number, "".join(self._words)))
        self._words.clear()

    def _take_link(self, piece: Piece) -> None:
        self._is_named = False
        if not piece.closes and (mention := _MENTION.search(piece.attributes)):
            self.write(f"@<{mention[1]}>")
            self._is_named = True
