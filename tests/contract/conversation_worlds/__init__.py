"""Worlds in which people write comments: each module here opens one kind."""

import pkgutil
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from importlib import import_module
from typing import Protocol

import pytest

from trainboard.approvals import Person
from trainboard.comments import Reaction, Role
from trainboard.conversations import Conversation
from trainboard.triggers import Origin


class World(Protocol):
    """An item on which Ana writes, and Ben, who may be given any of `roles`, the least first.

    `team` is one that nobody is in, `lost_team` one that is not there, `foreign_team` a name that teams have
    on another platform; all three are None where there are no teams. `reactions` are those that can be seen
    there. `tells_editors` is whether a comment says who edited it.
    """

    conversation: Conversation
    origin: Origin
    ana: Person
    ben: Person
    roles: Sequence[Role]
    team: str | None
    lost_team: str | None
    foreign_team: str | None
    reactions: Sequence[Reaction]
    tells_editors: bool

    @property
    def now(self) -> datetime:
        """The time there."""
        ...

    def writes(self, text: str, *, elsewhere: bool = False) -> str:
        """Ana comments on the item, or on another one. Returns the comment's ref."""
        ...

    def edits(self, comment: str, text: str) -> None:
        """She changes the comment's text."""
        ...

    def deletes(self, comment: str) -> None:
        """She deletes it."""
        ...

    def gives_role(self, person: Person, role: Role) -> None:
        """The person is that there now."""
        ...

    def puts_into_team(self, person: Person) -> None:
        """The person is in the team now."""
        ...

    def puts_below_team(self, person: Person) -> None:
        """The person is in a team or group that is in the team."""
        ...

    def takes_out_of_team(self, person: Person) -> None:
        """The person is not in it any more."""
        ...

    def hides_teams(self) -> None:
        """We may not see who is in a team, or in the groups in it."""
        ...

    def reactions_of(self, comment: str) -> list[str]:
        """What the bot reacted with, in order."""
        ...

    def lose_answer(self) -> None:
        """The next comment is made, and nobody tells so."""
        ...

    def outage(self) -> AbstractContextManager[None]:
        """Inside the `with` the platform cannot be reached."""
        ...


def list_worlds() -> list[pytest.param]:
    """The opener of each world."""
    names = [info.name for info in pkgutil.iter_modules(__path__)]
    return [pytest.param(import_module(f"{__name__}.{name}").open_world, id=name) for name in names]
