"""Text from outside made harmless: it can be read, and it does nothing.

A backslash or an entity stops Markdown, but mentions, references and bare addresses are looked for
in the text that Markdown leaves behind, so only a character between their parts stops those. That
character is U+200B, which is invisible and of no width.

Source: GitHub Flavored Markdown Spec, "Autolinks (extension)"; GitHub Docs, "Autolinked references
and URLs"; Microsoft Learn, "Use Markdown in Azure DevOps".
"""

import re
from urllib.parse import quote, urlsplit

NO_NAME = "(no name)"

_ZERO_WIDTH = "\u200b"
_ELLIPSIS = "…"
_MAX_URL_CHARACTERS = 2048

# Unicode's Default_Ignorable_Code_Point, the other controls, and what UTF-8 cannot hold.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_SPACE = re.compile(r"\s+")

_BREAK = re.compile(
    r"[@#]"  # mentions, e-mail addresses, references, headings
    r"|!(?=\d)"  # pull requests of Azure Repos
    r"|(?<![a-z0-9])gh-(?=\d)"  # references
    r"|(?<=/)(?=/)"  # addresses, with or without a scheme
    r"|www(?=\.)"  # addresses: the dot may not follow, or the domain may begin with U+200B
    r"|(?<![a-z0-9])r(?=\?(?:\s|$))"  # what triagebot takes for a wish for a reviewer
    r"|%(?=%)"  # directives of Mermaid
    r"|<(?=!)",  # HTML comments, which marks are
    re.IGNORECASE,
)
_SPECIAL = re.compile(r"[\\`*\[\]|~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_LIST_NUMBER = re.compile(r"\d{1,9}[.)](?:\s|$)")
_BACKTICKS = re.compile(r"`+")

_AUTHORITY = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d+)?")
# A link to one of these is a reference too: it leaves a line on the other item, or closes it.
_REFERRING = re.compile(r"/(?:issues|pulls?|discussions|commits?|_workitems|pullrequest)/", re.IGNORECASE)


def plain(text: str, limit: int = 200) -> str:
    """`text` as one line for places without Markdown, with mentions and references broken.

    At most `limit` characters long, the invisible ones and the ellipsis included.
    """
    return _cut(_broken(_clean(text)), limit)


def inert(text: str, limit: int = 200) -> str:
    """`text` as one line of Markdown, also in a table cell, that shows its words and does nothing.

    No mention, reference, closing keyword, address, markup, HTML or mark is left, nor a command at
    the beginning. What cannot be seen is removed and white space folded. `limit` counts characters
    that are seen, the ellipsis included; the escapes come on top.

    A command that is a bare word ("bors r+") is left: where nothing of ours stands before it, use
    `inert_line`.
    """
    escaped = _escaped(_broken(_cut(_clean(text), limit)))
    if not escaped or (escaped[0].isalnum() and not _LIST_NUMBER.match(escaped)):
        return escaped
    return _ZERO_WIDTH + escaped


def inert_line(text: str, limit: int = 200) -> str:
    """`inert` for a line of its own, where also a bare word may be a command to another bot."""
    words = inert(text, limit)
    return words if words.startswith(_ZERO_WIDTH) or not words else _ZERO_WIDTH + words


def inert_code(text: str, limit: int = 200) -> str:
    """`text` as a code span, for identifiers; "" where nothing of it can be seen.

    Mentions and references are broken in here too: an answer by e-mail loses the span. In a table
    use `code_cell`.
    """
    words = _broken(_cut(_clean(text), limit))
    if not words:
        return ""
    fence = "`" * (1 + max((len(run) for run in _BACKTICKS.findall(words)), default=0))
    space = " " if words.startswith("`") or words.endswith("`") else ""
    return f"{fence}{space}{words}{space}{fence}"


def code_cell(text: str, limit: int = 200) -> str:
    r"""`inert_code` for a table cell, where a bar ends the cell also in code unless written `\|`."""
    return inert_code(text, limit).replace("|", f"{_ZERO_WIDTH}\\|")


def link(text: str, url: str | None, limit: int = 200, *, may_refer: bool = False) -> str:
    """A link that shows `text`, or the text alone where `url` is none that may be linked to.

    Text that cannot be seen shows as "(no name)". What may be linked to says `find_address`.
    """
    words = inert(text, limit) or NO_NAME
    address = find_address(url, may_refer=may_refer)
    return words if address is None else f"[{words}]({address})"


def find_address(url: str | None, *, may_refer: bool = False) -> str | None:
    """`url` as it may stand between the parentheses of a link, None where it may not be linked to.

    Not linked are other schemes than http and https, names and passwords in the address, hosts not in
    ASCII, more than 2,048 characters, and addresses of work items, pull requests and commits unless they
    `may_refer`: those that a platform told of its own things.
    """
    if not url or _clean(url) != url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not _AUTHORITY.fullmatch(parts.netloc):
        return None
    if not may_refer and _REFERRING.search(f"{parts.path}/"):
        return None
    rest = url[len(f"{parts.scheme}://{parts.netloc}") :]
    address = f"{parts.scheme}://{parts.netloc}{quote(rest, safe='/?#&=%+:,.~-_')}"
    return address if len(address) <= _MAX_URL_CHARACTERS else None


def _clean(text: str) -> str:
    return _SPACE.sub(" ", _INVISIBLE.sub("", text)).strip()


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + _ELLIPSIS


def _broken(text: str) -> str:
    return _BREAK.sub(lambda match: match[0] + _ZERO_WIDTH, text)


def _escaped(text: str) -> str:
    entities = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(lambda match: "\\" + match[0], entities)
