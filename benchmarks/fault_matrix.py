"""Let the environment fail around the bot for an hour of its clock; what is lost, doubled or wrong then?

A team lives meanwhile: jobs report runs, people command in comments. Whoever is refused comes again. What
stands on the board and in the database at the end is compared with the same hours in which nothing fails.
The seconds are by the bot's own clock, from the end of the fault until nothing waits any more; those of a
service in a process of its own are real, and its faults last as long as they take.
"""

import argparse

import databases
import structlog

from faults import Outcome, list_faults, play
from faults.grounds import Ground
from faults.services import SERVICE_FAULTS, SkippedError, play_service

QUICK = {"the disk is full", "the tracker answers 5xx", "the clock is an hour behind"}


def main():
    """Play the faults on SQLite and on PostgreSQL, and end with 1 if anything was harmed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="some faults, on SQLite only")
    parser.add_argument("--fault", default="", help="those whose names hold this text")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--why", action="store_true", help="tell what was not as it should be")
    options = parser.parse_args()
    structlog.configure(processors=[_drop])
    print_row("", "", "acknowledged", "refused", "lost", "doubled", "wrong", "quiet after")
    harm = play_on(Ground(), options) if options.only != "postgresql" else 0
    if options.only != "sqlite" and not options.quick:
        with databases.postgresql_server() as server:
            harm += play_on(Ground(server), options) if server else 0
    raise SystemExit(harm > 0)


def play_on(ground: Ground, options: argparse.Namespace) -> int:
    """Print a row for each fault and place; how much was harmed."""
    harm = 0
    for fault in list_faults():
        wanted = options.fault in fault.name and (not options.quick or fault.name in QUICK)
        for place in fault.places if wanted and ground.name in fault.grounds else ():
            outcome = play(fault, place, ground)
            tell(fault.name, f"{ground.name}, {place}", outcome, why=options.why)
            harm += outcome.harm
    return harm + play_services_on(ground, options)


def play_services_on(ground: Ground, options: argparse.Namespace) -> int:
    """The same for the faults around a service that is a process of its own."""
    harm = 0
    for fault in SERVICE_FAULTS:
        if options.fault in fault.name and not options.quick and ground.name in fault.grounds:
            try:
                outcome = play_service(fault, ground)
            except SkippedError as missing:
                print(f"skipped: {fault.name}: {missing}")
                continue
            tell(fault.name, f"{ground.name}, service", outcome, why=options.why)
            harm += outcome.harm
    return harm


def tell(name: str, where: str, outcome: Outcome, *, why: bool):
    """Print the row."""
    quiet = f"{outcome.quiet_seconds:.0f} s"
    figures = (outcome.acknowledged, outcome.refused, outcome.lost, outcome.doubled, outcome.wrong)
    print_row(name, where, *figures, quiet)
    for line in outcome.broken if why else ():
        print(f"    {line}")


def print_row(name, where, *values):
    """One line of the table."""
    print(f"{name:64} {where:26}" + " ".join(f"{value:>12}" for value in values), flush=True)


def _drop(*_):
    raise structlog.DropEvent


if __name__ == "__main__":
    main()
