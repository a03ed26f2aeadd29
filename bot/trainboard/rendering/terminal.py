"""Text from outside on a terminal: it may hold anything, and must not steer it."""

import re
import unicodedata
from collections.abc import Sequence

_STEERING = re.compile(r"[^\n\t\x20-\x7e\xa0-\U0010ffff]")
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_SECRETS = re.compile(
    r"gh[oprsu]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|whsec_[A-Za-z0-9+/=]{20,}"
    r"|(?i:bearer|basic) [A-Za-z0-9._~+/=-]{16,}"
    r"|(?<![\w-])(?=[\w-]*?eyJ[\w-]{10})[\w-]++\.[\w-]++\.[\w-]++"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
)
_HIDDEN = "[secret]"


def make_printable(text: str) -> str:
    """`text` with every character that a terminal acts upon, or does not show, as its escape.

    Line ends and tabs stay. What looks like a credential is left out.
    """
    hidden = hide_secrets(text)
    if hidden.isascii() and not _STEERING.search(hidden):
        return hidden
    return "".join(map(_printable, hidden))


def hide_secrets(text: str) -> str:
    """`text` without what looks like a credential."""
    return _SECRETS.sub(_HIDDEN, text)


def make_line(text: str) -> str:
    """The same as one line."""
    return " ".join(make_printable(text).split())


def render_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their longest text, one line for each row."""
    lines = [list(header), *([make_line(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = ("  ".join(map(str.ljust, line, widths)) for line in lines)
    return "\n".join(line.rstrip() for line in padded)


def _printable(character: str) -> str:
    if character in "\n\t" or unicodedata.category(character) not in _UNSEEN:
        return character
    return character.encode("unicode_escape").decode()
