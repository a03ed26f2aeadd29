"""Markdown of work items as HTML that can do nothing but be read.

HTML in the text is shown as text, comments are hidden as GitHub hides them, links lead to http and
https only, and images stay links: a page loads nothing from elsewhere.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from trainboard.web.formats import web_url

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HIGHEST_HEADING = 3


def render_markdown(text: str, *, breaks: bool = False) -> Markup:
    """`text` as HTML to put into a page as it is; its headings begin at the third level.

    With `breaks` a line ends where it was ended, as in comments.
    """
    parser = _parser(breaks)
    tokens = list(_tame(parser.parse(text)))
    return Markup(parser.renderer.render(tokens, parser.options, {}))  # noqa: S704  no token holds HTML


@cache
def _parser(breaks: bool) -> MarkdownIt:  # noqa: FBT001
    """Knows HTML, so that comments can be told from text; `_tame` makes text of it."""
    options = {"html": True, "breaks": breaks}
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough"]).disable("image")
    parser.validateLink = lambda url: web_url(url) is not None  # type: ignore[method-assign]
    return parser


def _tame(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.children:
            token.children = list(_tame(token.children))
        match token.type:
            case "html_block" | "html_inline":
                token.type, token.content = "text", _COMMENT.sub("", token.content)
            case "link_open":
                token.attrSet("rel", "noreferrer noopener nofollow")
            case "heading_open" | "heading_close":
                token.tag = f"h{max(_HIGHEST_HEADING, int(token.tag[1]))}"
            case "th_open" | "td_open":
                token.attrs = _cell_attributes(token)
            case "table_open":
                yield Token("scroll_open", "div", 1, attrs={"class": "scroll", "tabindex": "0"})
        yield token
        if token.type == "table_close":
            yield Token("scroll_close", "div", -1)


def _cell_attributes(token: Token) -> dict[str, str | int | float]:
    """A cell's alignment as a class: the pages allow no style in attributes."""
    attributes: dict[str, str | int | float] = {"scope": "col"} if token.tag == "th" else {}
    return attributes | ({"class": "amount"} if "right" in str(token.attrGet("style")) else {})
