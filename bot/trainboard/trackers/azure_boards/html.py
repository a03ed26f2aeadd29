"""Simple HTML, as people write it with an editor, as Markdown."""

import re
from html.parser import HTMLParser

_HEADING = re.compile("h[1-6]")
_GAPS = re.compile(r"\n{3,}")
_BLOCKS = frozenset({"blockquote", "ol", "p", "table", "ul"})
_AROUND = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "code": "`"}


def to_markdown(html: str) -> str:
    """The Markdown of `html`; what Markdown has no sign for becomes its text."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return _GAPS.sub("\n\n", reader.text).strip("\n")


class _Reader(HTMLParser):
    """Collects Markdown in `text`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self._addresses: list[str] = []
        self._is_code = False
        self._headings = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line where the tag does, and write the sign for it."""
        said = {name: value or "" for name, value in attrs}
        self._break(tag)
        match tag:
            case "pre":
                self.text += "```\n"
                self._is_code = True
            case "li":
                self.text += "- "
            case "br":
                self.text += "\n"
            case "tr":
                self.text += "|"
            case "td" | "th":
                self.text += " "
            case "a":
                self._addresses.append(said.get("href", ""))
                self.text += "["
            case "img":
                self.text += f"![{said.get('alt', '')}]({said.get('src', '')})"
            case _ if _HEADING.fullmatch(tag):
                self.text += "#" * int(tag[1]) + " "
            case _ if not self._is_code:
                self.text += _AROUND.get(tag, "")

    def handle_endtag(self, tag: str) -> None:
        """Write the sign that ends what the tag began, and end the line where the tag does."""
        match tag:
            case "pre":
                self._is_code = False
                self.text = self.text.rstrip("\n") + "\n```"
            case "a" if self._addresses:
                self.text += f"]({self._addresses.pop()})"
            case "td" | "th":
                self.text += " |"
                self._headings += tag == "th"
            case "tr" if self._headings:
                self.text += "\n|" + " --- |" * self._headings
                self._headings = 0
            case _ if not self._is_code:
                self.text += _AROUND.get(tag, "")
        self._break(tag)

    def handle_data(self, data: str) -> None:
        """Text is text; the blank between two blocks is none."""
        if data.strip() or self._is_code or not self.text.endswith("\n"):
            self.text += data if data.strip() or "\n" not in data else ""

    def _break(self, tag: str) -> None:
        wanted = 2 if tag in _BLOCKS or tag == "pre" or _HEADING.fullmatch(tag) else 0
        wanted = 1 if tag in {"div", "li", "tr"} else wanted
        if self.text:
            self.text += "\n" * max(0, wanted - (len(self.text) - len(self.text.rstrip("\n"))))
