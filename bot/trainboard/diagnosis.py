"""What a look at the installation finds."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Protocol, runtime_checkable

import msgspec


class Grade(StrEnum):
    """Whether something must be done: not at all, perhaps, or surely."""

    OK = "ok"
    NOTE = "note"
    FAILING = "failing"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was found; `fix` says what to do, and is empty where there is nothing to do.

    `check` is the name of the check that found it.
    """

    check: str = ""
    grade: Grade = Grade.OK
    message: str
    fix: str = ""


@runtime_checkable
class Examinable(Protocol):
    """Something outside of our database, which can say whether it lets us in."""

    def examine(self) -> Iterator[Finding]:
        """What stands in the way of the bot's work. Few calls, none of which changes anything."""
        ...


def note(message: str, fix: str) -> Finding:
    """Something to know."""
    return Finding(grade=Grade.NOTE, message=message, fix=fix)


def failing(message: str, fix: str) -> Finding:
    """Something to mend."""
    return Finding(grade=Grade.FAILING, message=message, fix=fix)
