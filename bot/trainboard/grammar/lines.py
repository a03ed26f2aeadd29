"""The lines of a comment that command something, whatever it is written in."""

import re
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from html import unescape
from itertools import islice

import msgspec

from trainboard.grammar import html, markdown

MAX_CHARACTERS = 65_536
PREFIX = "trainboard"
_MOST_GUESSES = 20

_MAYBE = re.compile(r"^[^\S\n]*+/", re.MULTILINE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_SPACE = re.compile(r"\s+")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_ZERO_WIDTH = "\u200b"  # what we write breaks mentions with it, and people copy that
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(?= |$)")


class Markup(StrEnum):
    """What a comment is written in: Azure Boards keeps HTML, all others Markdown."""

    MARKDOWN = "markdown"
    HTML = "html"


_ENDS = {Markup.MARKDOWN: re.compile(r"[\r\n]"), Markup.HTML: re.compile(r"[\r\n]|<[^<>]*>")}


class CommandLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line that may command something: `/name`, or `/trainboard name`, and what follows.

    `text` is the line with single spaces; `number` counts the comment's lines from 1. `name` is in small
    letters, empty where none stands behind `/trainboard`; `start` is where the arguments begin in `text`.
    """

    number: int
    text: str
    name: str
    start: int
    is_prefixed: bool = False

    @property
    def meaning(self) -> str:
        """The same for lines that say the same, however they are spaced and wherever they stand."""
        return f"{self.name} {self.text[self.start :]}".rstrip()


def find_command_lines(text: str, markup: Markup) -> list[CommandLine]:
    """The lines at whose beginning a command stands, in order; none of a text that is too long.

    The time grows with the length, whatever the text.
    """
    if len(text) > MAX_CHARACTERS:
        return []
    text = _unify_line_ends(text.removeprefix("\ufeff"))
    if markup is Markup.HTML:
        found = (_read(number, line) for number, line in html.list_lines(text))
    elif _MAYBE.search(text):
        found = (_read(number, _shown(line)) for number, line in markdown.list_lines(text))
    else:
        return []
    return [line for line in found if line is not None]


def list_told(text: str, markup: Markup) -> list[CommandLine]:
    """As `find_command_lines`; of a text that is too long some of what may be command lines."""
    if len(text) <= MAX_CHARACTERS:
        return find_command_lines(text, markup)
    guessed = (_read(number, line) for number, line in enumerate(_ENDS[markup].split(text), 1))
    return list(islice(filter(None, guessed), _MOST_GUESSES))


def newly_added(before: Iterable[CommandLine], after: Iterable[CommandLine]) -> list[CommandLine]:
    """The lines of `after` that `before` has not, in order; of equal ones so many as came to it.

    A line that moved, or was spaced or prefixed differently, is the one that it was.
    """
    old = Counter(line.meaning for line in before)
    added = []
    for line in after:
        if old[line.meaning]:
            old[line.meaning] -= 1
        else:
            added.append(line)
    return added


def _read(number: int, line: str) -> CommandLine | None:
    text = _UNSTORABLE.sub("\ufffd", _SPACE.sub(" ", line).strip())
    first = _NAME.match(text, 1) if text.startswith("/") else None
    if first is None:
        return None
    is_prefixed = first[0].lower() == PREFIX
    name = _NAME.match(text, first.end() + 1) if is_prefixed else first
    end = (name or first).end()
    text = text[:end] + text[end:].replace(_ZERO_WIDTH, "")
    return CommandLine(
        number=number,
        text=text,
        name=name[0].lower() if name else "",
        start=min(end + 1, len(text)),
        is_prefixed=is_prefixed,
    )


def _shown(line: str) -> str:
    r"""A line as it is shown: entities are what they stand for, and a `\` at its end breaks it.

    An entity at its beginning makes no command: it is written so that it does not.
    """
    if not line.lstrip().startswith("/"):
        return ""
    return _ENTITY.sub(lambda entity: unescape(entity[0]), line).removesuffix("\\")


def _unify_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
