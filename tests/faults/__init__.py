"""What goes wrong around the bot, and what is lost, doubled or wrong afterwards.

Each module has the faults of one kind. A fault is a generator that is given the stage: what it does before
its `yield` breaks something, what it does after mends it. In between a team lives for an hour of its clock.
"""

import importlib
import pkgutil
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache

from faults.grounds import POSTGRESQL, SQLITE, Ground
from faults.judging import Found, compare, list_differences, look
from faults.stages import LOCAL, Stage, opened

BEFORE_MINUTES, MINUTES, AFTER_MINUTES = 7, 60, 11


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong, for teams at these `places` over these databases (`grounds`).

    `allows` are the statuses that a sender may be answered meanwhile beside 200, 202 and 503.
    """

    name: str
    act: Callable[[Stage], Iterator[None]]
    places: Collection[str]
    grounds: Collection[str]
    allows: Collection[int]


@dataclass(frozen=True)
class Outcome:
    """What became of a play.

    `quiet_seconds` are by the bot's clock, from the end of the fault; `broken` is what is not right.
    """

    acknowledged: int
    refused: int
    lost: int
    doubled: int
    wrong: int
    quiet_seconds: float
    broken: Collection[str] = ()

    @property
    def harm(self) -> int:
        """How much of it must not be."""
        return self.lost + self.doubled + self.wrong


FAULTS: list[Fault] = []


def fault(name: str, *, places=(LOCAL,), grounds=(SQLITE, POSTGRESQL), allows=()):
    """Make a generator a fault of that name."""

    def declare(act):
        FAULTS.append(Fault(name, act, places, grounds, allows))
        return act

    return declare


@cache
def list_faults() -> list[Fault]:
    """All of them, by their modules."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return FAULTS


def play(fault: Fault, place: str, ground: Ground, minutes: int = MINUTES) -> Outcome:
    """What the fault does to a team in so many minutes."""
    with opened(ground, place) as stage:
        quiet_seconds = _live(stage, contextmanager(fault.act)(stage), minutes)
        found = look(stage)
    return _judge(stage, fault, found, _play_unharmed(place, ground, minutes), quiet_seconds)


@cache
def _play_unharmed(place: str, ground: Ground, minutes: int) -> Found:
    """What comes of the same life where nothing goes wrong."""
    with opened(ground, place) as stage:
        _live(stage, nullcontext(), minutes)
        return look(stage)


def _live(stage: Stage, trouble: AbstractContextManager[None], minutes: int) -> float:
    stage.lives(BEFORE_MINUTES)
    with trouble:
        stage.lives(minutes)
    quiet_seconds = stage.comes_to_rest()
    stage.lives(AFTER_MINUTES)
    stage.comes_to_rest()
    stage.expect("it is ready at the end", stage.is_ready)
    return quiet_seconds


def _judge(stage: Stage, fault: Fault, found: Found, unharmed: Found, quiet_seconds: float) -> Outcome:
    answers = stage.bot.answers
    strange = answers.keys() - {200, 202, 503, *fault.allows}
    lost, doubled, wrong = compare(found, unharmed, stage.bot.acknowledged)
    return Outcome(
        acknowledged=len(stage.bot.acknowledged),
        refused=len(stage.bot.refused),
        lost=lost,
        doubled=doubled,
        wrong=wrong + len(stage.broken) + len(strange) + (0 if fault.allows else stage.bot.hasty),
        quiet_seconds=quiet_seconds,
        broken=(*stage.broken, *list_differences(found, unharmed)),
    )
