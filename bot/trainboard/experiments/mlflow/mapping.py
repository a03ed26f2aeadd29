"""An MLflow run as a run report. Pure: what a run holds is data, cut to size and never followed."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import msgspec
from msgspec import UNSET, UnsetType

from trainboard.experiments.mlflow.answers import DatasetInput, MetricPoint, Pair, Run
from trainboard.experiments.mlflow.sweeps import PARENT_TAG, PLANNED_TAG
from trainboard.git_remotes import parse_repository
from trainboard.runs import Dataset, ExperimentName, Group, Links, RunFacts, RunReport, RunStatus, finite

STATUSES = {
    "SCHEDULED": RunStatus.QUEUED,
    "RUNNING": RunStatus.RUNNING,
    "FINISHED": RunStatus.FINISHED,
    "FAILED": RunStatus.FAILED,
    "KILLED": RunStatus.KILLED,
}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MAX_METRICS = 500
MAX_PARAMS = 500
MAX_TAGS = 200
MAX_DATASETS = 50
MAX_URL = 2048
MAX_NAME = 250
MAX_ID = 256
NUMBER = re.compile(r"[1-9][0-9]{0,8}")
COMMIT = re.compile(r"[0-9a-f]{7,64}")

S = TypeVar("S", bound=msgspec.Struct)


class _Source(msgspec.Struct, frozen=True):
    """Where a dataset came from; which of the fields it has depends on the kind of its source."""

    uri: str = ""
    url: str = ""
    path: str = ""


class _Profile(msgspec.Struct, frozen=True):
    num_rows: int | None = None


def parse_run(source: str, url: str, experiment: str, run: Run, parent: Run | None) -> RunReport | None:
    """The report of a run, None if MLflow's words for it are not known.

    A run with a parent is a member of the sweep that the parent stands for. The parent itself is
    reported like any other run, without a group. A deleted run counts as killed.

    Args:
        source: the report's source, `mlflow:prod`.
        url: the server's address, for links.
        experiment: the name of the run's experiment.
        run: what MLflow tells of the run.
        parent: what MLflow tells of the parent, None if there is none or nothing is known of it.

    Source: MLflow REST API, "Run"; MLflow documentation, "System Tags".
    """
    info, tags = run.info, run.tags
    status = STATUSES.get(info.status)
    if status is None or not 0 < len(info.run_id) <= MAX_ID or not experiment:
        return None
    page = f"{url}/#/experiments/{quote(info.experiment_id, safe='')}"
    return RunReport(
        source=source[:512],
        run=RunFacts(
            id=info.run_id,
            status=RunStatus.KILLED if info.lifecycle_stage == "deleted" else status,
            name=_text(info.run_name or tags.get("mlflow.runName", ""), MAX_NAME),
            url=short_url(f"{page}/runs/{quote(info.run_id, safe='')}"),
            started_at=_time(info.start_time),
            ended_at=_time(info.end_time),
            user=_text(info.user_id or tags.get("mlflow.user", ""), MAX_ID),
            parent_id=_text(tags.get(PARENT_TAG, ""), MAX_ID),
            group=_parse_group(tags, parent),
        ),
        experiment=ExperimentName(
            name=experiment[:MAX_NAME], id=_text(info.experiment_id, MAX_ID), url=short_url(page)
        ),
        stage="train",
        links=_parse_links(tags),
        metrics=_parse_metrics(run.data.metrics),
        params=_parse_pairs(run.data.params, 6000, MAX_PARAMS),
        tags=_parse_pairs(
            (tag for tag in run.data.tags if not tag.key.startswith("mlflow.")), 5000, MAX_TAGS
        ),
        datasets=[_parse_dataset(used) for used in run.inputs.dataset_inputs[:MAX_DATASETS]] or UNSET,
    )


def _parse_group(tags: dict[str, str], parent: Run | None) -> Group | UnsetType:
    parent_id = tags.get(PARENT_TAG, "")
    if not parent_id:
        return UNSET
    planned = tags.get(PLANNED_TAG) or (parent.tags.get(PLANNED_TAG, "") if parent else "")
    return Group(
        id=parent_id[:MAX_ID],
        kind="sweep",
        name=_text(parent.info.run_name, MAX_NAME) if parent else UNSET,
        planned=_parse_number(planned),
    )


def _parse_links(tags: dict[str, str]) -> Links | UnsetType:
    commit = tags.get("mlflow.source.git.commit", "").strip().lower()
    dirty = tags.get("mlflow.source.git.dirty", "").strip().lower()
    links = Links(
        repo=_text(tags.get("plan.repo") or parse_repository(tags.get("mlflow.source.git.repoURL", "")), 300),
        issue=_text(tags.get("plan.issue", ""), 300),
        pr=_parse_number(tags.get("plan.pr", "")),
        sprint=_text(tags.get("plan.sprint", ""), 200),
        commit=commit if COMMIT.fullmatch(commit) else UNSET,
        branch=_text(tags.get("mlflow.source.git.branch", ""), MAX_NAME),
        dirty={"true": True, "false": False}.get(dirty, UNSET),
    )
    return UNSET if links == Links() else links


def _parse_metrics(points: Iterable[MetricPoint]) -> dict[str, float | Any | None] | UnsetType:
    """The last values by name, the first 500 names; None for what is no finite number."""
    named = {point.key: point for point in points if 0 < len(point.key) <= MAX_NAME}
    return {name: _parse_value(named[name].value) for name in sorted(named)[:MAX_METRICS]} or UNSET


def _parse_value(value: float | str | None) -> float | None:
    try:
        return None if value is None else finite(float(value))
    except ValueError:
        return None


def _parse_pairs(pairs: Iterable[Pair], limit: int, count: int) -> dict[str, Any] | UnsetType:
    named = {pair.key: pair.value[:limit] for pair in pairs if 0 < len(pair.key) <= MAX_NAME}
    return {name: named[name] for name in sorted(named)[:count]} or UNSET


def _parse_dataset(used: DatasetInput) -> Dataset:
    source = _parse_json(used.dataset.source, _Source())
    rows = _parse_json(used.dataset.profile, _Profile()).num_rows
    contexts = (tag.value for tag in used.tags if tag.key == "mlflow.data.context")
    return Dataset(
        name=used.dataset.name[:500],
        digest=_text(used.dataset.digest, 128),
        uri=_text(_bare(source.uri or source.url or source.path), 2048),
        context=_text(next(contexts, ""), 64),
        rows=UNSET if rows is None or rows < 0 else rows,
    )


def _parse_json(text: str, empty: S) -> S:
    try:
        return msgspec.json.decode(text, type=type(empty))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return empty


def _bare(uri: str) -> str:
    """A dataset's address without credentials and query, which may hold a signature."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return ""
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def _text(value: str, limit: int) -> str | UnsetType:
    return value[:limit] or UNSET


def short_url(url: str) -> str | UnsetType:
    """The address, unless a cut would make it another one."""
    return url if len(url) <= MAX_URL else UNSET


def _parse_number(text: str) -> int | UnsetType:
    return int(text) if NUMBER.fullmatch(text) else UNSET


def _time(unix_ms: int | None) -> datetime | UnsetType:
    """The moment; MLflow says 0 where the client gave none."""
    if not unix_ms or unix_ms < 0:
        return UNSET
    try:
        return EPOCH + timedelta(milliseconds=unix_ms)
    except OverflowError:
        return UNSET
