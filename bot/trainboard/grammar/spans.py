"""Which lines of a paragraph of Markdown begin in running text, found in one pass.

The parser of inline Markdown takes over a second for a comment that was made to be hard. A command needs
less: whether the beginning of its line lies in a code span, in HTML, in a link or in what is struck out.

Source: CommonMark Spec 0.31.2, "Code spans", "Raw HTML", "Links"; GitHub Flavored Markdown Spec,
"Strikethrough (extension)".
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator

from trainboard.grammar.tags import Apart, Pieces

_SIGN = re.compile(r"\\[!-/:-@\[-`{-~]|`+|~+|<|\[|\]")
_BACKTICKS = re.compile("`+")
_AUTOLINK = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]{1,31}:[^<>\x00-\x20]*>")
# The address ends before the next link could begin, so that no text is read from each of its links again.
_PART = r"""(?:\\[()]|(?!\]\()[^\s<()])"""
_LINK_END = re.compile(
    rf"""\(\s*+(?:<[^<>\n]*+>|(?:{_PART}|\({_PART}*+\))*+)"""
    r"""(?:\s++(?:"[^"]*+"|'[^']*+'|\([^()]*+\)))?+\s*+\)"""
)
_INK = re.compile(r"[^\n]")
_COMMENT = "<!--"


def list_lines_of_paragraph(text: str, apart: Apart) -> Iterator[tuple[int, str]]:
    """The lines that begin in running text, numbered from 0, without comments of HTML.

    `apart` are the elements of HTML that stand open before the paragraph, changed to those that do after it.
    """
    if _SIGN.search(text):
        return _Paragraph(text, apart).list_lines()
    return enumerate([] if apart else text.split("\n"))


class _Paragraph:
    """The text of a paragraph, and what in it is no running text."""

    def __init__(self, text: str, apart: Apart) -> None:
        self._text = text
        self._apart = apart
        self._pieces = Pieces(text)
        self._brackets: list[int] = []
        self._tildes: dict[int, list[int]] = {1: [], 2: []}
        self._closers: dict[int, list[int]] = defaultdict(list)
        for run in _BACKTICKS.finditer(text):
            self._closers[len(run[0])].append(run.start())

    def list_lines(self) -> Iterator[tuple[int, str]]:
        """See `list_lines_of_paragraph`."""
        spans, opens = self._find_spans()
        comments = [span for span in spans if self._text.startswith(_COMMENT, span[0])]
        yield from _lines(_blank(self._text, comments), _merge(spans), opens)

    def _find_spans(self) -> tuple[list[tuple[int, int]], list[tuple[int, bool]]]:
        """Stretches that are no running text, and from which offset on elements stand open or not."""
        spans: list[tuple[int, int]] = []
        opens = [(0, bool(self._apart))]
        at = 0
        while sign := _SIGN.search(self._text, at):
            span = self._read(sign[0], sign.start())
            at = sign.end() if span is None else span[1]
            if span is not None:
                spans.append(span)
            if bool(self._apart) != opens[-1][1]:
                opens.append((at, bool(self._apart)))
        return spans, opens

    def _read(self, sign: str, start: int) -> tuple[int, int] | None:
        """The stretch that `sign` begins or ends."""
        match sign[0]:
            case "`":
                return self._read_code(start, len(sign))
            case "~" if len(sign) in self._tildes:
                return self._read_struck(start, start + len(sign), self._tildes[len(sign)])
            case "<":
                return self._read_html(start)
            case "[":
                self._brackets.append(start)
            case "]" if self._brackets:
                opened = self._brackets.pop()
                if link := _LINK_END.match(self._text, start + 1):
                    return opened, link.end()
        return None

    def _read_code(self, start: int, length: int) -> tuple[int, int] | None:
        closers = self._closers.get(length, [])
        later = bisect_right(closers, start)
        return (start, closers[later] + length) if later < len(closers) else None

    def _read_struck(self, start: int, end: int, opened: list[int]) -> tuple[int, int] | None:
        """What tildes strike out that stand against its last word, as others did against its first."""
        before, after = self._text[max(0, start - 1) : start], self._text[end : end + 1]
        if opened and before.strip() and (before.isalnum() or not after.isalnum()):
            return opened.pop(), end
        if after.strip() and (after.isalnum() or not before.isalnum()):
            opened.append(start)
        return None

    def _read_html(self, start: int) -> tuple[int, int] | None:
        if link := _AUTOLINK.match(self._text, start):
            return start, link.end()
        piece = self._pieces.find(start)
        if piece is None:
            return None
        self._apart.take(piece)
        return start, piece.end


def _blank(text: str, spans: list[tuple[int, int]]) -> str:
    """`text` with spaces in the place of what stands there, line ends apart. The spans are in order."""
    parts, at = [], 0
    for start, end in spans:
        parts += [text[at:start], _INK.sub(" ", text[start:end])]
        at = end
    return "".join([*parts, text[at:]])


def _merge(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same stretches in order, with those that a link holds as part of it."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _lines(
    text: str, spans: list[tuple[int, int]], opens: list[tuple[int, bool]]
) -> Iterator[tuple[int, str]]:
    starts = [start for start, _ in spans]
    changes = [offset for offset, _ in opens]
    offset = 0
    for number, line in enumerate(text.split("\n")):
        before = bisect_right(starts, offset - 1) - 1
        is_covered = before >= 0 and spans[before][1] > offset
        if not is_covered and not opens[bisect_right(changes, offset) - 1][1]:
            yield number, line
        offset += len(line) + 1
