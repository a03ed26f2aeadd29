"""What happened to the work items of a project, by the feed of all revisions.

Each revision tells all of an item, so that it does not matter which of them are heard, how often and in which
order. An item in the recycle bin is in no sprint.

Source: "Reporting Work Item Revisions - Read Reporting Revisions Post".
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import quote

import msgspec

from trainboard.azure_devops.models import work_item_tracking as models
from trainboard.grades import find_estimate
from trainboard.item_changes import ChangePage, ItemChange
from trainboard.trackers.azure_boards.boards import Boards
from trainboard.trackers.azure_boards.escaping import split_tags
from trainboard.trackers.azure_boards.iterations import Iterations
from trainboard.trackers.azure_boards.process import Process
from trainboard.trackers.azure_boards.values import (
    DELETED,
    EFFORT,
    ESTIMATES,
    ITERATION,
    POINTS,
    PROJECT,
    SIZE,
    STATE,
    TAGS,
    TITLE,
    TYPE,
    UPDATED_AT,
)

_FIELDS = (TITLE, STATE, TYPE, PROJECT, ITERATION, TAGS, UPDATED_AT, DELETED, *ESTIMATES)
_SINCE = "since "


class _Fields(msgspec.Struct, frozen=True, kw_only=True):
    type: str = msgspec.field(name=TYPE)
    project: str = msgspec.field(name=PROJECT)
    updated_at: datetime = msgspec.field(name=UPDATED_AT)
    iteration: str = msgspec.field(name=ITERATION, default="")
    title: str = msgspec.field(name=TITLE, default="")
    state: str = msgspec.field(name=STATE, default="")
    tags: str = msgspec.field(name=TAGS, default="")
    is_deleted: bool = msgspec.field(name=DELETED, default=False)
    points: float | None = msgspec.field(name=POINTS, default=None)
    effort: float | None = msgspec.field(name=EFFORT, default=None)
    size: float | None = msgspec.field(name=SIZE, default=None)

    @property
    def estimate(self) -> float | None:
        """The effort, in whichever field the process keeps it, or as a tag tells it."""
        said = (each for each in (self.points, self.effort, self.size) if each is not None)
        return next(said, find_estimate(split_tags(self.tags)))


class _Revision(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    rev: int
    fields: _Fields


class _Batch(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    values: list[_Revision] = []
    continuation_token: str | None = None
    is_last_batch: bool = True


class Changes:
    """The revisions of the types that a sprint is planned in.

    Args:
        boards: the project.
        process: what its states mean.
        iterations: where its sprints are.
    """

    def __init__(self, boards: Boards, process: Process, iterations: Iterations) -> None:
        self._boards = boards
        self._process = process
        self._iterations = iterations

    def list_since(self, mark: str, now: datetime) -> Iterator[ChangePage]:
        """The revisions after `mark`, a thousand a call at most."""
        if not mark:
            yield ChangePage(changes=(), mark=f"{_SINCE}{now.isoformat()}", complete=True)
            return
        refs: dict[str, str | None] = {}
        while True:
            batch = self._read(mark)
            # Without a revision there is no place from which to go on but the one that was asked for.
            mark = (batch.continuation_token if batch.values else None) or mark
            complete = batch.is_last_batch or not batch.values
            yield ChangePage(
                changes=tuple(self._to_change(each, refs) for each in batch.values if self._is_ours(each)),
                mark=mark,
                complete=complete,
            )
            if complete:
                return

    def _read(self, mark: str) -> _Batch:
        asked = models.ReportingWorkItemRevisionsFilter(
            fields=list(_FIELDS), types=self._process.list_planned_types(), include_deleted=True
        )
        start = datetime.fromisoformat(mark.removeprefix(_SINCE)) if mark.startswith(_SINCE) else None
        return self._boards.ask(
            "read what happened to work items",
            lambda to: to.work_item_tracking.read_reporting_revisions_post(
                asked,
                self._boards.project,
                continuation_token=None if start else mark,
                start_date_time=start,
            ),
            _Batch,
        )

    def _is_ours(self, revision: _Revision) -> bool:
        return revision.fields.project.casefold() == self._boards.project.casefold()

    def _to_change(self, revision: _Revision, refs: dict[str, str | None]) -> ItemChange:
        fields, project = revision.fields, quote(self._boards.project, safe="")
        path = "" if fields.is_deleted else fields.iteration
        if path not in refs:
            refs[path] = self._iterations.find_ref(path) if path else None
        return ItemChange(
            source=f"revision:{revision.id}.{revision.rev}",
            ref=str(revision.id),
            at=fields.updated_at.astimezone(UTC),
            sequence=revision.rev,
            title=fields.title,
            url=f"{self._boards.organization.url}/{project}/_workitems/edit/{revision.id}",
            iteration=refs[path],
            estimate=fields.estimate,
            progress=self._process.get_progress(fields.type, fields.state),
        )
