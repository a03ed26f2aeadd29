"""Webhooks of a platform that are ours: whether they work, and how they are made to work again."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

import msgspec

from trainboard.ledgers import Ledger


class HookState(StrEnum):
    """How a hook stands. What happens while it does not work never reaches us.

    `failing`: the platform tries it now and then; `stopped`: the platform gave it up; `wrong`: it asks
    for something else than we read; `missing`: it is not there. `switched off`: people did that.
    """

    WORKING = "working"
    FAILING = "failing"
    STOPPED = "stopped"
    WRONG = "wrong"
    MISSING = "missing"
    SWITCHED_OFF = "switched off"


REPAIRABLE = frozenset({HookState.FAILING, HookState.STOPPED, HookState.WRONG, HookState.MISSING})
"""What we mend by ourselves."""


class Hook(msgspec.Struct, frozen=True, kw_only=True):
    """One hook, whose `name` tells it from others of its `place`.

    `id` is the platform's, None if it is missing; `detail` says more of a state that is not `working`, as
    a sentence.
    """

    place: str
    name: str
    state: HookState
    id: str | None = None
    detail: str = ""


class Hooks(Ledger, Protocol):
    """The hooks that one source is fed by. Its memory holds what was refused, and what changed besides."""

    def list_all(self) -> Sequence[Hook]:
        """Each hook that we need, whether it is there or not.

        Raises:
            TrainboardError: the platform does not tell.
        """
        ...

    def repair(self, hook: Hook) -> Hook:
        """Make the hook work, or make it anew; as it stands then.

        Raises:
            DoubtError: it may have been done: list again.
            PermanentError: we may not, and a sentence says who may.
        """
        ...
