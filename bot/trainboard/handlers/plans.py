"""What people say of the plan of an experiment is noted, and its work item shows it."""

from collections.abc import Iterator

from trainboard.effects import Effect, EnsureExperimentItem
from trainboard.facts import Fact, RecordPlanWord
from trainboard.read import Read

HANDLES = ()


def note_word(fact: RecordPlanWord, read: Read) -> Iterator[Fact | Effect]:
    """The fact, and the work item shown anew; nothing where it is none of an experiment."""
    item = read.find_item_by_ref(fact.tracker, fact.ref)
    if item is not None:
        yield fact
        yield EnsureExperimentItem(project=item.project, experiment=item.experiment, number=item.number)
