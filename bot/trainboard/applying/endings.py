"""The work item of an experiment that a rule of its plan ended shall be closed."""

import structlog

from trainboard.applying import Outside
from trainboard.applying.experiment_items import find_standing, write
from trainboard.budgets import Lane, in_lane
from trainboard.effects import EndExperiment
from trainboard.plans import CONCLUDED
from trainboard.store import items, plan_words
from trainboard.work_items import ClosedAs, WorkItemChange

APPLIES = EndExperiment

_log = structlog.get_logger(__name__)


def apply(effect: EndExperiment, outside: Outside) -> None:
    """Close the item, unless people said something else meanwhile, and show there what ended it."""
    with outside.database.read() as connection:
        known = items.find(connection, effect.project, effect.experiment, effect.number)
        word = known and plan_words.find_end(connection, known.item.tracker, known.item.ref)
    if known is None or not word or word.by or known.item.state == items.GONE:
        return
    item = find_standing(known, outside)
    if item is None:
        return
    if item.state == "open":
        closed_as: ClosedAs = "done" if word.value == CONCLUDED else "not planned"
        with in_lane(Lane.CLOSE):
            change = WorkItemChange(state="closed", closed_as=closed_as)
            item = outside.trackers[effect.project].update_item(item.ref, change)
        _log.info("experiment ended by its rule", item=item.ref, rule=word.reason)
    write(known, item, outside)
