"""What is to be made once: it is noted before, and looked for where an earlier attempt's end is not known."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from trainboard.applying import Outside
from trainboard.budgets import Lane, in_lane
from trainboard.errors import DoubtError, TrainboardError
from trainboard.store import intents
from trainboard.work_items import WorkItem

CLOCK_SLACK = timedelta(hours=1)


def find_made(project: str, key: str, label: str, outside: Outside) -> WorkItem | None:
    """Note that a work item with that mark is being made; answers the one that an earlier attempt made.

    The tracker is asked only where an attempt began whose end is not known, or after a restore.
    """
    since = _begin(key, outside)
    if since is None:
        return None
    listed = outside.trackers[project].list_items(label=label, since=since)
    return outside.markers(project).find_ours(listed, key)


def comment_once(
    project: str, ref: str, key: str, text: str, outside: Outside, *, lane: Lane = Lane.EDIT
) -> None:
    """A comment with that mark stands on the work item, which an earlier attempt may have written.

    It is written in `lane`, or in the more urgent one of whoever asks.
    """
    tracker, markers = outside.trackers[project], outside.markers(project)
    since = _begin(key, outside)
    if since is None or markers.find_ours(tracker.list_comments(ref, since=since), key) is None:
        with settles_if_undone(key, outside), in_lane(lane):
            tracker.create_comment(ref, markers.wrap(key, text))
    with outside.database.write() as connection:
        intents.settle(connection, key)


def _begin(key: str, outside: Outside) -> datetime | None:
    """Note the attempt; since when something of an earlier one may be there, None if nothing can be."""
    now = outside.clock()
    with outside.database.write() as connection:
        doubts = (intents.begin(connection, key, now), intents.find_restored(connection, now))
    return min((each - CLOCK_SLACK for each in doubts if each is not None), default=None)


@contextmanager
def settles_if_undone(key: str, outside: Outside) -> Iterator[None]:
    """Inside the `with` something is made of which `intents.begin` noted `key`.

    A DoubtError leaves the note, so that the next attempt looks first; any other error takes it away.
    """
    try:
        yield
    except DoubtError:
        raise
    except TrainboardError:
        with outside.database.write() as connection:
            intents.settle(connection, key)
        raise
