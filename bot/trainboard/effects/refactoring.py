"""The work items in which teams make scripts of notebooks."""

from typing import ClassVar

from trainboard.budgets import Lane
from trainboard.effects.value import EffectValue
from trainboard.fingerprints import fingerprint


class _OfNotebook(EffectValue, frozen=True, kw_only=True):
    """Something of the work item of the notebook at `path` in repository `code`."""

    project: str
    code: str
    path: str

    @property
    def mailbox(self) -> str:
        """One work item is worked on serially, whoever asks for it and wherever."""
        return f"refactoring:{self.project}/{fingerprint(self.code.casefold(), self.path)}"


class AskRefactoring(_OfNotebook, frozen=True, kw_only=True):
    """The notebook has an open work item in sprint `number`, or whoever asked for it is told why not.

    `asked` is the command's key, `pull_request` where it was given. Where `undoes` is the key of an earlier
    command, the item is closed again instead, if that one made it.
    """

    asked: str
    pull_request: int
    number: int
    undoes: str = ""

    lane: ClassVar[Lane] = Lane.COMMAND
    longest_pause_seconds: ClassVar[float] = 300.0

    @property
    def key(self) -> str:
        """One for each command."""
        return f"ask-refactoring:{self.asked}"


class EnsureRefactoring(_OfNotebook, frozen=True, kw_only=True):
    """The notebook's work item, if it has one, shows its figures, and is closed once the work is over."""

    lane: ClassVar[Lane] = Lane.EDIT
    paced: ClassVar[bool] = True
    longest_pace_seconds: ClassVar[float] = 60.0

    @property
    def key(self) -> str:
        """One for each notebook."""
        return f"ensure-{self.mailbox}"
