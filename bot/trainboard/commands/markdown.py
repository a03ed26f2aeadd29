"""The lines of running text in Markdown, as GitHub and Azure Repos show it: those of paragraphs at the top.

Blocks are told apart by a real parser, which is quick; what is within a paragraph is looked at only as far
as a command needs it. A line of dashes below a paragraph makes no heading of it here: whoever draws one below
a command wants the command.

Source: GitHub Flavored Markdown Spec; cmark-gfm for footnotes.
"""

import re
from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock, paragraph
from markdown_it.token import Token

from trainboard.commands.spans import Paragraph
from trainboard.commands.tags import Apart, Pieces

_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,200}\]:[ \t]*")
_INDENT = re.compile(r"[ \t]*")
_TAB = 4
_DEEPEST_INDENT = 3


def list_lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line of running text with its number in `text`, from 1, in order. Lines end with LF only."""
    apart = Apart()
    tokens = _parser().parse(text)
    for before, token in zip([Token("", "", 0), *tokens], tokens, strict=False):
        if token.type == "html_block" and token.level == 0 and not _take_html(token.content, apart):
            return
        if before.type == "paragraph_open" and before.level == 0:
            first = (token.map or [0])[0] + 1
            for number, line in Paragraph(token.content, apart).list_lines():
                if _indent(line) <= _DEEPEST_INDENT:
                    yield first + number, line


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
    blank = _INDENT.match(line)
    return len(blank[0].expandtabs(_TAB)) if blank else 0


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table").disable("lheading")
    parser.core.ruler.enableOnly(["normalize", "block"])
    ends: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.block.ruler.before("reference", "footnote", _read_footnote, ends)
    return parser


def _read_footnote(state: StateBlock, first: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """A rule of the parser: the text of a footnote is a paragraph in something."""
    start, stop = state.bMarks[first] + state.tShift[first], state.eMarks[first]
    mark = _FOOTNOTE.match(state.src, start, stop)
    if mark is None or state.is_code_block(first):
        return False
    if not silent:
        begun = len(state.tokens)
        paragraph(state, first, end, silent)
        if mark.end() < stop:
            state.tokens[begun].type = "footnote_open"
        else:
            del state.tokens[begun:]
            state.line = first + 1
    return True
