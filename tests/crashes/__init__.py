"""A bot that is killed between every two steps of a delivery, and what the next process makes of it.

`python -m crashes` plays it in one world and writes a `Crash` as JSON for every death. It is a program
because it forks, which a process with threads must not.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

TESTS = Path(__file__).parents[1]


class Crash(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a delivery whose process was killed.

    `at` names the steps before and after, as in "GET /milestones | POST /milestones"; it is empty for the
    process that nobody killed. `counts` tells how many there are of what there must be one of: issues,
    milestones, deliveries that are done, logged events, runs. `text` is the issue's without the bot's
    marks and the time of its writing. `quiet_seconds` is the time by the bot's clock, from the end of the
    killed process's leases, until nothing waited any more.
    """

    at: str
    counts: dict[str, int]
    text: str
    quiet_seconds: float


def play(database: str, world: str, *arguments: str) -> Iterator[Crash]:
    """Every crash in turn, and at last the process that lives.

    Args:
        database: "sqlite", or the address of a PostgreSQL database that nobody else uses.
        world: a name in `crashes.worlds.WORLDS`.
        arguments: what that world is made of.

    Raises:
        RuntimeError: the player itself failed; what it said is on standard error.
    """
    command = [sys.executable, "-m", "crashes", database, world, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=TESTS) as process:
        for line in process.stdout:
            yield msgspec.json.decode(line, type=Crash)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
