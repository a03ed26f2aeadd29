"""Somebody changed a work item in its tracker: note it, and answer to what people wrote in ours."""

from collections.abc import Iterator

from trainboard.effects import Effect, EnsureExperimentItem
from trainboard.events import WorkItemChanged
from trainboard.facts import Fact, RecordWorkItem
from trainboard.handlers.plans import note_reopening
from trainboard.handlers.pull_requests import show_refactoring, show_status
from trainboard.read import Read
from trainboard.work_items import TrackedState

HANDLES = (WorkItemChanged,)

_GONE = frozenset({"deleted", "transferred"})
_EDITED = frozenset({"edited", "reopened", "restored"})
_READ = frozenset({"title", "body", "state"})


def react(event: WorkItemChanged, read: Read) -> Iterator[Fact | Effect]:
    """The item's state as a fact, if it was told; a new look at the item if not, or if a person edited it."""
    refactoring = read.find_refactoring_by_ref(event.tracker, event.ref)
    if refactoring is not None and (not event.by_bot or event.state not in {None, refactoring.state}):
        yield show_refactoring(refactoring)
    item = read.find_item_by_ref(event.tracker, event.ref)
    if item is None:
        return
    state = _state(event)
    if state is not None:
        title = event.title or item.title
        yield RecordWorkItem(tracker=event.tracker, ref=event.ref, title=title, state=state, at=event.at)
    yield from note_reopening(event, item, read)
    if event.action in _GONE | {"restored"}:
        for each in read.list_pull_requests_of_item(event.tracker, event.ref):
            if projects := read.list_projects_of_code(each.code):
                yield show_status(each.code, each.number, projects)
    if _must_be_read(event):
        yield EnsureExperimentItem(project=item.project, experiment=item.experiment, number=item.number)


def _state(event: WorkItemChanged) -> TrackedState | None:
    """The state to note, None if there is none. What came back counts as open until it was read."""
    if event.action == "restored":
        return event.state or "open"
    return "gone" if event.state and event.action in _GONE else event.state


def _must_be_read(event: WorkItemChanged) -> bool:
    """The bot's own edits are known, but not what became of the state where that is not told."""
    if event.state is None and event.action in _GONE:
        return True
    if event.action not in _EDITED:
        return False
    if event.by_bot:
        return event.state is None and "state" in event.fields
    return not event.fields or not _READ.isdisjoint(event.fields)
