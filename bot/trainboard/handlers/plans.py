"""What people say of the plan of an experiment is noted, and its work item shows it."""

from collections.abc import Iterator

from trainboard.effects import Effect, EnsureExperimentItem
from trainboard.facts import Fact, RecordPlanWord, TrackExperiment
from trainboard.read import Read

HANDLES = ()


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
