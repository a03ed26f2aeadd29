"""What a tracker tells, when it is asked, of what happened to its work items."""

from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from trainboard.work_items import Progress


class ItemChange(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to a work item at `at`, the tracker's time; what it does not tell is UNSET.

    `source` names it among all that the tracker tells, `sequence` is its place among what happened at one
    moment. `iteration` is the ref of its sprint, None for none; a tracker that knows only what the sprint was
    called then gives `iteration_name` instead. `label` is one that was put on it. `estimate_gone` was taken
    away: there is none any more, unless another one was given before.
    """

    source: str
    ref: str
    at: datetime
    sequence: int = 0
    title: str | UnsetType = UNSET
    url: str | UnsetType = UNSET
    iteration: str | UnsetType | None = UNSET
    iteration_name: str = ""
    estimate: float | UnsetType | None = UNSET
    estimate_gone: float | None = None
    progress: Progress | UnsetType = UNSET
    label: str = ""


class ChangePage(msgspec.Struct, frozen=True, kw_only=True):
    """Some changes, and the mark to go on from once they are stored.

    `complete` says that the tracker had nothing more to tell when it was asked.
    """

    changes: tuple[ItemChange, ...]
    mark: str
    complete: bool
