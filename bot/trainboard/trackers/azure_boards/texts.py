"""Long texts: Markdown as it is where the server keeps it, else HTML made of it.

What people wrote into HTML stays as it is, to the letter; the bot sees it as the Markdown that they would
have written.
"""

import re
from functools import cache

from markdown_it import MarkdownIt

from trainboard.trackers.azure_boards.escaping import check_text
from trainboard.trackers.azure_boards.html import to_markdown
from trainboard.trackers.azure_boards.marks import (
    END,
    from_definitions,
    split_body,
    split_html,
    to_anchor,
    to_definitions,
)

_FOLD = re.compile(r"^<details><summary>(.+)</summary>$|^</details>$", re.MULTILINE)


def to_stored_markdown(body: str) -> str:
    """The text of a field or a comment that is Markdown.

    Raises:
        PermanentError: it is too long.
    """
    return check_text(to_definitions(body))


def to_stored_html(body: str, stored: str = "") -> str:
    """The text of a field or a comment that is HTML and holds `stored` now.

    What the bot folds is shown open, below its title.

    Raises:
        PermanentError: it is too long.
    """
    written = {(mark, to_markdown(part)): part for mark, part in split_html(stored)}
    html = ""
    for mark, part in split_body(body):
        text = part.strip("\n")
        html += to_anchor(mark) if mark else ""
        html += written[mark, text] if (mark, text) in written else _render(text)
    return check_text(html)


def to_body(stored: str, *, is_markdown: bool) -> str:
    """The body that a field or a comment holds."""
    if is_markdown:
        return from_definitions(stored)
    body = ""
    for mark, part in split_html(stored):
        if mark:
            gap = "\n" if mark == END else "\n\n"
            body += f"{gap if body else ''}<!-- {mark} -->\n"
        body += to_markdown(part)
    return body.strip("\n")


def is_html(stored: str) -> bool:
    """Whether a description of which nobody told the format is HTML: only marks of HTML say so."""
    return any(mark for mark, _ in split_html(stored))


def _render(text: str) -> str:
    opened = _FOLD.sub(lambda fold: f"**{fold[1]}**" if fold[1] else "", text)
    return str(_parser().render(opened))


@cache
def _parser() -> MarkdownIt:
    """HTML in the text is shown as text: it is nobody's business to make elements of it."""
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
