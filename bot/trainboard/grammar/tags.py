"""The tags and comments of HTML in a text, each found in one look, however the text was made to be hard.

The standard library's parser takes 24 s for 64 KiB of tags that do not end; this one reads them once.

Source: CommonMark Spec 0.31.2, "Raw HTML"; HTML Standard, "Tokenization".
"""

import re
from collections import Counter
from typing import NamedTuple

_TAG = re.compile(r"""<(/?)([A-Za-z][A-Za-z0-9-]*+)((?:"[^"]*"|'[^']*'|[^"'<>])*+)>""")
_EMPTY_COMMENT = re.compile(r"<!--(?:-?>)")
_ENDS = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>", "<!": ">"}

# What stands in one of these is shown as no running text, or is not shown.
_APART = re.compile(
    "a|blockquote|code|dd|del|details|dl|dt|h[1-6]|kbd|li|ol|pre|q|s|samp|script|strike|style|summary|svg|"
    "table|tbody|td|template|textarea|tfoot|th|thead|title|tr|tt|ul"
)


class Piece(NamedTuple):
    """A tag, or what is not shown at all: then `name` is empty. Offsets into the text; `end` is exclusive."""

    start: int
    end: int
    name: str = ""
    closes: bool = False
    attributes: str = ""


class Pieces:
    """The pieces of one text. Looking at each `<` of it in turn reads the text a fixed number of times."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._next: dict[str, int] = {}

    def find(self, start: int) -> Piece | None:
        """The piece that begins with the `<` at `start`; None: that is no more than a sign."""
        if tag := _TAG.match(self._text, start):
            return Piece(start, tag.end(), tag[2].lower(), tag[1] == "/", tag[3])
        if empty := _EMPTY_COMMENT.match(self._text, start):
            return Piece(start, empty.end())
        for begin, end in _ENDS.items():
            if self._text.startswith(begin, start):
                found = self._find_next(end, start + len(begin))
                return None if found < 0 else Piece(start, found + len(end))
        return None

    def _find_next(self, sign: str, start: int) -> int:
        """Where `sign` comes next; remembered, so that many who wait for one end do not all look for it."""
        known = self._next.get(sign)
        if known is None or 0 <= known < start:
            known = self._next[sign] = self._text.find(sign, start)
        return known


class Apart:
    """Which elements stand open that hold no running text: quotations, code, lists, links and the like."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._counts: Counter[str] = Counter()

    def __bool__(self) -> bool:
        return bool(self._open)

    def take(self, piece: Piece) -> None:
        """Note a tag. An end closes what was left open within; one that ends nothing is passed over."""
        if not _APART.fullmatch(piece.name) or _is_anchor(piece):
            return
        if not piece.closes:
            self._open.append(piece.name)
            self._counts[piece.name] += 1
        while piece.closes and self._counts[piece.name]:
            closed = self._open.pop()
            self._counts[closed] -= 1
            if closed == piece.name:
                return


def _is_anchor(piece: Piece) -> bool:
    """True for a place that links lead to, which nobody closes."""
    return piece.name == "a" and not piece.closes and "href" not in piece.attributes.lower()
