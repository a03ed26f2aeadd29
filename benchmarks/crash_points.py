"""Kill the bot between every two steps of a delivery that makes an issue; what is lost, doubled or wrong?

The seconds are by the bot's own clock, from the end of the killed process's leases.
"""

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from crashes import Crash, play
from peers.emulate import running_emulate
from peers.postgresql import SETTINGS, running


def main():
    """Play one world on one database, and print a row for each crash."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--world", choices=["local", "github", "emulate"], default="github")
    options = parser.parse_args()
    with ExitStack() as stack:
        address = options.database
        if address == "postgresql":
            server = stack.enter_context(running(SETTINGS))
            server.run("CREATE DATABASE crashes")
            address = server.url("crashes")
        emulate = stack.enter_context(running_emulate()) if options.world == "emulate" else None
        *crashes, unharmed = play(address, options.world, *([emulate.url, emulate.token] if emulate else []))
    print_table(crashes, unharmed)


def print_table(crashes: list[Crash], unharmed: Crash):
    """A row for each crash; ends with 1 if one of them did any harm."""
    head = ("killed after", "and before", "lost", "doubled", "wrong", "quiet after")
    print("{:52} {:52} {:>4} {:>7} {:>5} {:>11}".format(*head))
    harm = 0
    for crash in crashes:
        lost = sum(max(0, 1 - count) for count in crash.counts.values())
        doubled = sum(max(0, count - 1) for count in crash.counts.values())
        wrong = int(crash.text != unharmed.text)
        after, before = crash.at.split(" | ")
        harm += lost + doubled + wrong
        print(f"{after:52} {before:52} {lost:4} {doubled:7} {wrong:5} {crash.quiet_seconds:9.0f} s")
    print(f"\n{len(crashes)} crashes: {harm} things lost, doubled or wrong")
    raise SystemExit(harm > 0)


if __name__ == "__main__":
    main()
