"""A run that somebody asked for is told of: it is followed where it was asked for."""

from collections.abc import Iterator

from trainboard.effects import Effect, EnsureExperimentItem, EnsurePullRequestStatus
from trainboard.events import CheckReported
from trainboard.facts import Fact, FollowTrigger
from trainboard.read import Read
from trainboard.triggers import name_run

HANDLES = (CheckReported,)


def react(event: CheckReported, read: Read) -> Iterator[Fact | Effect]:
    """How the run stands as a fact, and what shows it; nothing for a run that nobody asked us for."""
    name = name_run(event.check)
    trigger = read.find_trigger(name) if name else None
    if trigger is None:
        return
    yield FollowTrigger(check=event.check)
    if trigger.follow(event.check).check == trigger.check:
        return
    origin = trigger.origin
    if origin.is_pull_request:
        number = int(origin.ref)
        yield EnsurePullRequestStatus(project=trigger.project, code=origin.place, pull_request=number)
        return
    item = read.find_item_by_ref(origin.place, origin.ref) or read.find_item_of_bug(origin.place, origin.ref)
    if item is not None and item.state != "gone":
        yield EnsureExperimentItem(project=item.project, experiment=item.experiment, number=item.number)
