"""A run of W&B as a run report. Pure: what a run holds is data, cut to size and never followed."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from urllib.parse import quote

from msgspec import UNSET, UnsetType

from trainboard.experiments.wandb.answers import Run
from trainboard.runs import ExperimentName, Group, Links, RunFacts, RunReport, RunStatus, finite

STATUSES = {
    "pending": RunStatus.QUEUED,
    "running": RunStatus.RUNNING,
    "preempting": RunStatus.RUNNING,
    "preempted": RunStatus.QUEUED,
    "finished": RunStatus.FINISHED,
    "failed": RunStatus.FAILED,
    "crashed": RunStatus.FAILED,
    "killed": RunStatus.KILLED,
}
MAX_MEMBERS, MAX_TAGS, MAX_NAME, MAX_ID, MAX_PARAM = 500, 200, 250, 256, 6000

_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_OWN = "_"
_DEEPEST = 20
_UNLIKE_NUMBERS = frozenset({"nan", "infinity", "inf"})


def parse_run(web: str, entity: str, project: str, run: Run) -> RunReport | None:
    """The report of a run, None if W&B's words for it are not known.

    A run that crashed has failed. When it ended is when it was last heard of.

    Args:
        web: address of the pages, for links.
        entity: whose project it is.
        project: its name, which is that of the experiment.
        run: what W&B tells of it.
    """
    status = STATUSES.get(run.state)
    if status is None or not 0 < len(run.name) <= MAX_ID:
        return None
    config = dict(_list_config(run.config))
    page = f"{web}/{quote(entity, safe='')}/{quote(project, safe='')}"
    return RunReport(
        source=f"wandb:{entity}/{project}"[:512],
        run=RunFacts(
            id=run.name,
            status=status,
            name=_text(run.display_name, MAX_NAME),
            url=f"{page}/runs/{quote(run.name, safe='')}",
            started_at=_time(run.created_at),
            ended_at=_time(run.heartbeat_at) if status.ended else UNSET,
            user=_text(run.user.username if run.user else None, MAX_ID),
            group=_parse_group(run),
        ),
        experiment=ExperimentName(name=project[:MAX_NAME], url=page),
        stage="train",
        links=_parse_links(run.commit, config),
        metrics=dict(islice(_list_metrics(run.summary_metrics), MAX_MEMBERS)) or UNSET,
        params=dict(islice(_list_params(config), MAX_MEMBERS)) or UNSET,
        tags={tag[:MAX_NAME]: "" for tag in sorted(run.tags or [])[:MAX_TAGS]} or UNSET,
    )


def _parse_group(run: Run) -> Group | UnsetType:
    if run.sweep_name:
        return Group(id=run.sweep_name[:MAX_ID], kind="sweep")
    return Group(id=run.group[:MAX_ID], kind="group", name=run.group[:MAX_NAME]) if run.group else UNSET


def _parse_links(commit: str | None, config: Mapping[str, Any]) -> Links | UnsetType:
    """Where the code and the plan are, by the names that configurations have for it.

    W&B does not tell whether the tree had changes: it counts as changed unless `plan_dirty` is false.
    """
    known = commit if commit and _COMMIT.fullmatch(commit) else UNSET
    number = str(config.get("plan_pr", ""))
    links = Links(
        repo=_text(config.get("plan_repo"), 300),
        issue=_text(config.get("plan_issue"), 300),
        pr=int(number) if _NUMBER.fullmatch(number) else UNSET,
        commit=known,
        dirty=UNSET if known is UNSET else config.get("plan_dirty") is not False,
    )
    return UNSET if links == Links() else links


def _list_config(text: str | None) -> Iterator[tuple[str, Any]]:
    """The values, each of which W&B wraps in an object; its own notes are left out."""
    for key, wrapped in _parse_object(text).items():
        if not key.startswith(_OWN):
            yield key, wrapped.get("value") if isinstance(wrapped, dict) and "value" in wrapped else wrapped


def _list_params(config: Mapping[str, Any]) -> Iterator[tuple[str, str | float | bool | None]]:
    for name, value in _flatten(config):
        if isinstance(value, str):
            yield name, _clean(value)[:MAX_PARAM]
        elif isinstance(value, list):
            yield name, json.dumps(value)[:MAX_PARAM]
        elif value is None or isinstance(value, bool):
            yield name, value
        elif _is_number(value):
            number = _finite(value)
            yield name, str(value)[:MAX_PARAM] if number is None else number


def _list_metrics(text: str | None) -> Iterator[tuple[str, float | None]]:
    for name, value in _flatten(_parse_object(text)):
        if not name.startswith(_OWN) and _is_number(value):
            yield name, _finite(value)


def _is_number(value: object) -> bool:
    """True, too, for the texts that W&B writes in place of NaN and infinity."""
    if isinstance(value, str):
        return value.casefold().lstrip("+-") in _UNLIKE_NUMBERS
    return isinstance(value, int | float) and not isinstance(value, bool)


def _finite(value: object) -> float | None:
    try:
        return finite(float(value)) if isinstance(value, int | float) else None
    except OverflowError:
        return None


def _flatten(members: Mapping[str, Any], above: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    for key, value in sorted(members.items()):
        name = _clean(f"{above}.{key}" if above else key)
        if isinstance(value, dict):
            if depth < _DEEPEST:
                yield from _flatten(value, name, depth + 1)
        elif 0 < len(name) <= MAX_NAME:
            yield name, value


def _parse_object(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(value: object, limit: int) -> str | UnsetType:
    return _clean(value)[:limit] or UNSET if isinstance(value, str) else UNSET


def _clean(text: str) -> str:
    """The text without half surrogate pairs, which JSON within JSON may hold and nobody can write."""
    return text.encode("utf-8", "replace").decode()


def _time(at: datetime | None) -> datetime | UnsetType:
    """W&B writes times of UTC, some of them without saying so."""
    if at is None:
        return UNSET
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
