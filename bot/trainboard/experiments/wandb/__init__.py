"""W&B: runs are read by asking, because its automations do not say which run they are about."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any

from trainboard.experiments import Cursor, Page, RegisteredVersion, Registry
from trainboard.experiments.wandb.answers import Run
from trainboard.experiments.wandb.client import WandbClient
from trainboard.experiments.wandb.mapping import STATUSES, parse_run
from trainboard.experiments.wandb.registry import RegistryReader
from trainboard.runs import RunReport

OVERLAP_MS = 15 * 60 * 1000
RESOLVE_EVERY = timedelta(minutes=10)
RUNS_PER_PAGE = 100
MOST_LOOKED_UP = 200

_CLOUD, _CLOUD_PAGES = "https://api.wandb.ai", "https://wandb.ai"


def _utc_now() -> datetime:
    return datetime.now(UTC)


class WandbReader:
    """Reads the runs of one entity of W&B; keeps the contract of `RunReader`.

    A run is heard of while it goes on, and last when it ends: those are read of which W&B heard since the
    cursor, and 15 minutes before. A run of which nothing is heard is looked up by itself until it has ended.
    Models are read from the same projects, and from the registries that are named.

    Args:
        name: the configured source, `wandb/prod`.
        url: address of the API.
        entity: the team or the user whose projects are read.
        api_key: what W&B calls so.
        experiments: shell patterns of the projects' names, letter case counts.
        registries: projects that hold models beside those, `entity/project` or `project`.
        models: shell patterns of the models, which are called `project/collection`.
        clock: tells the moment, aware.
    """

    def __init__(  # noqa: PLR0913  # these are the keys of the configuration
        self,
        *,
        name: str,
        url: str,
        entity: str,
        api_key: str,
        experiments: Sequence[str],
        registries: Sequence[str] = (),
        models: Sequence[str] = ("*",),
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        self.name = name
        self._entity = entity
        self._web = _CLOUD_PAGES if url == _CLOUD else url
        self._patterns = tuple(experiments)
        self._clock = clock
        self._client = WandbClient(url, entity, api_key)
        self._registry = RegistryReader(self._client, entity, registries, models)
        self._resolved: tuple[datetime, list[str]] | None = None

    def list_new(self, cursor: Cursor) -> Iterator[Page]:
        """Pages of runs that were heard of since the cursor, then those that nothing was heard of.

        A run that goes on is told once, when it starts.
        """
        since = {"heartbeatAt": {"$gte": _iso(max(cursor.ended_ms - OVERLAP_MS, 0))}}
        yield from self._read(since, "+heartbeat_at", cursor, frozenset(cursor.running))

    def list_since(self, since_ms: int, cursor: Cursor) -> Iterator[Page]:
        """Pages of every run that started or was heard of at or after `since_ms`."""
        since = {"$gte": _iso(since_ms)}
        filters = {"$or": [{"createdAt": since}, {"heartbeatAt": since}]}
        self._resolved = None
        yield from self._read(filters, "+created_at", cursor, frozenset())

    def find_run(self, run_id: str) -> RunReport | None:
        """The run of that id in the first of the projects that has one; None if none has."""
        for project in self._resolve()[:MOST_LOOKED_UP]:
            run = self._client.find_run(project, run_id)
            if run is not None:
                return next(iter(self._map(project, [run])), None)
        return None

    def read_registry(self) -> Registry:
        """Where the aliases of all models point, but for those that W&B sets by itself."""
        return self._registry.read(self._resolve(), self._clock())

    def find_version(self, model: str, version: str) -> RegisteredVersion | None:
        """A version of a model; None if there is none that we may see."""
        return self._registry.find_version(self._resolve(), model, version)

    def _read(
        self, filters: dict[str, Any], order: str, cursor: Cursor, known: frozenset[str]
    ) -> Iterator[Page]:
        """Pages that leave the cursor where it is, then one that moves it: projects have no common order."""
        heard, going = set[str](), set[str]()
        latest_ms = cursor.ended_ms
        for project in self._resolve():
            for runs in self._client.list_runs(project, filters, order, RUNS_PER_PAGE):
                news = [run for run in runs if not (_is_going(run) and _key(project, run) in known)]
                heard.update(_key(project, run) for run in runs)
                going.update(_key(project, run) for run in runs if _is_going(run))
                latest_ms = max([latest_ms, *map(_heard_ms, runs)])
                if news:
                    yield Page(reports=self._map(project, news), cursor=cursor)
        silent = [each for each in cursor.running if each not in heard]
        reports, still = self._look_up(silent)
        reached_ms = min(latest_ms, int(self._clock().timestamp() * 1000))
        running = tuple(sorted({*going, *still}))
        yield Page(reports=tuple(reports), cursor=Cursor(ended_ms=reached_ms, running=running))

    def _look_up(self, silent: Sequence[str]) -> tuple[list[RunReport], list[str]]:
        """Reports of those runs that have ended, and which go on; some at a time, the rest waits its turn."""
        reports: list[RunReport] = []
        still = list(silent[MOST_LOOKED_UP:])
        wanted = set(self._resolve())
        for key in silent[:MOST_LOOKED_UP]:
            project, _, name = key.rpartition("/")
            run = self._client.find_run(project, name) if project in wanted else None
            if run is None:
                continue
            if _is_going(run):
                still.append(key)
            else:
                reports += self._map(project, [run])
        return reports, still

    def _resolve(self) -> list[str]:
        """The projects that a pattern matches."""
        now = self._clock()
        if self._resolved is None or now - self._resolved[0] >= RESOLVE_EVERY:
            names = sorted(set(self._client.list_projects()))
            self._resolved = now, [each for each in names if self._wants(each)]
        return self._resolved[1]

    def _wants(self, name: str) -> bool:
        return any(fnmatchcase(name, pattern) for pattern in self._patterns)

    def _map(self, project: str, runs: Sequence[Run]) -> tuple[RunReport, ...]:
        reports = (parse_run(self._web, self._entity, project, run) for run in runs)
        return tuple(report for report in reports if report is not None)


def _is_going(run: Run) -> bool:
    status = STATUSES.get(run.state)
    return status is not None and not status.ended


def _key(project: str, run: Run) -> str:
    return f"{project}/{run.name}"


def _heard_ms(run: Run) -> int:
    at = run.heartbeat_at
    if at is None:
        return 0
    return int((at.replace(tzinfo=UTC) if at.tzinfo is None else at).timestamp() * 1000)


def _iso(unix_ms: int) -> str:
    return f"{datetime.fromtimestamp(unix_ms / 1000, UTC):%Y-%m-%dT%H:%M:%S}Z"
