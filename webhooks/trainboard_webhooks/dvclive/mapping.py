"""An event of DVCLive as the report of a run. What it holds is data, cut to size."""

import json
import re
from collections.abc import Iterator
from typing import TypeVar

from msgspec import UNSET, UnsetType

from trainboard.errors import PayloadError
from trainboard.git_remotes import parse_repository
from trainboard.runs import ExperimentName, Links, Metric, RunFacts, RunFailure, RunReport, RunStatus, finite
from trainboard_webhooks.payload import Payload, shorten

V = TypeVar("V")

_COMMIT = re.compile(r"[0-9a-f]{40}")
_STEP = "step"
_UNLIKE_NUMBERS = frozenset({"nan", "inf", "infinity"})
_MAX_MEMBERS, _MAX_NAME, _MAX_ID, _MAX_PARAM, _MAX_TEXT = 500, 250, 256, 6000, 5000
_LARGEST_STEP = 2**53


def repository_of(payload: Payload) -> str:
    """`acme/churn`, where the code of the run lives."""
    repository = parse_repository(payload["repo_url"].text())
    if not repository:
        raise PayloadError("$.repo_url must be the address of a git repository")
    return shorten(repository, _MAX_NAME)


def read_report(payload: Payload) -> RunReport:
    """What the event says; the experiment is the repository, for DVCLive knows none.

    The commit is the one that the run started from. Whether the tree had changes is not told, so it counts
    as changed: the run is no evidence for that commit.
    """
    repository, baseline = repository_of(payload), _commit(payload["baseline_sha"])
    name = _find_text(payload, "name")
    return RunReport(
        source=f"dvclive:{repository}",
        run=RunFacts(
            id=shorten("/".join(filter(None, [baseline, name])), _MAX_ID),
            status=_status(payload),
            name=shorten(name, _MAX_NAME) if name else UNSET,
            error=_read_failure(payload),
        ),
        experiment=ExperimentName(name=repository),
        stage="train",
        links=Links(repo=repository, commit=baseline, dirty=True),
        metrics=dict(_take(_list_metrics(payload))) or UNSET,
        params=dict(_take(_list_params(payload))) or UNSET,
        tags=_read_tags(payload),
    )


def _commit(member: Payload) -> str:
    commit = member.text().lower()
    if not _COMMIT.fullmatch(commit):
        raise PayloadError(f"{member.path} must be a commit's hash of 40 hexadecimal digits")
    return commit


def _status(payload: Payload) -> RunStatus:
    if payload["type"].text() != "done":
        return RunStatus.RUNNING
    return RunStatus.FAILED if _errors(payload) else RunStatus.FINISHED


def _errors(payload: Payload) -> list[Payload]:
    found = payload.find("errors")
    return [] if found is None else list(found)


def _read_failure(payload: Payload) -> RunFailure | UnsetType:
    errors = _errors(payload)
    if not errors:
        return UNSET
    kind, text = _find_text(errors[0], "cls"), _find_text(errors[0], "text")
    return RunFailure(type=shorten(kind, 200), message=shorten(text, 2000))


def _list_metrics(payload: Payload) -> Iterator[tuple[str, Metric]]:
    """The last values, by names with slashes where DVCLive has folders of them."""
    step = _find_step(payload)
    for path, file in _files(payload, "metrics"):
        found = file.find("data")
        for name, value in () if found is None else _flatten(found, path, "/"):
            if name != _STEP and _is_number(value.raw()):
                yield name, Metric(value=_finite(value.raw()), step=step)


def _is_number(raw: object) -> bool:
    """True, too, for the texts that DVCLive writes in place of NaN and infinity."""
    if isinstance(raw, str):
        return raw.strip().casefold().lstrip("+-") in _UNLIKE_NUMBERS
    return isinstance(raw, int | float) and not isinstance(raw, bool)


def _finite(raw: object) -> float | None:
    return finite(float(raw)) if isinstance(raw, int | float) else None


def _find_step(payload: Payload) -> int | UnsetType:
    found = payload.find("step")
    step = None if found is None else found.integer()
    return UNSET if step is None or abs(step) > _LARGEST_STEP else step


def _list_params(payload: Payload) -> Iterator[tuple[str, str | float | bool | None]]:
    for path, file in _files(payload, "params"):
        for name, value in _flatten(file, path, "."):
            raw = value.raw()
            if isinstance(raw, str):
                yield name, shorten(raw, _MAX_PARAM)
            elif isinstance(raw, list):
                yield name, shorten(json.dumps(raw, ensure_ascii=False), _MAX_PARAM)
            elif raw is None or isinstance(raw, bool | int | float):
                yield name, float(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw


def _files(payload: Payload, key: str) -> Iterator[tuple[str, Payload]]:
    """Each file, with what its names begin with: nothing, where there is one file only."""
    found = payload.find(key)
    files = [] if found is None else list(found.members())
    for path, file in files:
        yield "" if len(files) == 1 else path, file


def _flatten(members: Payload, above: str, between: str) -> Iterator[tuple[str, Payload]]:
    for key, value in members.members():
        name = f"{above}{between}{key}" if above else key
        if isinstance(value.raw(), dict):
            yield from _flatten(value, name, between)
        else:
            yield name, value


def _take(pairs: Iterator[tuple[str, V]]) -> Iterator[tuple[str, V]]:
    """The first of those with a name that can be kept."""
    left = _MAX_MEMBERS
    for name, value in pairs:
        if left and 0 < len(name) <= _MAX_NAME:
            left -= 1
            yield name, value


def _read_tags(payload: Payload) -> dict[str, str] | UnsetType:
    found = {
        f"dvc.{key}": shorten(text, _MAX_TEXT)
        for key in ("message", "subdir", "experiment_rev")
        if (text := _find_text(payload, key))
    }
    return found or UNSET


def _find_text(payload: Payload, key: str) -> str:
    found = payload.find(key)
    return "" if found is None else found.text()
