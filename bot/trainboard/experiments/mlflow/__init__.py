"""MLflow: runs are found by asking for them, because MLflow sends no event about a run."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from functools import partial

from trainboard.experiments import Cursor, Page, RegisteredVersion, Registry
from trainboard.experiments.mlflow.answers import Run, RunPage
from trainboard.experiments.mlflow.client import MlflowClient
from trainboard.experiments.mlflow.horizon import Horizon
from trainboard.experiments.mlflow.mapping import parse_run
from trainboard.experiments.mlflow.paging import TimeField, list_pages
from trainboard.experiments.mlflow.registry import RegistryReader
from trainboard.experiments.mlflow.sweeps import Parents
from trainboard.runs import RunReport

OVERLAP_MS = 15 * 60 * 1000
RESOLVE_EVERY = timedelta(minutes=1)
EXPERIMENTS_PER_CALL = 100
NEW_RUNS_PER_PAGE = 200
RUNS_PER_PAGE = 1000
NOT_ENDED = " AND ".join(f"attributes.status != '{status}'" for status in ("FINISHED", "FAILED", "KILLED"))


def _utc_now() -> datetime:
    return datetime.now(UTC)


class MlflowReader:
    """Reads the runs of one MLflow server; keeps the contract of `RunReader`.

    A run's times are told by the clock of the machine that trained. Every reading therefore goes
    back 15 minutes behind the cursor, and a cursor never gets ahead of the moment of its reading,
    so that a clock that is fast does not hide the runs of the others. After a complete reading the
    cursor is at most an hour old, lest a quiet tracker is asked for its last runs for ever.

    Args:
        name: the configured source, `mlflow/prod`; reports carry the source `mlflow:prod`.
        url: the server's address, with the path below which it lives, if any.
        experiments: shell patterns of the experiments' names, letter case counts.
        token: bearer token.
        username: for basic authentication, if there is no token.
        password: for basic authentication.
        clock: tells the moment, aware.
    """

    def __init__(  # noqa: PLR0913  # these are the keys of the configuration
        self,
        *,
        name: str,
        url: str,
        experiments: Sequence[str],
        token: str = "",
        username: str = "",
        password: str = "",
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        self.name = name
        self._source = f"mlflow:{name.partition('/')[2] or name}"
        self._patterns = tuple(experiments)
        self._clock = clock
        self._client = MlflowClient(url, token=token, username=username, password=password)
        self._parents = Parents(self._client)
        self._registry = RegistryReader(self._client)
        self._resolved: tuple[datetime, dict[str, str]] | None = None

    def list_new(self, cursor: Cursor) -> Iterator[Page]:
        """Pages of runs that ended since the cursor, then one of runs that started or vanished.

        An empty cursor means every run that ever ended: begin with `list_since`, whose last cursor
        leads on. The last page may be without reports; its cursor counts. A run that was cleared away
        for good (`mlflow gc`) before its end was read is dropped without a report: nothing is left
        that tells its experiment.
        """
        names = self._resolve()
        horizon = Horizon(cursor, self._clock())
        going = self._list_going(names, horizon)
        ended: set[str] = set()
        for page in self._list_ended(names, cursor.ended_ms):
            horizon.note(page)
            ended.update(run.info.run_id for run in page.runs)
            left = tuple(run_id for run_id in cursor.running if run_id not in ended)
            reached_ms = cursor.ended_ms if len(names) > EXPERIMENTS_PER_CALL else horizon.reached_ms
            yield Page(reports=self._map(page.runs, names), cursor=Cursor(ended_ms=reached_ms, running=left))
        known = frozenset(cursor.running)
        on = {run_id: run for run_id, run in going.items() if run_id not in ended}
        lost = [run_id for run_id in cursor.running if run_id not in on and run_id not in ended]
        found, homes = self._look_up(lost, names)
        news = [run for run_id, run in on.items() if run_id not in known]
        news += [run for run in found if not _alive(run)]
        running = sorted({*on, *(run.info.run_id for run in found if _alive(run))})
        ended_ms = horizon.settled_ms if names else cursor.ended_ms
        yield Page(reports=self._map(news, homes), cursor=Cursor(ended_ms=ended_ms, running=tuple(running)))

    def list_since(self, since_ms: int, cursor: Cursor) -> Iterator[Page]:
        """Pages of every run that started or ended at or after `since_ms`, by freshly looked up names.

        Only the last page, which is without reports, moves the cursor: the order is that of starts.
        """
        names = self._resolve(fresh=True)
        horizon = Horizon(cursor, self._clock())
        running = set(cursor.running)
        for page in self._list_all(names, since_ms):
            horizon.note(page)
            running.difference_update(run.info.run_id for run in page.runs)
            running.update(run.info.run_id for run in page.runs if _alive(run))
            if page.runs:
                yield Page(reports=self._map(page.runs, names), cursor=cursor)
        ended_ms = horizon.settled_ms if names else cursor.ended_ms
        yield Page(reports=(), cursor=Cursor(ended_ms=ended_ms, running=tuple(sorted(running))))

    def find_run(self, run_id: str) -> RunReport | None:
        """The run of that id; None if there is none, or none of an experiment that a pattern matches."""
        runs, homes = self._look_up([run_id], self._resolve())
        return next(iter(self._map(runs, homes)), None)

    def read_registry(self) -> Registry:
        """Where the aliases of all models point."""
        return self._registry.read(self._clock())

    def find_version(self, model: str, version: str) -> RegisteredVersion | None:
        """A version of a model; None if there is none that we may see."""
        return self._registry.find_version(model, version)

    def _list_going(self, names: dict[str, str], horizon: Horizon) -> dict[str, Run]:
        """Runs that have not ended, by id."""
        going: dict[str, Run] = {}
        for page in self._list_pages(names, NOT_ENDED, "start_time", RUNS_PER_PAGE):
            horizon.note(page)
            going.update((run.info.run_id, run) for run in page.runs)
        return going

    def _list_ended(self, names: dict[str, str], since_ms: int) -> Iterator[RunPage]:
        where = f"attributes.end_time >= {max(since_ms - OVERLAP_MS, 0)}"
        pages = self._list_pages(names, where, "end_time", NEW_RUNS_PER_PAGE)
        return (page for page in pages if page.runs)

    def _list_all(self, names: dict[str, str], since_ms: int) -> Iterator[RunPage]:
        started = f"attributes.start_time >= {since_ms}"
        ended = f"attributes.end_time >= {since_ms} AND attributes.start_time < {since_ms}"
        yield from self._list_pages(names, started, "start_time", RUNS_PER_PAGE)
        yield from self._list_pages(names, ended, "end_time", RUNS_PER_PAGE)

    def _list_pages(
        self, names: dict[str, str], where: str, field: TimeField, size: int
    ) -> Iterator[RunPage]:
        ids = list(names)
        for first in range(0, len(ids), EXPERIMENTS_PER_CALL):
            chunk = ids[first : first + EXPERIMENTS_PER_CALL]
            yield from list_pages(partial(self._search, chunk, where, field), field, size)

    def _search(
        self, ids: Sequence[str], where: str, field: TimeField, floor: int | None, size: int, token: str
    ) -> RunPage:
        if floor is not None:
            where = f"{where} AND attributes.{field} >= {floor}"
        return self._client.search_runs(ids, where, f"attributes.{field} ASC", size, token)

    def _resolve(self, *, fresh: bool = False) -> dict[str, str]:
        """Names of the experiments that a pattern matches, by id."""
        now = self._clock()
        if fresh or self._resolved is None or now - self._resolved[0] >= RESOLVE_EVERY:
            found = self._client.list_experiments()
            self._resolved = now, {each.experiment_id: each.name for each in found if self._wants(each.name)}
        return self._resolved[1]

    def _wants(self, name: str) -> bool:
        return any(fnmatchcase(name, pattern) for pattern in self._patterns)

    def _look_up(self, run_ids: Iterable[str], names: dict[str, str]) -> tuple[list[Run], dict[str, str]]:
        """The runs that are still there and ours, and the names of experiments with theirs added."""
        runs = [run for run in map(self._client.find_run, run_ids) if run is not None]
        others = dict.fromkeys(run.info.experiment_id for run in runs if run.info.experiment_id not in names)
        found = [each for each in map(self._client.find_experiment, others) if each is not None]
        homes = names | {each.experiment_id: each.name for each in found if self._wants(each.name)}
        return [run for run in runs if run.info.experiment_id in homes], homes

    def _map(self, runs: Sequence[Run], names: dict[str, str]) -> tuple[RunReport, ...]:
        self._parents.remember(runs)
        reports = (
            parse_run(
                self._source, self._client.url, names[run.info.experiment_id], run, self._parents.find(run)
            )
            for run in runs
            if run.info.experiment_id in names
        )
        return tuple(report for report in reports if report is not None)


def _alive(run: Run) -> bool:
    return not run.ended and run.info.lifecycle_stage == "active"
