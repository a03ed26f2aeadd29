"""Settings become a running bot. The only place that knows every part."""

import os
import secrets as random
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from trainboard.applying import Outside
from trainboard.engine import Engine
from trainboard.engine.courtesy import Courtesy
from trainboard.engine.embedded import EmbeddedEngine
from trainboard.engine.intake import Intake
from trainboard.engine.leases import Leases
from trainboard.engine.means import Means
from trainboard.engine.work import Worker
from trainboard.schedule import Schedule, Watched
from trainboard.settings import Settings, TokenSignIn, doors_of, keep_of, projects_of
from trainboard.store import mailboxes, secrets
from trainboard.store.budgets import StoredBudgets
from trainboard.store.clock import DatabaseClock
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade
from trainboard.store.ownership import own
from trainboard.telemetry import Telemetry
from trainboard.wiring.adapters import (
    Clock,
    boards,
    desks,
    find_obstacle_to_hooks,
    hooks,
    ledgers,
    monitors,
    pipelines,
    repositories,
    starters,
    trackers,
)
from trainboard.wiring.artifacts import artifacts
from trainboard.wiring.conversations import conversations
from trainboard.wiring.moves import follow_moves
from trainboard.wiring.posts import posts, wikis
from trainboard.wiring.run_trackers import readers
from trainboard.wiring.wire import Doors, identify, make_doors, parse
from trainboard_webhooks.runs import read_left

MakeEngine = Callable[[Database, Clock, str], Engine]

_log = structlog.get_logger(__name__)


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Bot:
    """Everything that runs in one process."""

    doors: Doors
    database: Database
    engine: Engine
    worker: Worker
    schedule: Schedule
    intake: Intake
    outside: Outside
    disown: Callable[[], None]
    notices: tuple[str, ...] = ()

    def start(self) -> None:
        """Begin to work on what is stored, and let the clock tick."""
        self.engine.run(self.worker.drain)
        self.tick()

    def tick(self) -> None:
        """Let the clock tick; say what it cannot see to."""
        for notice in self.notices:
            _log.info(notice)
        self.schedule.start()

    def stop(self) -> None:
        """Finish what is in hand; what waits is found at the next start."""
        self.schedule.stop()
        self.intake.stop()
        self.engine.stop()
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()
        self.disown()


def build(settings: Settings, *, clock: Clock | None = None, make_engine: MakeEngine | None = None) -> Bot:
    """A bot that is ready to start; the schema is brought up to date on the way.

    Without a `clock` it goes by the database's, or by the machine's on SQLite; without a
    `make_engine` it works with threads of its own.
    """
    database = Database(settings.server.database.get_secret_value())
    disown = own(database)
    upgrade(database)
    clock = clock or (utc_now if database.is_sqlite else DatabaseClock(database))
    owner = _make_owner()
    marker_secret = _take_up(database)
    courtesy = Courtesy()
    engine = (
        make_engine(database, clock, owner)
        if make_engine
        else EmbeddedEngine(Leases(database, clock, owner), settings.engine.worker_threads, courtesy)
    )
    outside = _outside(settings, database, engine, clock, marker_secret)
    telemetry = Telemetry()
    intake = Intake(database, engine, clock, courtesy)
    return Bot(
        doors=make_doors(settings, outside, intake, telemetry),
        database=database,
        engine=engine,
        worker=_worker(settings, outside, telemetry, owner),
        schedule=_schedule(settings, outside, intake),
        intake=intake,
        outside=outside,
        disown=disown,
        notices=tuple(_notices(settings, outside)),
    )


def _outside(
    settings: Settings, database: Database, engine: Engine, clock: Clock, marker_secret: bytes
) -> Outside:
    projects = {project.name: project for project in projects_of(settings)}
    former_names = follow_moves(database, projects.values(), clock())
    budgets = StoredBudgets(database, clock)
    plans = trackers(settings, projects.values(), database, clock, budgets)
    code = repositories(settings, projects.values(), clock, budgets)
    return Outside(
        database=database,
        projects=projects,
        doors={door.name: door for door in doors_of(settings)},
        trackers=plans,
        repositories=code,
        readers=readers(settings, clock),
        monitors=monitors(settings),
        pipelines=pipelines(settings, projects.values(), clock, budgets),
        ledgers=ledgers(settings, clock, budgets),
        hooks=hooks(settings, clock, budgets),
        identify=identify,
        read_report=read_left,
        keep=keep_of(settings),
        marker_secret=marker_secret,
        clock=clock,
        wake=engine.wake,
        page_url=_page_url(settings),
        former_names=former_names,
        boards=boards(settings, projects.values(), clock, budgets),
        artifacts=artifacts(settings, projects.values(), clock, budgets),
        starters=starters(settings, projects.values(), database, clock, budgets),
        desks=desks(settings, projects.values(), clock, budgets),
        conversations=conversations(settings, projects.values(), (plans, code), database, clock, budgets),
        posts=posts(settings, clock),
        wikis=wikis(settings, projects.values(), clock, budgets),
        pace=timedelta(seconds=settings.engine.edit_interval_seconds),
    )


def _make_owner() -> str:
    """A name that no other process has: in containers, those of hosts and processes repeat."""
    return f"{socket.gethostname()}:{os.getpid()}:{random.token_hex(4)}"


def _take_up(database: Database) -> bytes:
    """The key of the marks; on SQLite, what a process before this one held is free again."""
    with database.write() as connection:
        if database.is_sqlite:
            mailboxes.release_all(connection)
        return secrets.get_or_make(connection, "markers")


def _worker(settings: Settings, outside: Outside, telemetry: Telemetry, owner: str) -> Worker:
    return Worker(
        Means(
            outside=outside,
            parse=parse,
            telemetry=telemetry,
            owner=owner,
            pace=timedelta(seconds=settings.engine.edit_interval_seconds),
            max_attempts=settings.engine.max_attempts,
        )
    )


def _schedule(settings: Settings, outside: Outside, intake: Intake) -> Schedule:
    poll_every = timedelta(seconds=settings.engine.poll_interval_seconds)
    watched = Watched(
        doors=(*outside.readers, *outside.monitors),
        senders=outside.ledgers,
        hooked=outside.hooks,
        talked_in=[name for name, each in outside.conversations.items() if each.lists_written],
        alerting=any(door.alerts for door in outside.doors.values()),
    )
    return Schedule(intake, watched, outside.clock, poll_every)


def _notices(settings: Settings, outside: Outside) -> Iterable[str]:
    for project in outside.projects.values():
        if project.code and project.name not in outside.repositories:
            yield f"Pull requests of {project.code} show nothing of the bot: the settings name no way in."
    if obstacle := find_obstacle_to_hooks(settings):
        yield obstacle
    if settings.server.dashboard == "sign-in" and any(
        isinstance(way, TokenSignIn) and way.token is None for way in settings.sign_in
    ):
        yield "People sign in to the pages with the token that `trainboard web-token` prints."
    if settings.github.token is not None and settings.github.webhook_secrets:
        yield (
            "Webhooks of GitHub that do not arrive cannot be recovered with github.token: "
            "GitHub remembers deliveries for a GitHub App only."
        )


def _page_url(settings: Settings) -> Callable[[str], str | None]:
    root = settings.server.public_url
    return lambda path: f"{root}{path}" if root else None
