"""Simple HTML, as people write it with an editor, as Markdown."""

import re
from html import unescape

# A tag ends before the next begins: what never ends is read once and not again from each of its signs.
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)([^<>]{0,4000})>|<![^<>]{0,4000}>")
_ATTRIBUTE = re.compile(r"""\b(href|src|alt)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))""", re.IGNORECASE)
_HEADING = re.compile("h[1-6]")
_GAPS = re.compile(r"\n{3,}")
_BLOCKS = frozenset({"blockquote", "ol", "p", "pre", "table", "ul"})
_LINES = frozenset({"div", "li", "tr"})
_AFTER = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "code": "`"}
_BEFORE = _AFTER | {"br": "\n", "li": "- ", "td": " ", "th": " ", "tr": "|"}


def to_markdown(html: str) -> str:
    """The Markdown of `html`; what Markdown has no sign for becomes its text."""
    writer, start = _Writer(), 0
    for tag in _TAG.finditer(html):
        writer.write_text(unescape(html[start : tag.start()]))
        start = tag.end()
        if tag[2]:
            (writer.end if tag[1] else writer.begin)(tag[2].lower(), tag[3])
    writer.write_text(unescape(html[start:]))
    return _GAPS.sub("\n\n", "".join(writer.pieces)).strip("\n")


class _Writer:
    """Collects Markdown in `pieces`."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._breaks = 0
        self._addresses: list[str] = []
        self._is_code = False
        self._headings = 0

    def begin(self, tag: str, attributes: str) -> None:
        """Begin a line where the tag does, and write the sign for it."""
        said = {
            each[1].lower(): unescape(each[2] or each[3] or each[4] or "")
            for each in _ATTRIBUTE.finditer(attributes)
        }
        self._break(tag)
        match tag:
            case "pre":
                self._write("```\n")
                self._is_code = True
            case "a":
                self._addresses.append(said.get("href", ""))
                self._write("[")
            case "img":
                self._write(f"![{said.get('alt', '')}]({said.get('src', '')})")
            case _ if _HEADING.fullmatch(tag):
                self._write("#" * int(tag[1]) + " ")
            case _ if not self._is_code:
                self._write(_BEFORE.get(tag, ""))

    def end(self, tag: str, _: str) -> None:
        """Write the sign that ends what the tag began, and end the line where the tag does."""
        match tag:
            case "pre":
                self._is_code = False
                self._write("```" if self._breaks else "\n```")
            case "a" if self._addresses:
                self._write(f"]({self._addresses.pop()})")
            case "td" | "th":
                self._write(" |")
                self._headings += tag == "th"
            case "tr" if self._headings:
                self._write("\n|" + " --- |" * self._headings)
                self._headings = 0
            case _ if not self._is_code:
                self._write(_AFTER.get(tag, ""))
        self._break(tag)

    def write_text(self, text: str) -> None:
        """Text is text; the blank between two blocks is none."""
        if text.strip() or self._is_code or ("\n" not in text and not self._breaks):
            self._write(text)

    def _break(self, tag: str) -> None:
        wanted = 2 if tag in _BLOCKS or _HEADING.fullmatch(tag) else int(tag in _LINES)
        if self.pieces:
            self._write("\n" * (wanted - self._breaks))

    def _write(self, text: str) -> None:
        if text:
            self.pieces.append(text)
            breaks = len(text) - len(text.rstrip("\n"))
            self._breaks = breaks + (self._breaks if breaks == len(text) else 0)
