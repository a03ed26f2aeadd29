"""Reading runs from whatever speaks MLflow's REST API."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase

from trainboard.experiments import Cursor, Page, RegisteredVersion, Registry
from trainboard.experiments.mlflow.answers import Run
from trainboard.experiments.mlflow.client import MlflowClient
from trainboard.experiments.mlflow.horizon import Horizon
from trainboard.experiments.mlflow.registry import RegistryReader
from trainboard.experiments.mlflow.search import Names, RunSearch
from trainboard.experiments.mlflow.sweeps import Parents
from trainboard.runs import RunReport

RESOLVE_EVERY = timedelta(minutes=1)
MOST_LOOKED_UP = 200

ParseRun = Callable[[str, Run, Run | None], RunReport | None]
"""Makes a report of a run: from the name of its experiment, the run, and its parent where that is known."""


def utc_now() -> datetime:
    """The moment."""
    return datetime.now(UTC)


class TrackerReader:
    """Reads the runs of one tracker; keeps the contract of `RunReader`.

    A run's times are told by the clock of the machine that trained. Every reading therefore goes
    back 15 minutes behind the cursor, and a cursor never gets ahead of the moment of its reading,
    so that a clock that is fast does not hide the runs of the others. After a complete reading the
    cursor is at most an hour old, lest a quiet tracker is asked for its last runs for ever.

    Args:
        name: the configured source, `mlflow/prod`.
        experiments: shell patterns of the experiments' names, letter case counts.
        client: asks the tracker.
        search: finds runs by it.
        parse: makes reports of runs.
        clock: tells the moment, aware.
    """

    def __init__(
        self,
        *,
        name: str,
        experiments: Sequence[str],
        client: MlflowClient,
        search: RunSearch,
        parse: ParseRun,
        clock: Callable[[], datetime],
    ) -> None:
        self.name = name
        self._patterns = tuple(experiments)
        self._client = client
        self._search = search
        self._parse = parse
        self._clock = clock
        self._parents = Parents(client)
        self._registry = RegistryReader(client)
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
        going = self._list_going(names, cursor.ended_ms, horizon)
        ended: set[str] = set()
        for page in self._search.list_ended(names, cursor.ended_ms):
            horizon.note(page)
            if not page.runs:
                continue
            ended.update(run.info.run_id for run in page.runs)
            left = tuple(run_id for run_id in cursor.running if run_id not in ended)
            reached_ms = horizon.reached_ms if self._search.rises(names) else cursor.ended_ms
            yield Page(reports=self._map(page.runs, names), cursor=Cursor(ended_ms=reached_ms, running=left))
        known = frozenset(cursor.running)
        on = {run_id: run for run_id, run in going.items() if run_id not in ended}
        lost = [run_id for run_id in cursor.running if run_id not in on and run_id not in ended]
        found, homes = self._look_up(lost[:MOST_LOOKED_UP], names)
        news = [run for run_id, run in on.items() if run_id not in known]
        news += [run for run in found if not _alive(run)]
        alive = [run.info.run_id for run in found if _alive(run)]
        running = (*sorted(on), *lost[MOST_LOOKED_UP:], *alive)
        ended_ms = horizon.settled_ms if names else cursor.ended_ms
        yield Page(reports=self._map(news, homes), cursor=Cursor(ended_ms=ended_ms, running=running))

    def list_since(self, since_ms: int, cursor: Cursor) -> Iterator[Page]:
        """Pages of every run that started or ended at or after `since_ms`, by freshly looked up names.

        Only the last page, which is without reports, moves the cursor: the order is that of starts.
        """
        names = self._resolve(fresh=True)
        horizon = Horizon(cursor, self._clock())
        running = set(cursor.running)
        for page in self._search.list_all(names, since_ms):
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

    def _list_going(self, names: Names, since_ms: int, horizon: Horizon) -> dict[str, Run]:
        """Runs that have not ended, by id."""
        going: dict[str, Run] = {}
        for page in self._search.list_going(names, since_ms):
            horizon.note(page)
            going.update((run.info.run_id, run) for run in page.runs)
        return going

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
            self._parse(names[run.info.experiment_id], run, self._parents.find(run))
            for run in runs
            if run.info.experiment_id in names
        )
        return tuple(report for report in reports if report is not None)


def _alive(run: Run) -> bool:
    return not run.ended and run.info.lifecycle_stage == "active"
