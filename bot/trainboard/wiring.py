"""Settings become a running bot. The only place that knows every part."""

import os
import secrets as random
import socket
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from wsgiref.types import WSGIApplication

import structlog

from trainboard import events
from trainboard.applying import Outside
from trainboard.applying.readings import POLL_SOURCE
from trainboard.budgets import Budgets
from trainboard.deliveries import CLOCK_SOURCE, Delivery
from trainboard.engine import Engine
from trainboard.engine.courtesy import Courtesy
from trainboard.engine.embedded import EmbeddedEngine
from trainboard.engine.intake import Intake
from trainboard.engine.leases import Leases
from trainboard.engine.means import Means
from trainboard.engine.work import Worker
from trainboard.errors import PayloadError, TrainboardError
from trainboard.events import Event
from trainboard.experiments import RunReader
from trainboard.ledgers import Ledger, Message
from trainboard.policy import Project
from trainboard.schedule import Schedule
from trainboard.settings import MlflowSource, Settings, doors_of, keep_of, projects_of
from trainboard.store import mailboxes, secrets
from trainboard.store.budgets import StoredBudgets
from trainboard.store.clock import DatabaseClock
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade
from trainboard.store.ownership import own
from trainboard.telemetry import Telemetry
from trainboard.trackers import Tracker
from trainboard.web.front import Front
from trainboard_webhooks import Credential as Sender
from trainboard_webhooks import sources
from trainboard_webhooks.gate import Gate
from trainboard_webhooks.receive import Receiver

Clock = Callable[[], datetime]
MakeEngine = Callable[[Database, Clock, str], Engine]

_log = structlog.get_logger(__name__)


class WiringError(TrainboardError):
    """The settings are valid each by itself, but a part that they name cannot be made of them."""


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Bot:
    """Everything that runs in one process."""

    wsgi: WSGIApplication
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
        wsgi=_wsgi(settings, outside, intake, telemetry),
        database=database,
        engine=engine,
        worker=_worker(settings, outside, telemetry, owner),
        schedule=_schedule(settings, outside, intake),
        intake=intake,
        outside=outside,
        disown=disown,
        notices=tuple(_notices(settings)),
    )


def _outside(
    settings: Settings, database: Database, engine: Engine, clock: Clock, marker_secret: bytes
) -> Outside:
    projects = {project.name: project for project in projects_of(settings)}
    budgets = StoredBudgets(database, clock)
    return Outside(
        database=database,
        projects=projects,
        doors={door.name: door for door in doors_of(settings)},
        trackers=trackers(settings, projects.values(), database, clock, budgets),
        readers=readers(settings, clock),
        ledgers=ledgers(settings, clock, budgets),
        identify=identify,
        keep=keep_of(settings),
        marker_secret=marker_secret,
        clock=clock,
        wake=engine.wake,
        page_url=_page_url(settings),
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


def parse(delivery: Delivery) -> Iterable[Event]:
    """The events of a stored delivery: of a source's body, or of our own clock and polls."""
    kind = delivery.source.split("/", 1)[0]
    if kind in {CLOCK_SOURCE, POLL_SOURCE}:
        return [events.decode(delivery.body)]
    return sources()[kind].parse(delivery.source, delivery.kind, delivery.body)


def identify(source: str, message: Message) -> Delivery:
    """The delivery that a message of `source` would have been, had it come by its webhook.

    Raises:
        PayloadError: it is not what the source promises, or a greeting.
    """
    identity = sources()[source].identify(message.headers, message.body)
    if identity is None:
        raise PayloadError("it is a greeting, which is never stored")
    return Delivery(
        source=source,
        id=identity.id,
        kind=identity.kind,
        entity=identity.entity,
        body=message.body,
        event_key=identity.event_key,
        hook=identity.hook,
    )


def trackers(
    settings: Settings, projects: Iterable[Project], database: Database, clock: Clock, budgets: Budgets
) -> dict[str, Tracker]:
    """The tracker of each project, by the project's name. Their calls are counted in `budgets`."""
    from trainboard.trackers.local import LocalTracker

    on_github = {
        p.name: p.tracker.removeprefix("github:") for p in projects if p.tracker.startswith("github:")
    }
    made: dict[str, Tracker] = {
        p.name: LocalTracker(database, p.name, clock) for p in projects if p.name not in on_github
    }
    return {**made, **(_github(settings, on_github, clock, budgets) if on_github else {})}


def _github(
    settings: Settings, repositories: Mapping[str, str], clock: Clock, budgets: Budgets
) -> Mapping[str, Tracker]:
    """Trackers that share one credential."""
    from trainboard.trackers.github import AppCredential, Credential, GitHubTracker, TokenCredential

    github = settings.github
    credential: Credential
    if github.app_id is not None and github.private_key is not None:
        credential = AppCredential(github.app_id, github.private_key.get_secret_value(), budgets)
    elif github.token is not None:
        credential = TokenCredential(github.token.get_secret_value(), budgets)
    else:
        raise WiringError(
            f"Project {next(iter(repositories))} lives on GitHub, and the settings name no way in: "
            "set github.app_id and github.private_key, or github.token."
        )
    return {
        name: GitHubTracker(repository=repository, credential=credential, api_url=github.api_url, clock=clock)
        for name, repository in repositories.items()
    }


def readers(settings: Settings, clock: Clock) -> dict[str, RunReader]:
    """The readers of run trackers, by the name of their source."""
    polled = [source for source in settings.sources if isinstance(source, MlflowSource) and source.url]
    return {f"mlflow/{source.name}": _mlflow_reader(source, clock) for source in polled}


def _mlflow_reader(source: MlflowSource, clock: Clock) -> RunReader:
    from trainboard.experiments.mlflow import MlflowReader

    return MlflowReader(
        name=f"mlflow/{source.name}",
        url=source.url,
        experiments=source.experiments,
        token=source.token.get_secret_value() if source.token else "",
        username=source.username,
        password=source.password.get_secret_value() if source.password else "",
        clock=clock,
    )


def ledgers(settings: Settings, clock: Clock, budgets: Budgets) -> dict[str, Ledger]:
    """What senders remember, by source: GitHub tells it to an App only."""
    from trainboard.trackers.github import AppCredential
    from trainboard.trackers.github.app_deliveries import AppDeliveries
    from trainboard_webhooks.github import KINDS

    github = settings.github
    if github.app_id is None or github.private_key is None:
        return {}
    app = AppCredential(github.app_id, github.private_key.get_secret_value(), budgets)
    return {"github": AppDeliveries(app.sign_in_as_app(github.api_url, clock), KINDS)}


def _notices(settings: Settings) -> Iterable[str]:
    if settings.github.token is not None and settings.github.webhook_secrets:
        yield (
            "Webhooks of GitHub that do not arrive cannot be recovered with github.token: "
            "GitHub remembers deliveries for a GitHub App only."
        )


def credentials(settings: Settings) -> Mapping[str, list[Sender]]:
    """What senders prove themselves with, by the first part of their path."""
    found: dict[str, list[Sender]] = {}
    github = tuple(secret.get_secret_value() for secret in settings.github.webhook_secrets)
    if github:
        found["github"] = [Sender("", github)]
    for source in settings.sources:
        values = tuple(secret.get_secret_value() for secret in source.secrets)
        if values:
            found.setdefault(source.kind, []).append(Sender(source.name, values))
    return found


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
    return Schedule(intake, outside.readers, outside.clock, poll_every, senders=outside.ledgers)


def _wsgi(settings: Settings, outside: Outside, intake: Intake, telemetry: Telemetry) -> WSGIApplication:
    def observe(door: str, outcome: str, seconds: float) -> None:
        kind = door.split("/", 1)[0]
        telemetry.note_request(kind if kind in sources() else "unknown", outcome, seconds)

    def seconds() -> float:
        return outside.clock().timestamp()

    receiver = Receiver(intake, credentials(settings), clock=seconds, observe=observe)
    return Gate(receiver, Front(lambda: _app(settings, outside, telemetry)))


def _app(settings: Settings, outside: Outside, telemetry: Telemetry) -> WSGIApplication:
    from trainboard.web.app import create_app
    from trainboard.web.health import health
    from trainboard.web.pages import pages

    return create_app(
        health(outside.database, telemetry, outside.clock),
        pages(
            outside.database,
            outside.projects,
            outside.doors,
            outside.clock,
            access=settings.server.dashboard,
        ),
    )


def _page_url(settings: Settings) -> Callable[[str], str | None]:
    root = settings.server.public_url
    return lambda path: f"{root}{path}" if root else None
