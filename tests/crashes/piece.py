"""What is played: a story in a world, over a database."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from crashes import Crash
from crashes.seen import see
from crashes.steps import Steps

MakeSteps = Callable[[Callable[[str], None]], Steps]
"""Makes the steps of a process that dies in them; they are told whom to tell where it dies."""


@dataclass(frozen=True)
class Piece:
    """A story, and how its processes die.

    Args:
        world: where it is played, one of `crashes.worlds`.
        story: a module of `crashes.stories`.
        address: of a database that nobody else uses, and that is empty.
        beside_writes: they die only just before and just after something is written for people to see.
    """

    world: Any
    story: Any
    address: str
    beside_writes: bool = False

    def dying_at(self, step: int) -> MakeSteps:
        """Steps of a process that dies before that one, from 1."""
        return partial(Steps, step, beside_writes=self.beside_writes)

    def crash(self, team: Any, address: str, at: str, quiet_seconds: float) -> Crash:
        """What became of it, in the database at `address`."""
        name = self.story.__name__.rpartition(".")[2]
        return Crash(story=name, at=at, seen=see(self.world, team, address), quiet_seconds=quiet_seconds)
