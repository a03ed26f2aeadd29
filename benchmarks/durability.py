"""Kills the whole service again and again under load, and looks for what it had acknowledged.

Each time all of its processes get SIGKILL at a random moment while eight senders wait for answers;
then it is started again on the same database, and what was not answered is sent again. At the end
every acknowledged delivery must be stored once, byte for byte, and be worked off.
"""

import argparse
import random
import sys
import tempfile
import threading
from collections import Counter
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path

import corpus
from contenders import trainboard
from databases import new_database, postgresql_server
from inbox import DEAD, open_inbox
from load import Sender
from server import end_with_signals, free_port, running

SENDERS = 8
FIRST_SECONDS, LAST_SECONDS = 0.05, 0.6
WORK_SECONDS = 180


@dataclass
class Told:
    """What the senders know: ids that were acknowledged, and those whose answer never came."""

    acknowledged: list[str] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    unanswered: set[str] = field(default_factory=set)

    def note(self, answer):
        """Remember an answer."""
        if 200 <= answer.status < 300:
            self.acknowledged.append(answer.id)
        else:
            self.refused[answer.status] += 1


def kill_often(database, folder, options):
    """The kills; answers what the senders were told."""
    told, chance, numbers = Told(), random.Random(options.seed), count()
    for number in range(options.kills):
        with running(*service(database, folder)) as server:
            thread = threading.Thread(target=send, args=(server.port, numbers, told))
            thread.start()
            thread.join(chance.uniform(FIRST_SECONDS, LAST_SECONDS))
            server.kill()
            thread.join()
        print(f"kill {number + 1}: {len(told.acknowledged):,} acknowledged so far", file=sys.stderr)
    return told


def service(database, folder):
    """The arguments of `running` for the service."""
    port = free_port()
    return trainboard(port, folder, database), port, folder


def send(port, numbers, told):
    """Send what was not answered before, then new deliveries, until the server is dead."""
    sender = Sender(port, SENDERS)
    again = sorted(told.unanswered)
    told.unanswered = set()
    for answer in sender.answers(map(corpus.request, chain(again, numbers))):
        told.note(answer)
    told.unanswered = {corpus.number_of(name) for name in sender.unanswered}


def judge(database, folder, told):
    """What the database says after a last start: one value for each column."""
    with open_inbox(database) as inbox:
        with running(*service(database, folder)):
            seconds = inbox.wait_until_worked_off(WORK_SECONDS)
        stored = Counter(inbox.ids())
        spoilt = sum(body != corpus.delivery(corpus.number_of(name))[1] for name, body in inbox.bodies())
        return {
            "acknowledged": len(told.acknowledged),
            "refused": told.refused.total(),
            "lost": sum(name not in stored for name in told.acknowledged),
            "stored twice": stored.total() - len(stored),
            "spoilt": spoilt,
            "not acknowledged": len(stored.keys() - set(told.acknowledged)),
            "dead": inbox.value(DEAD),
            "worked off after s": "never" if seconds is None else round(seconds, 1),
            "integrity": "ok" if inbox.is_sound() else "BROKEN",
        }


def is_good(row):
    """Nothing is lost, doubled or spoilt, and all was worked on."""
    spotless = not any(row[name] for name in ("lost", "stored twice", "spoilt", "dead"))
    return spotless and row["integrity"] == "ok" and row["worked off after s"] != "never"


def main():
    """Kill on SQLite and on PostgreSQL, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1, help="of the moments of the kills")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--quick", action="store_true", help="five kills")
    options = parser.parse_args()
    if options.quick:
        options.kills = 5
    end_with_signals()
    rows = dict(run(options))
    print(f"{options.kills} x SIGKILL of the whole service under the load of {SENDERS} senders\n")
    print(f"{'':20}", *(f"{name:>10}" for name in rows))
    for column in next(iter(rows.values()), {}):
        print(f"{column:20}", *(f"{row[column]:>10}" for row in rows.values()))
    if not all(map(is_good, rows.values())):
        raise SystemExit("not as it must be")


def run(options):
    """The name of each database, and what was found in it."""
    if options.only != "postgresql":
        yield "SQLite", run_on(None, options)
    if options.only != "sqlite":
        with postgresql_server() as server:
            if server is not None:
                yield "PostgreSQL", run_on(server, options)


def run_on(server, options):
    """What was found in the database after the kills."""
    with tempfile.TemporaryDirectory(prefix="trainboard-bench-") as name:
        folder = Path(name)
        database = new_database(server, folder)
        return judge(database, folder, kill_often(database, folder, options))


if __name__ == "__main__":
    main()
