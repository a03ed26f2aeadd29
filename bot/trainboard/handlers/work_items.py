"""Somebody changed a work item in its tracker: note it, and answer to what people wrote in ours."""

from collections.abc import Iterator

from trainboard.effects import Effect, EnsureExperimentItem, Fact, RecordWorkItem
from trainboard.events import WorkItemChanged
from trainboard.read import Read

HANDLES = (WorkItemChanged,)

_TEXT_ACTIONS = frozenset({"edited", "reopened"})


def react(event: WorkItemChanged, read: Read) -> Iterator[Fact | Effect]:
    """The item's state as a fact; a new look at its targets where a person edited the text."""
    item = read.find_item_by_ref(event.tracker, event.ref)
    if item is None:
        return
    gone = event.action in {"deleted", "transferred"}
    yield RecordWorkItem(
        tracker=event.tracker,
        ref=event.ref,
        title=event.title,
        state="gone" if gone else event.state,
        at=event.at,
    )
    if not event.by_bot and event.action in _TEXT_ACTIONS:
        yield EnsureExperimentItem(project=item.project, experiment=item.experiment, number=item.number)
