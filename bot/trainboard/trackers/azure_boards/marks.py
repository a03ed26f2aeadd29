"""Hidden marks in a form that Azure Boards keeps.

Nobody promises that a long field keeps HTML comments: what is HTML there is cleaned by the service and by
its editor. A link reference that nothing refers to is plain Markdown and shows nothing; where the field is
HTML, a link to a host that cannot exist carries the mark. Either is the comment again when it is read.
"""

import re
from collections.abc import Iterator
from urllib.parse import quote, unquote

END = "trainboard:end"

_MARK = re.compile(r"(\A|\n)<!-- (trainboard:[a-z0-9:= ]{1,200}) -->(?=\n|\Z)")
_DEFINITION = re.compile(
    r'(?:\A|(?<=\n)\n|(?<=\n))\[//\]: # "(trainboard:[a-z0-9:= ]{1,200})"[ \t]*(?=\r?\n|\Z)'
)
_ANCHOR = re.compile(
    r'<a\b[^<>]{0,500}\bhref="https://trainboard\.invalid/#(trainboard[A-Za-z0-9%:=._-]{1,400})"[^<>]{0,500}>'
    r".{0,200}?</a>",
    re.DOTALL,
)


def to_definitions(body: str) -> str:
    """`body` with its marks as link references, each after an empty line that is taken out again."""
    return _MARK.sub(lambda match: f'{match[1] * 2}[//]: # "{match[2]}"', body)


def from_definitions(text: str) -> str:
    """The body that `to_definitions` made `text` of; a mark to which people came close is one too."""
    return _DEFINITION.sub(r"<!-- \1 -->", text)


def to_anchor(mark: str) -> str:
    """The HTML that carries a mark, such as `trainboard:end`."""
    return f'<a href="https://trainboard.invalid/#{quote(mark, safe=":=")}">&#9652;</a>'


def split_body(body: str) -> Iterator[tuple[str, str]]:
    """The mark before each part of `body`, empty before the first, and the part."""
    yield from _split(_MARK, 2, body)


def split_html(html: str) -> Iterator[tuple[str, str]]:
    """The same of HTML with anchors."""
    for mark, part in _split(_ANCHOR, 1, html):
        yield unquote(mark), part


def _split(pattern: re.Pattern[str], group: int, text: str) -> Iterator[tuple[str, str]]:
    mark, start = "", 0
    for match in pattern.finditer(text):
        yield mark, text[start : match.start()]
        mark, start = match[group], match.end()
    yield mark, text[start:]
