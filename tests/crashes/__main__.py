"""Kills a bot before its first step, before its second, and so on, until one lives to the end."""

import logging
import re
import sys
import tempfile
from pathlib import Path

import msgspec
import structlog
from sqlalchemy import text

from crashes import Crash
from crashes.databases import list_databases
from crashes.processes import Say, run_in_process
from crashes.steps import Steps
from crashes.worlds import WORLDS, World
from fakes.conversation import Conversation, run
from trainboard.store import mailboxes
from trainboard.store.database import Database

ACKNOWLEDGED = "acknowledged"
MOST_SECONDS = 3600
LOOK_SECONDS = 5
DIFFERS = re.compile(r"<!-- trainboard:.*? -->|\d\d:\d\d UTC")
COUNTS = {
    "deliveries done": "SELECT count(*) FROM deliveries WHERE state = 'done'",
    "events": "SELECT count(*) FROM events",
    "runs": "SELECT count(*) FROM runs",
}
WAITING = """
    SELECT (SELECT count(*) FROM deliveries WHERE state = 'waiting')
         + (SELECT count(*) FROM effects WHERE state = 'pending')
"""


def main(database: str, world_name: str, *arguments: str) -> None:
    """Play all crashes of one world on one kind of database."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    world = WORLDS[world_name](*arguments)
    with tempfile.TemporaryDirectory(prefix="tb-crash-") as folder:
        warm_up(f"sqlite:///{folder}/warm.db")
        for fatal, address in enumerate(list_databases(database, Path(folder)), 1):
            crash = play(world, address, fatal)
            sys.stdout.buffer.write(msgspec.json.encode(crash) + b"\n")
            sys.stdout.buffer.flush()
            if not crash.at:
                return


def warm_up(address: str) -> None:
    """Do once here what each process would do anew: load modules, compile statements."""
    import trainboard.trackers.github  # noqa: F401

    bot = Conversation(address)
    report(bot)
    work_until_quiet(bot)
    bot.close()


def play(world: World, address: str, fatal: int) -> Crash:
    """One process that dies before its step number `fatal`, and one that comes after it."""
    world.renew()
    said = run_in_process(lambda say: receive(world, address, fatal, say), world.server)
    stored = ACKNOWLEDGED in said
    [seconds] = run_in_process(lambda say: recover(world, address, stored, say), world.server)
    database = Database(address)
    issues, milestones = world.list_issues(database), world.list_milestones(database)
    with database.read() as connection:
        counts = {name: connection.execute(text(query)).scalar_one() for name, query in COUNTS.items()}
    database.close()
    return Crash(
        at=next((line for line in said if line != ACKNOWLEDGED), ""),
        counts={"issues": len(issues), "milestones": len(milestones), **counts},
        text=DIFFERS.sub("", "\n".join(issues)),
        quiet_seconds=float(seconds),
    )


def receive(world: World, address: str, fatal: int, say: Say) -> None:
    """A job reports a run and hears whether that is stored; then the bot works as far as it gets."""
    bot = Conversation(address, clock=world.clock, **world.sections)
    Steps(fatal, say).watch()
    if report(bot) < 300:
        say(ACKNOWLEDGED)
    work_until_quiet(bot)


def recover(world: World, address: str, stored: bool, say: Say) -> None:  # noqa: FBT001
    """Another process does what is left, when the leases of the killed one have ended.

    A job that got no answer comes again.
    """
    bot = Conversation(address, clock=world.clock, **world.sections)
    with bot.bot.database.write() as connection:
        mailboxes.release_all(connection)
    if not stored:
        report(bot)
    say(work_until_quiet(bot))


def report(bot: Conversation) -> int:
    """A job reports a run that has just ended; the answer's status."""
    now = bot.clock().isoformat()
    document = run(metrics={"val_auc": 0.93}, run={"started_at": now, "ended_at": now})
    return bot.reports(document, delivery="d1", settle=False)


def work_until_quiet(bot: Conversation) -> float:
    """Let time go by until nothing waits; the seconds that it took."""
    for seconds in range(0, MOST_SECONDS, LOOK_SECONDS):
        bot.settle()
        with bot.bot.database.read() as connection:
            if not connection.execute(text(WAITING)).scalar_one():
                return seconds
        bot.clock.forward(seconds=LOOK_SECONDS)
    raise AssertionError(f"something waits for more than {MOST_SECONDS} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
