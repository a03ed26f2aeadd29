"""Text of strangers that is shown: in Markdown, pages, terminals, spreadsheets, diagrams and links."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt

from fakes.foreign_bots import COMMANDS, TRACKERS, WORDS, list_hits
from fakes.hostile import LINES, MARKS, list_harms, show
from fuzz import Target, to_text
from trainboard.rendering.inert import code_cell, find_address, inert, inert_code, inert_line, link, plain
from trainboard.rendering.report.mermaid import quote
from trainboard.rendering.spreadsheets import render_csv
from trainboard.rendering.terminal import make_line, make_printable
from trainboard.web.markdown import render_markdown

ZERO_WIDTH = "\u200b"
LIMIT = 200
WORDS_ONLY = {"text", "text_special"}
CELLS = "| a | b |\n| --- | --- |\n| {} | x |"
TAG = re.compile(r"</?([a-z0-9]+)((?: [a-z]+=\"[^\"<>]*\")*)\s*/?>")
TAGS = {"p", "a", "code", "pre", "ul", "ol", "li", "h3", "h4", "h5", "h6", "em", "strong", "s", "hr", "br"}
TAGS |= {"blockquote", "div", "table", "thead", "tbody", "tr", "th", "td"}


def check_inert(data: bytes) -> None:
    """Nothing of a text is Markdown, a mention, a reference, an address or a command; it keeps its limit."""
    text = to_text(data)
    words, code = inert(text), inert_code(text)
    blocks, inlines = list_tokens(f"x {words}")
    assert blocks == ["paragraph_open", "inline", "paragraph_close"]
    assert inlines <= WORDS_ONLY
    assert list_tokens(words)[0] in ([], ["paragraph_open", "inline", "paragraph_close"])
    assert list_tokens(words)[1] <= WORDS_ONLY
    assert list_tokens(code)[1] <= {"code_inline"}
    for cell in (words, code_cell(text)):
        assert list_tokens(CELLS.format(cell))[0].count("inline") == 4
    assert [] == list_harms(inert_line(text))
    for shown in (words, f"x {code}", link(text, None), "x: " + plain(text)):
        assert [] == list_hits(TRACKERS | COMMANDS, shown) + list_hits(TRACKERS, show(shown))
        assert "<!--" not in shown
        assert not [sign for sign in shown if unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"}]
        shown.encode()
    assert [] == list_hits(WORDS, inert_line(text)) + list_hits(COMMANDS, show(words))
    assert len(read(words).replace(ZERO_WIDTH, "")) <= LIMIT
    assert len(plain(text)) <= LIMIT
    check_elsewhere(text)


def check_elsewhere(text: str) -> None:
    """Nor does it steer a terminal, is a formula of a spreadsheet, or ends a text of Mermaid."""
    assert [] == [sign for sign in make_printable(text) if sign not in "\n\t" and not is_seen(sign)]
    assert len(make_line(text).splitlines()) <= 1
    [[cell, _]] = csv.reader(io.StringIO(render_csv([[text, "x"]])))
    assert not cell.lstrip(" \u200b").startswith(("=", "+", "-", "@", "|", "%"))
    quoted = quote(text)
    assert ('"', '"', 2) == (quoted[0], quoted[-1], quoted.count('"'))
    assert not re.search(r"%%\{|```|:::|\n", quoted)


def check_page(data: bytes) -> None:
    """Each angle bracket of a page belongs to an element of ours, and links lead to the web only."""
    text = to_text(data)
    for breaks in (False, True):
        html = str(render_markdown(text, breaks=breaks))
        assert {match[1] for match in TAG.finditer(html)} <= TAGS
        assert not re.search("[<>]", TAG.sub("", html))
        assert all(re.match(r"(?i)https?://|\Z", url) for url in re.findall(r'href="([^"]*)"', html))
    address = find_address(text)
    if address is not None:
        assert re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+(?:[/?#][A-Za-z0-9/?#&=%+:,.~_-]*)?", address)
        assert {"link_open", "text", "link_close"} == list_tokens(f"[x]({address})")[1]


def is_seen(sign: str) -> bool:
    """True for what shows."""
    return unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def list_tokens(text: str) -> tuple[list[str], set[str]]:
    """The kinds of blocks and of inline elements in Markdown."""
    blocks = parser().parse(text)
    return [each.type for each in blocks], {child.type for each in blocks for child in each.children or ()}


def read(text: str) -> str:
    """The words of a line of Markdown as they are shown."""
    return "".join(child.content for each in parser().parse(text) for child in each.children or ())


@cache
def parser() -> MarkdownIt:
    """Markdown as the platforms know it, but for what they look for in words."""
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def list_texts() -> Iterator[bytes]:
    """Lines that command, mention and refer."""
    yield from (line.encode() for line in LINES)
    yield b"| a | b |\n|---|--:|\n| <b>x</b> | `y` |\n\n# x\n\n[a](javascript:x) ![b](http://x/y) <!-- c -->"


def list_addresses() -> Iterator[bytes]:
    """Markdown, HTML and addresses."""
    yield from list_texts()
    yield from (b"https://a.b/c?d=e#f", b"http://[::1]:8080/x", b"https://u:p@a.b/", b"https://a.b/issues/1")


WORDS_PUT_IN = (
    *MARKS.split(" "),
    *["\u200b", "\u202e", "\ufeff", "\u2028", "\x85", "\x1b"],
    "\ufe0f",
    "\n",
    "=",
    "javascript:",
)
TARGETS = [
    Target(name="inert", check=check_inert, seeds=list_texts, words=WORDS_PUT_IN),
    Target(name="pages", check=check_page, seeds=list_addresses, words=WORDS_PUT_IN),
]
