"""Work items on project boards."""

from typing import ClassVar

from trainboard.board_layout import BoardState
from trainboard.budgets import Lane
from trainboard.effects.value import EffectValue


class EnsureOnBoard(EffectValue, frozen=True, kw_only=True):
    """The project's board shows the work item, in the iteration of sprint `sprint` and as being in `state`.

    `sprint` is None for an item of no sprint, of which the iteration is left alone. What people moved on the
    board stays until one of the two is another one than it was when the board was set last.
    """

    project: str
    ref: str
    state: BoardState
    sprint: int | None = None

    lane: ClassVar[Lane] = Lane.EDIT

    @property
    def mailbox(self) -> str:
        """One card is moved serially."""
        return f"board:{self.project}/{self.ref}"

    @property
    def key(self) -> str:
        """One for each item."""
        return f"ensure-on-board:{self.project}/{self.ref}"
