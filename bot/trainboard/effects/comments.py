"""What people command in comments, and what they are answered."""

from typing import ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from trainboard.budgets import Lane
from trainboard.comments import Hint
from trainboard.effects.value import EffectValue
from trainboard.fingerprints import fingerprint
from trainboard.triggers import Origin
from trainboard.work_items import ClosedAs, ItemState


class ObeyComment(EffectValue, frozen=True, kw_only=True):
    """What the comment commands is in the inbox, as its platform shows it, or it commands nothing."""

    project: str
    hint: Hint

    lane: ClassVar[Lane] = Lane.COMMAND
    longest_pause_seconds: ClassVar[float] = 60.0

    @property
    def mailbox(self) -> str:
        """What is said on one item is read in its order."""
        return f"obey:{self.hint.origin.place}#{self.hint.origin.ref}"

    @property
    def key(self) -> str:
        """One comment, and what was added to it."""
        added = fingerprint(*self.hint.lines)
        return f"obey-comment:{self.hint.origin.place}#{self.hint.origin.ref}/{self.hint.comment}/{added}"


class FindComments(EffectValue, frozen=True, kw_only=True):
    """Comments in `place` of which nobody told are in the inbox, as far as they may command something."""

    place: str

    chore: ClassVar[bool] = True
    longest_pause_seconds: ClassVar[float] = 300.0

    @property
    def mailbox(self) -> str:
        """One look at one place at a time."""
        return f"find-comments:{self.place}"

    @property
    def key(self) -> str:
        """One for each place."""
        return f"find-comments:{self.place}"


class AnswerComment(EffectValue, frozen=True, kw_only=True):
    """A reaction to the comment, and a comment of ours where that says too little, show what came of it.

    It carries no text: that is made from the store when the effect is applied.
    """

    project: str
    origin: Origin
    comment: str

    lane: ClassVar[Lane] = Lane.COMMAND
    longest_pause_seconds: ClassVar[float] = 300.0

    @property
    def mailbox(self) -> str:
        """Each comment is answered by itself."""
        return f"answer:{self.origin.place}#{self.origin.ref}/{self.comment}"

    @property
    def key(self) -> str:
        """One comment."""
        return f"answer-comment:{self.origin.place}#{self.origin.ref}/{self.comment}"


class ItemEdit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What to change of a work item; what is left out stays.

    `sprint` is the number of a sprint of the project, None takes the item out of its sprint; `iteration` is
    the ref of one in the tracker, for a sprint that is none of the project's. `assign` and `unassign` are
    names of people beside whom all others stay.
    """

    state: ItemState | UnsetType = UNSET
    closed_as: ClosedAs = "done"
    sprint: int | UnsetType | None = UNSET
    iteration: str | UnsetType | None = UNSET
    assignees: tuple[str, ...] | UnsetType = UNSET
    assign: tuple[str, ...] = ()
    unassign: tuple[str, ...] = ()
    add_labels: tuple[str, ...] = ()
    remove_labels: tuple[str, ...] = ()
    priority: int | UnsetType = UNSET
    estimate: float | UnsetType | None = UNSET


class _CommandedOfItem(EffectValue, frozen=True, kw_only=True):
    """Something of a work item that somebody commanded. `asked` is the command's key."""

    project: str
    origin: Origin
    asked: str

    lane: ClassVar[Lane] = Lane.COMMAND
    longest_pause_seconds: ClassVar[float] = 300.0

    @property
    def mailbox(self) -> str:
        """What is commanded of one item is done in its order."""
        return f"edit:{self.origin.place}#{self.origin.ref}"


class EditItem(_CommandedOfItem, frozen=True, kw_only=True):
    """The work item is as somebody commanded, or they are told why not."""

    edit: ItemEdit

    @property
    def key(self) -> str:
        """One for each command."""
        return f"edit-item:{self.asked}"


class MakePart(_CommandedOfItem, frozen=True, kw_only=True):
    """One part of the work item stands below it, or whoever split it is told why not.

    `place` is which of its parts it is, from 0.
    """

    place: int
    title: str

    @property
    def key(self) -> str:
        """One for each part."""
        return f"make-part:{self.asked}/{self.place}"
