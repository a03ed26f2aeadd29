"""What goes wrong around the service itself, started as an operator starts it; the seconds are real."""

import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import NullPool, create_engine, text

from fakes.conversation import run
from faults import Outcome
from faults.grounds import POSTGRESQL, SQLITE, Ground
from faults.judging import TOLD
from faults.stages import WAITING
from peers.load import SETTINGS, Load, sending
from peers.service import Service, report_run, running_service, serve_command

Command = Callable[[Path, int], list[str]]

ROOT = Path(__file__).parents[2]
MIGRATIONS = "bot/trainboard/store/migrations/versions"
SCHEMA = "SELECT version_num FROM alembic_version"
SOME = 150
STORM, AT_ONCE = 3000, 8
GITHUB_WAITS_SECONDS = 10
PATIENCE_SECONDS = 300


class SkippedError(Exception):
    """What a fault needs is not here."""


@dataclass(frozen=True)
class Scene:
    """A service to which senders send, with the `address` of its database; `broken` is what did not hold."""

    service: Service
    load: Load
    address: str
    broken: list[str] = field(default_factory=list)

    def acknowledges(self, some: int = SOME) -> None:
        """Wait until so many more deliveries are acknowledged."""
        before = len(self.load.acknowledged)
        self.service.wait_for("deliveries", lambda: len(self.load.acknowledged) > before + some)

    def is_quiet(self) -> bool:
        """Nothing waits any more."""
        return self.list_column(WAITING) == [0]

    def list_column(self, query: str) -> list:
        """The first column of the rows."""
        engine = create_engine(self.address, poolclass=NullPool)
        with engine.connect() as connection:
            return list(connection.execute(text(query)).scalars())


@dataclass(frozen=True)
class ServiceFault:
    """Something that goes wrong, on these `grounds`, around a service; `open_command` tells how it starts."""

    name: str
    act: Callable[[Scene], Iterator[None]]
    grounds: Collection[str]
    open_command: Callable[[], AbstractContextManager[Command]]


SERVICE_FAULTS: list[ServiceFault] = []


def service_fault(
    name: str, *, grounds=(SQLITE, POSTGRESQL), open_command=lambda: nullcontext(serve_command)
):
    """Make a generator a fault of that name; it is over where it yields."""

    def declare(act):
        SERVICE_FAULTS.append(ServiceFault(name, act, grounds, open_command))
        return act

    return declare


def play_service(fault: ServiceFault, ground: Ground) -> Outcome:
    """What the fault does to a service.

    Raises:
        SkippedError: with what is missing.
    """
    with (
        fault.open_command() as command,
        ground.open_database() as address,
        tempfile.TemporaryDirectory() as folder,
        running_service(Path(folder), SETTINGS, command=command, database=address) as service,
        sending(service) as load,
    ):
        scene = Scene(service, load, address)
        scene.acknowledges()
        with contextmanager(fault.act)(scene):
            load.stop.set()
            began = time.monotonic()
            service.wait_for("the work to end", scene.is_quiet, PATIENCE_SECONDS)
            return _judge(scene, time.monotonic() - began)


def _judge(scene: Scene, quiet_seconds: float) -> Outcome:
    told = Counter(scene.list_column(TOLD))
    answers = scene.load.answers
    strange = sum(times for status, times in answers.items() if status not in {200, 202, 503})
    return Outcome(
        acknowledged=len(scene.load.acknowledged),
        refused=answers[503],
        lost=len(scene.load.acknowledged - told.keys()),
        doubled=sum(times - 1 for times in told.values()),
        wrong=strange + len(scene.broken),
        quiet_seconds=quiet_seconds,
        broken=tuple(scene.broken),
    )


def _serve_without_room(config: Path, port: int) -> list[str]:
    """Its output goes where there is never room, and no folder takes temporary files."""
    nowhere = "/proc/nowhere"
    words = ["env", f"TMPDIR={nowhere}", f"SQLITE_TMPDIR={nowhere}", *serve_command(config, port)]
    return ["sh", "-c", 'exec "$@" >/dev/full 2>&1', "sh", *words]


@service_fault(
    "the log and temporary files have no room", open_command=lambda: nullcontext(_serve_without_room)
)
def no_room_for_logs(scene):
    """Lines are lost, work is not."""
    report_run(scene.service.url, {"no": "run"}, "nobody understands it")
    scene.acknowledges()
    yield


@service_fault("a storm of one job's deliveries")
def storm(scene):
    """Three thousand as fast as they are taken; all others hear in time what GitHub would wait for."""
    left = iter(range(STORM))
    threads = [threading.Thread(target=_storm, args=(scene, left)) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    slowest = 0.0
    while any(thread.is_alive() for thread in threads):
        began = time.monotonic()
        scene.load.note("calm", scene.load.post(f"{scene.service.url}/webhooks/runs", "0-calm"))
        slowest = max(slowest, time.monotonic() - began)
    if slowest > GITHUB_WAITS_SECONDS:
        scene.broken.append(f"somebody waited {slowest:.1f} s for an answer")
    scene.load.acknowledged.discard("calm")
    yield


def _storm(scene: Scene, left: Iterator[int]) -> None:
    for number in left:
        delivery, document = f"storm-{number}", run(f"storm-{number}", "churn-storm")
        status = 0
        while status not in {200, 202}:
            status = report_run(scene.service.url, document, delivery).status_code
            scene.load.note(delivery, status)


@contextmanager
def _earlier() -> Iterator[Command]:
    """The code before the last change of the schema, from the history."""
    git = ["git", "-C", str(ROOT)]
    last_change = [*git, "log", "-1", "--diff-filter=A", "--format=%H", "--", MIGRATIONS]
    commit = subprocess.run(last_change, capture_output=True, text=True, check=False).stdout.strip()
    before = [*git, "archive", f"{commit}^", "bot", "webhooks"]
    archive = subprocess.run(before, capture_output=True, check=False)
    if archive.returncode:
        raise SkippedError("there is no history with an earlier version")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
        path = f"PYTHONPATH={folder}/bot:{folder}/webhooks"
        yield lambda config, port: ["env", path, *serve_command(config, port)]


@service_fault("an upgrade beside the earlier version", grounds=[POSTGRESQL], open_command=_earlier)
def upgraded(scene):
    """The schema changes below the old one, then both work on the same deliveries, then the old one ends."""
    before = scene.list_column(SCHEMA)
    config = scene.service.folder / "trainboard.toml"
    words = [sys.executable, "-m", "trainboard", "db", "upgrade", "--config", str(config)]
    subprocess.run(words, check=True, capture_output=True)
    if before == scene.list_column(SCHEMA):
        scene.broken.append("the schema did not change")
    scene.acknowledges()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_service(Path(folder), SETTINGS, database=scene.address),
    ):
        scene.acknowledges()
        scene.load.stop.set()
        if scene.service.stop():
            scene.broken.append("the earlier version did not end well")
        yield
