"""The lines of running text in Markdown, as GitHub and Azure Repos show it: those of paragraphs at the top.

Blocks are told apart by a real parser, which is quick; what is within a paragraph is looked at only as far
as a command needs it. A line of dashes below a paragraph makes no heading of it here: whoever draws one below
a command wants the command.

Source: GitHub Flavored Markdown Spec; cmark-gfm for footnotes.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, fence, heading, hr, html_block, list_block, table
from markdown_it.token import Token

from trainboard.grammar.spans import list_lines_of_paragraph
from trainboard.grammar.tags import Apart, Pieces

_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,200}\]:[ \t]*")
_OF_INTEREST = re.compile(r"^\s*+/[A-Za-z]|<[A-Za-z/!?]", re.MULTILINE)
_TAB = 4
_DEEPEST_INDENT, _DEEPEST_QUOTATION = 3, 2


def list_lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line of running text that may begin with a command with its number in `text`, from 1, in order.

    Lines end with LF only.
    """
    apart = Apart()
    for token in _list_blocks(text):
        if token.type == "html_block" and not _take_html(token.content, apart):
            return
        if token.type == "paragraph" and _OF_INTEREST.search(token.content):
            first = (token.map or [0])[0] + 1
            for number, line in list_lines_of_paragraph(token.content, apart):
                if _indent(line) <= _DEEPEST_INDENT:
                    yield first + number, line


def _list_blocks(text: str) -> list[Token]:
    """The paragraphs and blocks of HTML at the top."""
    parser = _parser()
    state = _State(text.replace("\0", "\ufffd"), parser)
    parser.block.tokenize(state, state.line, state.lineMax)
    return state.tokens


class _State(StateBlock):
    """The parser's state, which makes no other tokens: that is most of the time that hard texts take."""

    def __init__(self, text: str, parser: MarkdownIt) -> None:
        super().__init__(text, parser, {}, [])
        self._other = Token("", "", 0)

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        """Note where a block begins or ends."""
        if self.level == 0 and ttype in {"paragraph", "html_block"}:
            return super().push(ttype, tag, nesting)
        self.level += nesting
        return self._other


def _take_html(block: str, apart: Apart) -> bool:
    """Note the elements that a block of HTML leaves open; False where a comment does not end in it."""
    pieces, at = Pieces(block), 0
    while (start := block.find("<", at)) >= 0:
        piece = pieces.find(start)
        if piece is None and block.startswith("<!--", start):
            return False
        if piece is not None:
            apart.take(piece)
        at = start + 1 if piece is None else piece.end
    return True


def _indent(line: str) -> int:
    """How many columns are blank before the line's words."""
    return len(line[: len(line) - len(line.lstrip(" \t"))].expandtabs(_TAB))


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table").disable("lheading")
    ruler = parser.block.ruler
    ruler.before("reference", "footnote", _read_footnote)
    ruler.at("table", _read_table)
    ruler.at("list", list_block)
    ruler.at("html_block", html_block)
    ruler.at("heading", heading)
    ruler.at("fence", fence, {"alt": ["list"]})
    ruler.at("hr", hr, {"alt": ["list"]})
    ruler.at("blockquote", _read_quotation, {"alt": ["list"]})
    ruler.at("paragraph", _read_paragraph)
    ruler.before("paragraph", "interruption", _interrupts, {"alt": ["paragraph", "reference", "blockquote"]})
    return parser


def _interrupts(state: StateBlock, line: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """A rule of the parser: true where a block begins that ends the words before it.

    It stands for all that do: by the first sign of a line it is known which to ask.
    """
    if not silent:
        return False
    start = state.bMarks[line] + state.tShift[line]
    if any(rule(state, line, end, True) for rule in _INTERRUPTING.get(state.src[start : start + 1], ())):
        return True
    return state.parentType in {"paragraph", "reference"} and table(state, line, end, True)


def _read_paragraph(state: StateBlock, first: int, end: int, silent: bool) -> bool:  # noqa: ARG001, FBT001
    """A rule of the parser: one token for a paragraph at the top, none for one in something."""
    around, state.parentType = state.parentType, "paragraph"
    state.line = _find_end(state, first)
    state.parentType = around
    if state.level == 0:
        token = state.push("paragraph", "", 0)
        token.content = state.getLines(first, state.line, state.blkIndent, False).strip()
        token.map = [first, state.line]
    return True


def _read_quotation(state: StateBlock, first: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """A rule of the parser: what is quoted for the third time is words, which go on as a paragraph does.

    The parser's own reads all lines that go on once for each quotation in a quotation.
    """
    depth = int(state.env.get("quotations", 0))
    if depth == _DEEPEST_QUOTATION and not silent:
        return False
    state.env["quotations"] = depth + 1
    is_quotation = blockquote(state, first, end, silent)
    state.env["quotations"] = depth
    return is_quotation


def _read_table(state: StateBlock, first: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """A rule of the parser: a table without its cells, which may be very many."""
    if not table(state, first, end, True):
        return False
    if not silent:
        around, state.parentType = state.parentType, "table"
        rows = range(first + 2, end)
        state.line = next((line for line in rows if _ends_table(state, line, end)), max(first + 2, end))
        state.parentType = around
    return True


def _ends_table(state: StateBlock, line: int, end: int) -> bool:
    if state.sCount[line] < state.blkIndent or state.isEmpty(line) or state.is_code_block(line):
        return True
    return any(rule(state, line, end, True) for rule in state.md.block.ruler.getRules("blockquote"))


def _find_end(state: StateBlock, first: int) -> int:
    """The line behind the paragraph that begins at `first`."""
    rules = state.md.block.ruler.getRules("paragraph")
    for line in range(first + 1, state.lineMax):
        if state.isEmpty(line):
            return line
        is_told_apart = 0 <= state.sCount[line] <= state.blkIndent + _DEEPEST_INDENT
        if is_told_apart and any(rule(state, line, state.lineMax, True) for rule in rules):
            return line
    return max(first + 1, state.lineMax)


def _read_footnote(state: StateBlock, first: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """A rule of the parser: the text of a footnote is a paragraph in something."""
    start, stop = state.bMarks[first] + state.tShift[first], state.eMarks[first]
    mark = _FOOTNOTE.match(state.src, start, stop)
    if mark is None or state.is_code_block(first):
        return False
    if not silent:
        begun = len(state.tokens)
        _read_paragraph(state, first, end, silent)
        del state.tokens[begun:]
        state.line = state.line if mark.end() < stop else first + 1
    return True


_INTERRUPTING = {
    **dict.fromkeys("`~", (fence,)),
    **dict.fromkeys("*-", (hr, list_block)),
    **dict.fromkeys("+0123456789", (list_block,)),
    "_": (hr,),
    ">": (_read_quotation,),
    "<": (html_block,),
    "#": (heading,),
    "[": (_read_footnote,),
}
