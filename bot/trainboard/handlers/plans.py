"""Plans of experiments are looked for; what people say of one is noted, and its work item shows it."""

from collections.abc import Iterator

from trainboard.effects import Effect, EnsureExperimentItem, FindPlans, ReadPlan
from trainboard.events import HistoryDue, WorkItemChanged
from trainboard.facts import Fact, RecordPlanWord, TrackExperiment
from trainboard.linking import name_board, name_place
from trainboard.read import Read
from trainboard.work_items import EXPERIMENT_LABEL

HANDLES = (HistoryDue, WorkItemChanged)

_MAY_PLAN = frozenset({"edited", "labeled", "opened", "reopened", "restored"})


def react(event: HistoryDue | WorkItemChanged, read: Read) -> Iterator[Effect]:
    """A look for plans of which nobody told; one at an item that a person may have made a plan of."""
    if isinstance(event, HistoryDue):
        for project in read.list_projects():
            yield FindPlans(project=project.name)
    elif _may_be_plan(event) and read.find_item_by_ref(event.tracker, event.ref) is None:
        for name in _list_possible(event, read):
            yield ReadPlan(project=name, ref=event.ref)


def _may_be_plan(event: WorkItemChanged) -> bool:
    """A sender that tells not even the title may have left out the label too."""
    if event.by_bot or event.action not in _MAY_PLAN or event.state == "closed":
        return False
    return not event.title or EXPERIMENT_LABEL in {label.casefold() for label in event.labels}


def _list_possible(event: WorkItemChanged, read: Read) -> list[str]:
    """The projects whose the item may be, of several in one place the first that the settings name."""
    first: dict[str, str] = {}
    for project in read.list_projects():
        if name_board(project.tracker).casefold() == event.tracker.casefold():
            first.setdefault(name_place(project.tracker).casefold(), project.name)
    return list(first.values())


def note_tracking(fact: TrackExperiment) -> Iterator[Fact | Effect]:
    """The fact, and the item with the experiment's runs, unless it is let go."""
    yield fact
    if not fact.stopped:
        yield EnsureExperimentItem(project=fact.project, experiment=fact.experiment, number=fact.number)


def note_word(fact: RecordPlanWord, read: Read) -> Iterator[Fact | Effect]:
    """The fact, and the work item shown anew; nothing where it is none of an experiment."""
    item = read.find_item_by_ref(fact.tracker, fact.ref)
    if item is not None:
        yield fact
        yield EnsureExperimentItem(project=item.project, experiment=item.experiment, number=item.number)
