"""Training runs: the report of one (RunEvent v1) and the arithmetic of merging reports.

A report is partial on purpose: an absent field says nothing, a metric that is null was logged
but is not a finite number. Merging is therefore safe in any order.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

Text250 = Annotated[str, Meta(max_length=250)]
Text256 = Annotated[str, Meta(max_length=256)]
Url = Annotated[str, Meta(max_length=2048, pattern=r"^https?://")]
Time = Annotated[datetime, Meta(tz=True)]
Amount = Annotated[float, Meta(ge=0)]
Count = Annotated[int, Meta(ge=1)]

UNHEARD_AFTER = timedelta(days=2)
"""A run that goes on is looked at once a day at least; one that told nothing new for so long may be dead."""
MOST_METRICS, MOST_PARAMS, MOST_TAGS = 500, 500, 200

_LARGEST = sys.float_info.max

S = TypeVar("S", bound=msgspec.Struct)
V = TypeVar("V")


class RunStatus(StrEnum):
    """A lattice: queued < running < finished, failed, killed."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    KILLED = "killed"

    @property
    def ended(self) -> bool:
        """True for a run that does no more work."""
        return self not in {RunStatus.QUEUED, RunStatus.RUNNING}


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


class Group(_Part, frozen=True, kw_only=True):
    """What a run belongs to; the runs of one group are one row."""

    id: Text256
    kind: Literal["sweep", "pipeline", "cv", "group"] | UnsetType = UNSET
    name: Text250 | UnsetType = UNSET
    planned: Count | UnsetType = UNSET


class RunFailure(_Part, frozen=True, kw_only=True):
    """Why a run failed, in the run's own words."""

    type: Annotated[str, Meta(max_length=200)] | UnsetType = UNSET
    message: Annotated[str, Meta(max_length=2000)] | UnsetType = UNSET


class RunFacts(_Part, frozen=True, kw_only=True):
    """The run itself."""

    id: Annotated[str, Meta(min_length=1, max_length=256)]
    status: RunStatus
    attempt: Count | UnsetType = UNSET
    name: Text250 | UnsetType = UNSET
    url: Url | UnsetType = UNSET
    started_at: Time | UnsetType = UNSET
    ended_at: Time | UnsetType = UNSET
    user: Text256 | UnsetType = UNSET
    parent_id: Text256 | UnsetType = UNSET
    group: Group | UnsetType = UNSET
    error: RunFailure | UnsetType = UNSET


class ExperimentName(_Part, frozen=True, kw_only=True):
    """The experiment as its tracker calls it."""

    name: Annotated[str, Meta(min_length=1, max_length=250)]
    id: Text256 | UnsetType = UNSET
    url: Url | UnsetType = UNSET


class Links(_Part, frozen=True, kw_only=True):
    """Where the run's code and plan are. Data from outside: it says where to look, no more."""

    repo: Annotated[str, Meta(max_length=300)] | UnsetType = UNSET
    issue: Annotated[str, Meta(max_length=300)] | UnsetType = UNSET
    pr: Count | UnsetType = UNSET
    sprint: Annotated[str, Meta(max_length=200)] | UnsetType = UNSET
    commit: Annotated[str, Meta(pattern=r"^[0-9a-f]{7,64}\Z")] | UnsetType = UNSET
    branch: Text250 | UnsetType = UNSET
    dirty: bool | UnsetType = UNSET
    ci_url: Annotated[str, Meta(pattern=r"^https?://")] | UnsetType = UNSET


class Metric(_Part, frozen=True, kw_only=True):
    """One measured number. `value` is the last one logged, None if it is not finite."""

    value: float | None
    best: float | UnsetType | None = UNSET
    step: int | UnsetType = UNSET
    at: Time | UnsetType = UNSET
    unit: Annotated[str, Meta(max_length=32)] | UnsetType = UNSET
    goal: Literal["max", "min"] | UnsetType = UNSET
    split: Annotated[str, Meta(max_length=64)] | UnsetType = UNSET
    dataset: Text250 | UnsetType = UNSET
    stderr: Amount | UnsetType = UNSET
    n: Count | UnsetType = UNSET


class Dataset(_Part, frozen=True, kw_only=True):
    """Data that the run used."""

    name: Annotated[str, Meta(max_length=500)]
    version: Annotated[str, Meta(max_length=200)] | UnsetType = UNSET
    digest: Annotated[str, Meta(max_length=128)] | UnsetType = UNSET
    uri: Annotated[str, Meta(max_length=2048)] | UnsetType = UNSET
    context: Annotated[str, Meta(max_length=64)] | UnsetType = UNSET
    rows: Annotated[int, Meta(ge=0)] | UnsetType = UNSET


class Model(_Part, frozen=True, kw_only=True):
    """A model that the run made."""

    name: Text250
    version: Annotated[str, Meta(max_length=100)] | UnsetType = UNSET
    alias: Annotated[str, Meta(max_length=100)] | UnsetType = UNSET
    uri: Annotated[str, Meta(max_length=2048)] | UnsetType = UNSET
    size_bytes: Annotated[int, Meta(ge=0)] | UnsetType = UNSET


class Artifact(_Part, frozen=True, kw_only=True):
    """A file that the run left behind."""

    name: Annotated[str, Meta(max_length=500)]
    url: str | UnsetType = UNSET
    kind: Literal["model", "plot", "report", "notebook", "data", "other"] | UnsetType = UNSET


class Cost(_Part, frozen=True, kw_only=True):
    """What the run used up."""

    amount: Amount | UnsetType = UNSET
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}\Z")] | UnsetType = UNSET
    gpu_seconds: Amount | UnsetType = UNSET
    cpu_seconds: Amount | UnsetType = UNSET
    energy_kwh: Amount | UnsetType = UNSET
    co2e_kg: Amount | UnsetType = UNSET


MetricName = Annotated[str, Meta(min_length=1, max_length=250)]
ParamValue = Annotated[str, Meta(max_length=6000)] | float | bool | None


class RunReport(_Part, frozen=True, kw_only=True):
    """RunEvent v1: what somebody says of one run at one moment.

    Identity is (`source`, `run.id`). Times are RFC 3339 with an offset.
    """

    source: Annotated[str, Meta(min_length=3, max_length=512, pattern=r"^[a-z][a-z0-9+.-]*:")]
    run: RunFacts
    experiment: ExperimentName
    schema: Literal["1"] = "1"
    id: Annotated[str, Meta(min_length=1, max_length=256)] | UnsetType = UNSET
    time: Time | UnsetType = UNSET
    stage: (
        Literal["plan", "data", "train", "package", "validate", "deploy", "monitor", "retrain"] | UnsetType
    ) = UNSET
    links: Links | UnsetType = UNSET
    metrics: Annotated[dict[MetricName, float | Metric | None], Meta(max_length=MOST_METRICS)] | UnsetType = (
        UNSET
    )
    params: Annotated[dict[Text250, ParamValue], Meta(max_length=MOST_PARAMS)] | UnsetType = UNSET
    tags: (
        Annotated[dict[Text250, Annotated[str, Meta(max_length=5000)]], Meta(max_length=MOST_TAGS)]
        | UnsetType
    ) = UNSET
    datasets: Annotated[list[Dataset], Meta(max_length=50)] | UnsetType = UNSET
    model: Model | UnsetType = UNSET
    artifacts: Annotated[list[Artifact], Meta(max_length=50)] | UnsetType = UNSET
    cost: Cost | UnsetType = UNSET


def finite(value: float | None) -> float | None:
    """The number itself, or None where it is none: NaN, infinite, or clamped to the largest double.

    Source: MLflow's SQL store writes an infinite metric as +-1.7976931348623157e308.
    """
    return value if value is not None and -_LARGEST < value < _LARGEST else None


def group_sweeps(reports: Iterable[RunReport]) -> dict[tuple[str, str], list[RunReport]]:
    """The runs of each sweep by source and id, without the run that only stands for the sweep."""
    sweeps: defaultdict[tuple[str, str], list[RunReport]] = defaultdict(list)
    for report in reports:
        group = report.run.group
        if isinstance(group, Group) and group.id != report.run.id:
            sweeps[report.source, group.id].append(report)
    return dict(sweeps)


def list_working(reports: Sequence[RunReport]) -> list[RunReport]:
    """Those that did something by themselves: without runs that only stand for a sweep of others."""
    sweeps = group_sweeps(reports)
    return [report for report in reports if (report.source, report.run.id) not in sweeps]


def merge(known: RunReport | None, news: RunReport) -> RunReport:
    """One report that holds what both say of the same run.

    A field that `news` leaves out stays as it was. A status never goes back, except for a
    higher attempt or a later start, which begins the run anew: when and why an earlier attempt
    ended is then forgotten.
    """
    if known is None:
        return news
    age = _age(known.run, news.run)
    stale = age < 0 or (age == 0 and _rank(news.run.status) < _rank(known.run.status))
    older, newer = (news, known) if stale else (known, news)
    merged = overlay(older, newer)
    return msgspec.structs.replace(
        merged,
        run=overlay(older.run if age == 0 else _unbegun(older.run), newer.run),
        experiment=_merge_name(older.experiment, newer.experiment),
        metrics=union(older.metrics, newer.metrics, MOST_METRICS),
        params=union(older.params, newer.params, MOST_PARAMS),
        tags=union(older.tags, newer.tags, MOST_TAGS),
    )


def _rank(status: RunStatus) -> int:
    return {RunStatus.QUEUED: 0, RunStatus.RUNNING: 1}.get(status, 2)


def _age(known: RunFacts, news: RunFacts) -> int:
    """Above 0 where `news` tells of a later beginning of the run, below 0 of an earlier one."""
    attempt = known.attempt or 1
    if (attempts := (news.attempt or attempt) - attempt) != 0:
        return attempts
    if isinstance(news.started_at, datetime) and isinstance(known.started_at, datetime):
        return (news.started_at > known.started_at) - (news.started_at < known.started_at)
    return 0


def _merge_name(older: ExperimentName, newer: ExperimentName) -> ExperimentName:
    """Who tells only the name of an experiment takes nothing else of it away."""
    return overlay(older, newer) if older.name == newer.name else newer


def _unbegun(run: RunFacts) -> RunFacts:
    return msgspec.structs.replace(run, started_at=UNSET, ended_at=UNSET, error=UNSET)


def overlay(older: S, newer: S) -> S:
    """`older` with all that `newer` says in its place."""
    said = {name: value for name, value in msgspec.structs.asdict(newer).items() if value is not UNSET}
    return msgspec.structs.replace(older, **said)


def union(
    older: dict[str, V] | UnsetType, newer: dict[str, V] | UnsetType, most: int
) -> dict[str, V] | UnsetType:
    """What both name, as `newer` says where they differ; of more than `most`, those of `newer` go first."""
    if older is UNSET or newer is UNSET:
        return newer if older is UNSET else older
    left_out = set([name for name in older if name not in newer][max(most - len(newer), 0) :])
    return {name: value for name, value in older.items() if name not in left_out} | newer
