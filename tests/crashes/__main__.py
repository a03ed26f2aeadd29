"""Kills a bot before its first step, before its second, and so on, until one lives to the end."""

import argparse
import logging
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import structlog

from crashes import Crash
from crashes.crews import CREWS, play_crew
from crashes.databases import emptied
from crashes.piece import Piece
from crashes.playing import play_alone
from crashes.stories import STORIES
from crashes.worlds import WORLDS


def main() -> None:
    """Play all crashes of stories in one world on one kind of database."""
    options = read_options()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    world = WORLDS[options.world](*options.given)
    with tempfile.TemporaryDirectory(prefix="tb-crash-") as folder:
        for name in options.stories or sorted(STORIES):
            if options.world in STORIES[name].WORLDS:
                address = emptied(options.database, Path(folder))
                piece = Piece(world, STORIES[name], address, options.beside_writes)
                for crash in play(piece, options):
                    sys.stdout.buffer.write(msgspec.json.encode(crash) + b"\n")
                    sys.stdout.buffer.flush()


def play(piece: Piece, options: argparse.Namespace) -> Iterator[Crash]:
    """The crashes of one story."""
    if options.victim:
        return play_crew(piece, options.victim)
    return play_alone(piece, deaths=options.deaths)


def read_options() -> argparse.Namespace:
    """What is played, and how."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", help="sqlite, or the address of a PostgreSQL database")
    parser.add_argument("world", choices=sorted(WORLDS))
    parser.add_argument("--given", nargs="*", default=(), help="what the world is made of")
    parser.add_argument("--stories", nargs="*", choices=sorted(STORIES), help="all that can be told there")
    parser.add_argument("--deaths", type=int, default=1, help="how many processes die one after the other")
    parser.add_argument("--victim", choices=CREWS, help="which of the processes dies that an operator starts")
    parser.add_argument("--beside-writes", action="store_true", help="die only beside what people see")
    return parser.parse_args()


if __name__ == "__main__":
    main()
