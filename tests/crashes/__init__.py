"""A bot that is killed between every two steps of what it does, and what the next process makes of it.

`python -m crashes` plays stories in one world and writes a `Crash` as JSON for every death. It is a program
because it forks, which a process with threads must not.
"""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

TESTS = Path(__file__).parents[1]

Seen = dict[str, list[str]]
"""What there is, by its kind: a text for each, in order, without the bot's marks and without times of day."""


class Crash(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a story, by its name, whose process was killed.

    `at` names the steps before and after, as in "GET /milestones | POST /milestones"; it is empty for the
    process that nobody killed. `quiet_seconds` is the time by the bot's clock, from the end of the killed
    process's leases, for which something waited, also for a moment that it had been put off to.
    """

    story: str
    at: str
    seen: Seen
    quiet_seconds: float


class Harm(msgspec.Struct, frozen=True):
    """How many things are missing or there once too often, and how many others have another text."""

    lost: int = 0
    doubled: int = 0
    wrong: int = 0


def harm_of(crash: Crash, unharmed: Crash) -> Harm:
    """What the death did."""
    lost = doubled = wrong = 0
    for kind in crash.seen.keys() | unharmed.seen.keys():
        now, meant = Counter(crash.seen.get(kind, ())), Counter(unharmed.seen.get(kind, ()))
        surplus = now.total() - meant.total()
        lost, doubled = lost + max(0, -surplus), doubled + max(0, surplus)
        wrong += min((now - meant).total(), (meant - now).total())
    return Harm(lost, doubled, wrong)


def play(database: str, world: str, *options: str) -> Iterator[list[Crash]]:
    """The crashes of each story; the last one is the one in which no process died.

    Args:
        database: "sqlite", or the address of a PostgreSQL database that nobody else uses.
        world: a name in `crashes.worlds.WORLDS`.
        options: those of the program, which `python -m crashes --help` tells.

    Raises:
        RuntimeError: the player itself failed; what it said is on standard error.
    """
    command = [sys.executable, "-m", "crashes", database, world, *options]
    told: list[Crash] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=TESTS) as process:
        for line in process.stdout:
            told.append(msgspec.json.decode(line, type=Crash))
            if not told[-1].at:
                yield told
                told = []
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
