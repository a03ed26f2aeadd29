"""What the work item says of an experiment's runs: how many, which metrics, which are best."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter

import msgspec
from msgspec import UNSET, UnsetType

from trainboard.experiment_view import ExperimentView
from trainboard.metrics import value_of
from trainboard.runs import Group, Metric, RunReport, RunStatus, group_sweeps
from trainboard.targets import Goal

MAX_ROWS = 10
_FRUITLESS = frozenset({RunStatus.FAILED, RunStatus.KILLED})

GroupKey = tuple[str, str]
Score = tuple[RunReport, float]


class KnownMetric(msgspec.Struct, frozen=True):
    """A metric that runs logged; `goal` is None where nobody tells which way is better."""

    name: str
    goal: Goal | None
    targeted: bool


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A run by itself, or all runs of one sweep; `planned` is None for a run by itself.

    Of `unheard` runs that have not ended nothing was heard for long, of the last one since `unheard_since`.
    """

    id: str
    name: str
    url: str | None
    status: RunStatus
    ended_at: datetime | None
    started_at: datetime | None
    runs: tuple[RunReport, ...]
    planned: int | None = None
    unheard: int = 0
    unheard_since: datetime | None = None

    @property
    def done(self) -> int:
        """How many of the runs do no more work, whatever came of them."""
        return sum(report.run.status.ended for report in self.runs)

    @property
    def failed(self) -> int:
        """How many of the runs failed."""
        return sum(report.run.status is RunStatus.FAILED for report in self.runs)

    def best(self, metric: str, goal: Goal) -> float | None:
        """The value of a run by itself; of a sweep the best of its finished runs. None if there is none."""
        if self.planned is None:
            return value_of(self.runs[0], metric)
        scores = finished_scores(self.runs, metric)
        return best_of(scores, goal)[1] if scores else None


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of runs, which leave out the parents of sweeps, and the best rows.

    Those that are `unheard` are neither running nor queued, as far as anybody knows.

    `hidden_runs` are those in rows that did not make it; `metrics` stand in the order in which they
    are shown: targeted ones, those with a known direction, then those that most runs logged.
    `last_failure` is the failed run that ended last.
    """

    total: int
    finished: int
    running: int
    queued: int
    failed: int
    killed: int
    unheard: int
    sweeps: int
    rows: tuple[Row, ...]
    hidden_runs: int
    metrics: tuple[KnownMetric, ...]
    last_failure: RunReport | None


def summarise(view: ExperimentView, max_rows: int = MAX_ROWS) -> Summary:
    """Counts, metrics and the best rows of `view`, ten unless more are asked for.

    Rows are ordered by the metric of the first target, best first, then those that have no finite
    value or failed; without a target by their end, latest first, then those that have not ended.
    """
    groups = group_sweeps(view.runs)
    parents = {(report.source, report.run.id): report for report in view.runs}
    counted = [report for report in view.runs if (report.source, report.run.id) not in groups]
    status = Counter(report.run.status for report in counted if _key(report) not in view.unheard)
    rows = [_note_silence(row, view) for row in _ordered(_rows(counted, groups, parents), view)]
    return Summary(
        total=len(counted),
        finished=status[RunStatus.FINISHED],
        running=status[RunStatus.RUNNING],
        queued=status[RunStatus.QUEUED],
        failed=status[RunStatus.FAILED],
        killed=status[RunStatus.KILLED],
        unheard=len(counted) - status.total(),
        sweeps=len(groups),
        rows=tuple(rows[:max_rows]),
        hidden_runs=sum(len(row.runs) for row in rows[max_rows:]),
        metrics=tuple(_known_metrics(view)),
        last_failure=max(
            (report for report in counted if report.run.status is RunStatus.FAILED), key=_end, default=None
        ),
    )


def _key(report: RunReport) -> GroupKey:
    return report.source, report.run.id


def _note_silence(row: Row, view: ExperimentView) -> Row:
    moments = [view.unheard[key] for report in row.runs if (key := _key(report)) in view.unheard]
    if not moments:
        return row
    return msgspec.structs.replace(row, unheard=len(moments), unheard_since=max(moments))


def finished_scores(reports: Iterable[RunReport], metric: str) -> list[Score]:
    """The finished ones of `reports` that have a finite value of `metric`, with it, in their order."""
    finished = (report for report in reports if report.run.status is RunStatus.FINISHED)
    return [(report, value) for report in finished if (value := value_of(report, metric)) is not None]


def best_of(scores: Sequence[Score], goal: Goal) -> Score:
    """The best of `scores`, of which there is at least one; the first of equals."""
    return (max if goal == "max" else min)(scores, key=itemgetter(1))


def known(value: str | UnsetType) -> str | None:
    """`value`, None where the run does not tell it."""
    return None if value is UNSET else value


def run_name(report: RunReport) -> str:
    """What people call the run; its id where it has no name."""
    return known(report.run.name) or report.run.id


def _rows(
    counted: Iterable[RunReport],
    groups: Mapping[GroupKey, Sequence[RunReport]],
    parents: Mapping[GroupKey, RunReport],
) -> list[Row]:
    sweeps = [_sweep_row(key, children, parents.get(key)) for key, children in groups.items()]
    grouped = {id(child) for children in groups.values() for child in children}
    return sweeps + [_run_row(report) for report in counted if id(report) not in grouped]


def _run_row(report: RunReport) -> Row:
    run = report.run
    return Row(
        id=run.id,
        name=run_name(report),
        url=known(run.url),
        status=run.status,
        ended_at=None if run.ended_at is UNSET else run.ended_at,
        started_at=None if run.started_at is UNSET else run.started_at,
        runs=(report,),
    )


def _sweep_row(key: GroupKey, children: Sequence[RunReport], parent: RunReport | None) -> Row:
    told = [child.run.group for child in children if isinstance(child.run.group, Group)]
    names = [name for group in told if (name := known(group.name))]
    planned = max((group.planned for group in told if isinstance(group.planned, int)), default=0)
    everyone = [*children, parent] if parent else children
    ends = [report.run.ended_at for report in everyone if isinstance(report.run.ended_at, datetime)]
    starts = [report.run.started_at for report in everyone if isinstance(report.run.started_at, datetime)]
    return Row(
        id=key[1],
        name=names[0] if names else run_name(parent) if parent else key[1],
        url=known(parent.run.url) if parent else None,
        status=parent.run.status if parent else _sweep_status(children),
        ended_at=max(ends, default=None),
        started_at=min(starts, default=None),
        runs=tuple(children),
        planned=max(planned, len(children)),
    )


def _sweep_status(children: Iterable[RunReport]) -> RunStatus:
    statuses = {child.run.status for child in children}
    if statuses == {RunStatus.QUEUED}:
        return RunStatus.QUEUED
    return RunStatus.FINISHED if all(status.ended for status in statuses) else RunStatus.RUNNING


def _ordered(rows: list[Row], view: ExperimentView) -> list[Row]:
    if not view.judgements:
        return sorted(rows, key=_by_end)
    first = view.judgements[0]
    goal = first.goal
    if goal is None:
        return sorted(rows, key=_by_end)
    return sorted(rows, key=lambda row: _by_metric(row, first.target.metric, goal))


def _by_metric(row: Row, metric: str, goal: Goal) -> tuple[bool, float, str, str]:
    fruitless = row.planned is None and row.status in _FRUITLESS
    value = None if fruitless else row.best(metric, goal)
    if value is None:
        return True, 0.0, row.name, row.id
    return False, -value if goal == "max" else value, row.name, row.id


def _end(report: RunReport) -> tuple[float, str]:
    ended_at = report.run.ended_at
    return (0.0 if ended_at is UNSET else ended_at.timestamp()), report.run.id


def _by_end(row: Row) -> tuple[bool, float, str, str]:
    moment = row.ended_at or row.started_at
    return row.ended_at is None, -moment.timestamp() if moment else 0.0, row.name, row.id


def _known_metrics(view: ExperimentView) -> list[KnownMetric]:
    targeted: dict[str, set[Goal]] = defaultdict(set)
    for judgement in view.judgements:
        targeted[judgement.target.metric] |= {judgement.goal} if judgement.goal else set()
    logged, told = _logged(view.runs)
    names = [*targeted, *sorted(logged.keys() - targeted.keys(), key=lambda name: (-logged[name], name))]
    metrics = [
        KnownMetric(name, _only(targeted.get(name) or told.get(name, set())), name in targeted)
        for name in names
    ]
    return sorted(metrics, key=lambda metric: (not metric.targeted, metric.goal is None))


def _logged(reports: Iterable[RunReport]) -> tuple[Counter[str], dict[str, set[Goal]]]:
    """How many runs logged each metric, and the directions that they told."""
    logged: Counter[str] = Counter()
    told: dict[str, set[Goal]] = defaultdict(set)
    for report in reports:
        if report.metrics is UNSET:
            continue
        logged.update(report.metrics.keys())
        for name, value in report.metrics.items():
            if isinstance(value, Metric) and value.goal is not UNSET:
                told[name].add(value.goal)
    return logged, told


def _only(goals: set[Goal]) -> Goal | None:
    return next(iter(goals)) if len(goals) == 1 else None
