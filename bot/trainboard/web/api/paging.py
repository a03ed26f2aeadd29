"""Pages of long lists. A cursor says after which row the next page begins, so that new rows move nothing."""

import base64
import binascii
from datetime import UTC, datetime
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta
from werkzeug.exceptions import BadRequest

from trainboard.fingerprints import fingerprint

MOST = 100
USUAL = 50

Position = TypeVar("Position")
RowNumber = Annotated[int, Meta(ge=0, le=2**63 - 1)]


class Paged(msgspec.Struct, frozen=True, kw_only=True):
    """What every list that has pages is asked by."""

    limit: Annotated[int, Meta(ge=1, le=MOST, description="How many at most.")] = USUAL
    cursor: (
        Annotated[
            str,
            Meta(
                min_length=1,
                max_length=500,
                pattern="^[A-Za-z0-9_-]+$",
                description="Where to go on: the `next` of the page before, with the same other parameters.",
            ),
        ]
        | None
    ) = None


def make_cursor(asked: Paged, position: object) -> str:
    """The cursor to what stands after `position`. It is good for the same question only."""
    told = msgspec.json.encode((_name(asked), position))
    return base64.urlsafe_b64encode(told).rstrip(b"=").decode()


def read_cursor(asked: Paged, shape: type[Position]) -> Position | None:
    """The position in the request's cursor, None where it has none.

    Raises:
        BadRequest: it is none of ours, or was given for another question.
    """
    if asked.cursor is None:
        return None
    try:
        told = base64.urlsafe_b64decode(asked.cursor + "=" * (-len(asked.cursor) % 4))
        question, position = msgspec.json.decode(told, type=tuple[str, shape])  # type: ignore[valid-type]
        _check_times(position)
    except (binascii.Error, ValueError, OverflowError):
        raise BadRequest("The parameter cursor is none that this address gave.") from None
    if question != _name(asked):
        raise BadRequest("The parameter cursor was given with other parameters than these.")
    return position


def _check_times(position: object) -> None:
    """Raises OverflowError: a time of the position is out of the calendar in UTC."""
    parts = msgspec.structs.astuple(position) if isinstance(position, msgspec.Struct) else position
    for part in parts if isinstance(parts, tuple) else ():
        if isinstance(part, datetime):
            part.astimezone(UTC)


def _name(asked: Paged) -> str:
    """Names the question: the same for all its pages, whatever their size."""
    question = msgspec.structs.replace(asked, limit=USUAL, cursor=None)
    return fingerprint(type(asked).__qualname__, msgspec.json.encode(question).decode())[:8]
