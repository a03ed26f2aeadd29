"""Boards show work items of a tracker in columns of their own. Each module here is one kind of board.

An adapter makes one call or answers one question; what was put where is known to the store.
"""

from typing import Protocol

import msgspec

from trainboard.board_layout import Layout
from trainboard.errors import PermanentError


class ClosedBoardError(PermanentError):
    """The board cannot be reached, or not be changed, whatever the item; somebody must do something."""


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A work item as it stands on the board; a value is None where nobody set one."""

    ref: str
    archived: bool = False
    iteration: str | None = None
    option: str | None = None


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """The board, and one item of its tracker there.

    `content` is the item's own ref by which the board knows it, None where there is no such item; `card` is
    None where the item is not on the board.
    """

    layout: Layout
    content: str | None = None
    card: Card | None = None


class Board(Protocol):
    """One board, for the items of one tracker.

    Raises (any method):
        ClosedBoardError: it cannot be reached or changed.
        MissingError: the card, or what it shall be given, is surely not there.
        PermanentError: this is refused for this item.
        LimitedError: slow down.
        TransientError: nothing was done.
        DoubtError: only from `add_card` and `set_values`, which may be done again.
    """

    name: str

    def get_layout(self) -> Layout:
        """What the board has now."""
        ...

    def look(self, ref: str) -> Look:
        """What the board has now, and how item `ref` of the tracker stands there."""
        ...

    def add_card(self, layout: Layout, content: str) -> str:
        """The item is on the board; answers its card. One that was there already stays as it is."""
        ...

    def set_values(
        self, layout: Layout, card: str, *, iteration: str | None = None, option: str | None = None
    ) -> None:
        """The card has that iteration and that option, by their refs; one that is None is left alone."""
        ...
