"""A job that reports a run may say which run of a run tracker it is. Then the two are one run."""

import re
from collections.abc import Sequence

import msgspec
from msgspec import UNSET, UnsetType

from trainboard.runs import (
    MOST_METRICS,
    MOST_PARAMS,
    MOST_TAGS,
    Links,
    RunFacts,
    RunReport,
    RunStatus,
    overlay,
    union,
)

_TAGS = {"mlflow.run_id": "mlflow", "wandb.run_id": "wandb"}
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,255}")
_FILLED = ("datasets", "model", "artifacts", "cost")


class Counterpart(msgspec.Struct, frozen=True):
    """The run `run` of a tracker of the kind `tracker`."""

    tracker: str
    run: str


def find_counterpart(report: RunReport) -> Counterpart | None:
    """The run that the report says it is; None if it names none, or comes from a tracker itself."""
    if find_tracker(report.source) is not None or not isinstance(report.tags, dict):
        return None
    named = (Counterpart(kind, report.tags.get(tag, "")) for tag, kind in _TAGS.items())
    return next((each for each in named if _ID.fullmatch(each.run)), None)


def find_tracker(source: str) -> str | None:
    """The kind of tracker that a report's source is of."""
    kind = source.partition(":")[0]
    return kind if kind in _TAGS.values() else None


def combine(kept: RunReport, told: Sequence[RunReport]) -> RunReport:
    """A tracker's run with what jobs add that say they are that run, in an order of their own.

    What the tracker says of the run and its numbers stands: a job adds what is not there. Where the code is
    a job says better, which runs at its commit, so its links stand above the tracker's; a tree is dirty if
    anybody found it so, and of jobs that name different commits none is believed.
    """
    links = _combine_links(kept, told)
    for word in told:
        kept = msgspec.structs.replace(
            kept,
            run=_fill_run(kept.run, word.run),
            stage=word.stage or kept.stage,
            metrics=union(word.metrics, kept.metrics, MOST_METRICS),
            params=union(word.params, kept.params, MOST_PARAMS),
            tags=union(word.tags, kept.tags, MOST_TAGS),
            **{name: getattr(kept, name) or getattr(word, name) for name in _FILLED},
        )
    return msgspec.structs.replace(kept, links=links)


def _fill_run(kept: RunFacts, word: RunFacts) -> RunFacts:
    filled = {name: getattr(kept, name) or getattr(word, name) for name in ("name", "user", "group")}
    error = (kept.error or word.error) if kept.status is RunStatus.FAILED else kept.error
    return msgspec.structs.replace(kept, error=error, **filled)


def _combine_links(kept: RunReport, told: Sequence[RunReport]) -> Links | UnsetType:
    said = [word.links for word in told if isinstance(word.links, Links)]
    commits = {(links.repo, links.commit) for links in said if links.commit is not UNSET}
    if not said or len(commits) > 1:
        return kept.links
    links = kept.links or Links()
    is_dirty = any(each.dirty is True for each in (links, *said))
    for each in said:
        links = overlay(links, each)
    return msgspec.structs.replace(links, dirty=True) if is_dirty else links
