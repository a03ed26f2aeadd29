"""Kill the bot between every two steps of whatever it does; what is lost, doubled or wrong?

A step is a commit or a call of an API. Each process that was killed is followed by another one, which does
what is left. Processes alone go by a clock that is moved on when they rest: their seconds begin with the end
of the killed one's leases, and what is put off on purpose takes them without a death too. `serve`, `web`,
`worker` and `scheduler` are as an operator starts them: their seconds are yours, with the leases.
"""

import argparse
from contextlib import ExitStack
from typing import NamedTuple

import databases
import pytest

from crashes import Crash, harm_of, play
from crashes.crews import APART
from crashes.stories import STORIES
from peers.emulate import running_emulate

WORLDS = ("local", "github", "azure-devops", "emulate")
SHORTEST = "run_updates_item"
IN_EARNEST = (SHORTEST, "run_makes_item", "alert_opens_bug")


class Part(NamedTuple):
    """What is played together: these stories, or all; `options` are further ones of the player."""

    database: str
    world: str
    dies: str = "process alone"
    stories: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The beginning of its rows."""
        return f"{self.database}, {self.world}, {self.dies}"


def main():
    """Play every story in every world on every database, and end with 1 if anything was harmed."""
    options = read_options()
    parts = [part for part in list_parts(quick=options.quick) if part.title.startswith(options.only)]
    print_row("", "kills", "lost", "doubled", "wrong", "quiet after", "unharmed")
    with ExitStack() as stack:
        needs = {part.database for part in parts}, {part.world for part in parts}
        server = stack.enter_context(databases.postgresql_server()) if "PostgreSQL" in needs[0] else None
        emulate = start_emulate(stack) if "emulate" in needs[1] else None
        harm = 0
        for part in parts:
            if (server or part.database == "SQLite") and (emulate or part.world != "emulate"):
                harm += play_part(part, server, emulate, options)
    raise SystemExit(harm > 0)


def read_options():
    """What is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="SQLite, no emulate, and kills beside writes only"
    )
    parser.add_argument("--steps", action="store_true", help="a row for each kill")
    parser.add_argument("--stories", nargs="*", choices=sorted(STORIES), help="these only")
    parser.add_argument("--only", default="", help="rows that begin so, as in 'SQLite, github'")
    return parser.parse_args()


def list_parts(*, quick) -> list[Part]:
    """All of them."""
    if quick:
        return [Part("SQLite", world, options=("--beside-writes",)) for world in WORLDS[:3]]
    parts = [Part(database, world) for database in ("SQLite", "PostgreSQL") for world in WORLDS]
    parts += [
        Part(database, "local", "two, one after the other", (SHORTEST,), ("--deaths", "2"))
        for database in ("SQLite", "PostgreSQL")
    ]
    crews = [("SQLite", "serve"), *(("PostgreSQL", victim) for victim in ("serve", *APART))]
    return parts + [
        Part(database, "github", victim, IN_EARNEST, ("--victim", victim)) for database, victim in crews
    ]


def play_part(part: Part, server, emulate, options):
    """Print its rows; how much was harmed."""
    address = "sqlite" if part.database == "SQLite" else databases.new_database(server, None)
    wanted = [each for each in options.stories or STORIES if each in (part.stories or STORIES)]
    given = ("--given", emulate.url, emulate.token) if part.world == "emulate" else ()
    played = play(address, part.world, "--stories", *wanted, *part.options, *given) if wanted else ()
    return sum(tell(f"{part.title}, {told[-1].story}", told, steps=options.steps) for told in played)


def start_emulate(stack: ExitStack):
    """The server, None where it is not installed."""
    try:
        return stack.enter_context(running_emulate())
    except (pytest.skip.Exception, pytest.fail.Exception) as missing:
        print(f"skipped: {missing}")
        return None


def tell(title: str, told: list[Crash], *, steps: bool):
    """Print a row for the story, and one for each kill where `steps` are wanted; how much was harmed."""
    *crashes, unharmed = told
    rows = [(harm_of(crash, unharmed), crash.quiet_seconds) for crash in crashes]
    if steps:
        for crash, (harm, seconds) in zip(crashes, rows, strict=True):
            print_row(crash.at, 1, harm.lost, harm.doubled, harm.wrong, seconds)
    sums = [sum(getattr(harm, name) for harm, _ in rows) for name in ("lost", "doubled", "wrong")]
    longest = max((seconds for _, seconds in rows), default=0.0)
    print_row(title, len(rows), *sums, longest, unharmed.quiet_seconds)
    return sum(sums)


def print_row(name, *values):
    """One line of the table."""
    shown = [f"{value:.0f} s" if isinstance(value, float) else str(value) for value in values]
    print(f"{name:75} " + " ".join(f"{value:>8}" for value in shown), flush=True)


if __name__ == "__main__":
    main()
