"""Plans of experiments of which nobody told shall be read."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from trainboard.applying import Outside
from trainboard.applying.asking import ask, wake
from trainboard.effects import FindPlans, ReadPlan
from trainboard.errors import TrainboardError
from trainboard.experiments import Cursor
from trainboard.store import cursors, items
from trainboard.work_items import EXPERIMENT_LABEL, WorkItem, is_plan

APPLIES = FindPlans

OVERLAP = timedelta(minutes=10)
"""So far a look goes back behind the one before: clocks differ."""
AT_MOST = timedelta(days=14)


def apply(effect: FindPlans, outside: Outside) -> None:
    """List what changed since the last look, and have those read that are no experiment's yet."""
    now, name = outside.clock(), f"plans/{effect.project}"
    with outside.database.read() as connection:
        last = cursors.get(connection, name).read_at
    since = now - AT_MOST if last is None else max(last - OVERLAP, now - AT_MOST)
    try:
        found = list(_list_plans(effect.project, since, outside))
    except TrainboardError as error:
        with outside.database.write() as connection:
            cursors.fail(connection, name, now, str(error))
        raise
    tracker = outside.trackers[effect.project].name
    with outside.database.write() as connection:
        fresh = [item.ref for item in found if items.find_by_ref(connection, tracker, item.ref) is None]
        due = ask(connection, [ReadPlan(project=effect.project, ref=ref) for ref in fresh], outside)
        cursors.advance(connection, name, Cursor(), now)
    wake(due, outside)


def _list_plans(project: str, since: datetime, outside: Outside) -> Iterator[WorkItem]:
    listed = outside.trackers[project].list_items(label=EXPERIMENT_LABEL, since=since)
    return (item for item in listed if is_plan(item) and item.author is not None)
