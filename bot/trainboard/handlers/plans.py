"""Plans of experiments are looked for; what people say of one is noted, and its work item shows it."""

from collections.abc import Iterator

from trainboard.effects import Effect, EnsureExperimentItem, FindPlans, ReadPlan
from trainboard.events import HistoryDue, WorkItemChanged
from trainboard.facts import Fact, RecordPlanWord, TrackExperiment
from trainboard.linking import name_board, name_place
from trainboard.plans import PlanWord
from trainboard.read import Read, TrackedItem
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


def has_conclusion(read: Read, item: TrackedItem) -> bool:
    """True if people or a rule said how the item's experiment ended, and nobody took that back."""
    words = read.list_plan_words(item.tracker, item.ref)
    return any(word.subject == "conclusion" and word.value for word in words)


def note_reopening(event: WorkItemChanged, item: TrackedItem, read: Read) -> Iterator[Fact]:
    """How the experiment ended is taken back by whoever opened its item again."""
    is_open = event.state == "open" and (event.action == "reopened" or "state" in event.fields)
    if is_open and not event.by_bot and has_conclusion(read, item):
        word = PlanWord(subject="conclusion", by=event.actor, at=event.at)
        yield RecordPlanWord(tracker=item.tracker, ref=item.ref, word=word)


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
