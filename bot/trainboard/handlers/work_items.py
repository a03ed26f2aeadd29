"""Somebody changed a work item in its tracker: note it, and answer to what people wrote in ours."""

from collections.abc import Iterator

from trainboard.effects import Effect, EnsureExperimentItem, Fact, RecordWorkItem
from trainboard.events import WorkItemChanged
from trainboard.read import Read
from trainboard.work_items import TrackedState

HANDLES = (WorkItemChanged,)

_GONE = frozenset({"deleted", "transferred"})
_READ_AGAIN = frozenset({"edited", "reopened", "restored"})
_READ = frozenset({"title", "body", "state"})


def react(event: WorkItemChanged, read: Read) -> Iterator[Fact | Effect]:
    """The item's state as a fact; a new look at it where a person edited it, or the state was not told."""
    item = read.find_item_by_ref(event.tracker, event.ref)
    if item is None:
        return
    state = _state(event)
    if state is not None:
        title = event.title or item.title
        yield RecordWorkItem(tracker=event.tracker, ref=event.ref, title=title, state=state, at=event.at)
    if _must_be_read(event):
        yield EnsureExperimentItem(project=item.project, experiment=item.experiment, number=item.number)


def _state(event: WorkItemChanged) -> TrackedState | None:
    """The state to note, None if there is none. What came back counts as open until it was read."""
    if event.action in _GONE:
        return "gone"
    return event.state or ("open" if event.action == "restored" else None)


def _must_be_read(event: WorkItemChanged) -> bool:
    """The bot's own edits are known, but not what state another bot left."""
    if event.action not in _READ_AGAIN:
        return False
    if event.by_bot:
        return event.state is None and "state" in event.fields
    return not event.fields or not _READ.isdisjoint(event.fields)
