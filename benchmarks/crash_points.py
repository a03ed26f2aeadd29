"""Kill the bot between every two steps of a delivery that makes an issue; what is lost, doubled or wrong?

A step is a commit or a call of an API. Each process that was killed is followed by another one, which
does what is left. The seconds are by the bot's own clock, from the end of the killed one's leases.
"""

import argparse
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import databases
import pytest

from crashes import Crash, play
from peers.emulate import running_emulate

WORLDS = {"local": "local board", "github": "our GitHub, in memory", "emulate": "emulate"}


def main():
    """Play every world on every database, and end with 1 if anything was harmed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="SQLite only, without emulate")
    parser.add_argument("--steps", action="store_true", help="a row for each kill")
    options = parser.parse_args()
    print_row("", "kills", "lost", "doubled", "wrong", "quiet after")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        servers = [None] if options.quick else [None, stack.enter_context(databases.postgresql_server())]
        emulate = [] if options.quick else start_emulate(stack)
        harm = 0
        for number, server in enumerate(servers):
            for world in ["local", "github", *emulate[:1]]:
                address = databases.new_database(server, folder) if number and server else "sqlite"
                name = f"{'PostgreSQL' if number else 'SQLite'}, {WORLDS[world]}"
                *crashes, unharmed = play(address, world, *(emulate[1:] if world == "emulate" else []))
                harm += tell(name, crashes, unharmed, steps=options.steps)
    raise SystemExit(harm > 0)


def start_emulate(stack: ExitStack):
    """The world's name and arguments, empty where it is not installed."""
    try:
        server = stack.enter_context(running_emulate())
    except (pytest.skip.Exception, pytest.fail.Exception) as missing:
        print(f"skipped: {missing}")
        return []
    return ["emulate", server.url, server.token]


def tell(name: str, crashes: list[Crash], unharmed: Crash, *, steps: bool):
    """Print a row for the world, and one for each kill where `steps` are wanted; how much was harmed."""
    rows = [(crash.at, 1, *harm_of(crash, unharmed), crash.quiet_seconds) for crash in crashes]
    if steps:
        for row in rows:
            print_row(*row)
    sums = [sum(column) for column in list(zip(*rows, strict=True))[1:5]]
    print_row(name, *sums, max(row[-1] for row in rows))
    return sum(sums[1:])


def harm_of(crash: Crash, unharmed: Crash):
    """What is lost, doubled and wrong."""
    differences = [crash.counts[name] - count for name, count in unharmed.counts.items()]
    lost, doubled = (sum(max(0, sign * each) for each in differences) for sign in (-1, 1))
    return lost, doubled, int(crash.text != unharmed.text)


def print_row(name, *values):
    """One line of the table."""
    seconds = f"{values[-1]:.0f} s" if isinstance(values[-1], float) else values[-1]
    print(f"{name:90} " + " ".join(f"{value:>8}" for value in (*values[:-1], seconds)), flush=True)


if __name__ == "__main__":
    main()
