"""A work item that somebody opened for an experiment shall be the experiment's."""

import structlog
from sqlalchemy import Connection

from trainboard.applying import Outside
from trainboard.applying.asking import ask, wake
from trainboard.applying.experiment_items import find_standing, iteration_ref, write
from trainboard.effects import AdoptPlan, ReadPlan
from trainboard.facts import TrackExperiment
from trainboard.store import items, iterations, tracking
from trainboard.store.items import KnownItem
from trainboard.work_items import WorkItem

APPLIES = AdoptPlan

_log = structlog.get_logger(__name__)


def apply(effect: AdoptPlan, outside: Outside) -> None:
    """Note whose the item is, put it into its sprint, and show there what is known.

    Where another item became the experiment's meanwhile, the plan is read again, to tell so.
    """
    ref = iteration_ref(effect.project, effect.number, outside)
    with outside.database.write() as connection:
        known = _take(connection, effect, outside)
    if known is None:
        _read_again(effect, outside)
        return
    if known.item.state == items.GONE:
        return
    item = find_standing(known, outside)
    if item is not None:
        write(known, item, outside, iteration=ref if _must_move(item, effect, outside) else None)
        _log.info("plan taken", tracker=known.item.tracker, item=effect.ref, experiment=effect.experiment)


def _take(connection: Connection, effect: AdoptPlan, outside: Outside) -> KnownItem | None:
    """The item as known from now on, None if another one shows the experiment."""
    tracker = outside.trackers[effect.project].name
    mine = items.find_by_ref(connection, tracker, effect.ref)
    if mine is not None:
        return mine
    other = items.find_tracked(connection, effect.project, effect.experiment, effect.number)
    if other is not None and other.state != items.GONE:
        return None
    fact = TrackExperiment(
        project=effect.project,
        experiment=effect.experiment,
        number=effect.number,
        tracker=tracker,
        ref=effect.ref,
        by=effect.by,
        at=effect.at,
    )
    tracking.record(connection, fact)
    return items.find_by_ref(connection, tracker, effect.ref)


def _read_again(effect: AdoptPlan, outside: Outside) -> None:
    again = ReadPlan(project=effect.project, ref=effect.ref)
    with outside.database.write() as connection:
        due = ask(connection, [again], outside)
    wake(due, outside)


def _must_move(item: WorkItem, effect: AdoptPlan, outside: Outside) -> bool:
    """True if it is in no sprint, or in one that is over; what people put elsewhere stays there."""
    if item.iteration is None:
        return True
    with outside.database.read() as connection:
        number = iterations.find_number_of(connection, effect.project, item.iteration)
    return number is not None and number < effect.number
