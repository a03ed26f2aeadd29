"""A comment shall say what happened to an experiment."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from trainboard.applying import Outside
from trainboard.applying.asking import ask
from trainboard.effects import TellMilestones
from trainboard.errors import MissingError
from trainboard.experiment_view import ExperimentView
from trainboard.fingerprints import milestones_key
from trainboard.milestones import find_news
from trainboard.rendering.milestones import render_milestones
from trainboard.store import items, milestones
from trainboard.store.items import KnownItem
from trainboard.store.milestones import Batch

APPLIES = TellMilestones

CLOCK_SLACK = timedelta(minutes=10)
EDITS_APART = 10
"""The next comment waits as long as so many edits of one item, and tells all that came in between."""

_log = structlog.get_logger(__name__)


def apply(effect: TellMilestones, outside: Outside) -> None:
    """Write what is to be told as one comment, unless an earlier attempt wrote it."""
    with outside.database.write() as connection:
        known = items.find(connection, effect.project, effect.experiment, effect.number)
        batch = milestones.begin(connection, known.number) if known else None
    if known is None or batch is None:
        return
    if known.item.state != items.GONE:
        _write(known, batch, outside)
    with outside.database.write() as connection:
        milestones.settle(connection, known.number, batch.number)


def note_milestones(
    connection: Connection, known: KnownItem, view: ExperimentView, outside: Outside
) -> dict[str, datetime]:
    """Note what happened, and have it told; answers which mailboxes to wake, and when.

    Of a work item that was never looked at nothing is news.
    """
    before = milestones.list_known(connection, known.number)
    news = find_news(view, before or ())
    if before is None or not outside.projects[known.item.project].milestone_comments:
        milestones.note_known(connection, known.number, news.known)
        return {}
    if not news.told and news.known == before:
        return {}
    milestones.put(connection, known.number, news, outside.clock())
    if not news.told:
        return {}
    effect = TellMilestones(
        project=known.item.project, experiment=known.item.experiment, number=known.sprints[0]
    )
    return ask(connection, [effect], outside, pace=EDITS_APART * outside.pace)


def _write(known: KnownItem, batch: Batch, outside: Outside) -> None:
    tracker, ref = outside.trackers[known.item.project], known.item.ref
    markers = outside.markers_in(tracker.name)
    key = milestones_key(tracker.name, ref, batch.number)
    try:
        if batch.is_begun:
            said = tracker.list_comments(ref, since=batch.at - CLOCK_SLACK)
            if markers.find_ours(said, key) is not None:
                return
        tracker.create_comment(ref, markers.wrap(key, render_milestones(batch.milestones)))
    except MissingError:
        _log.warning("no such work item any more", tracker=tracker.name, item=ref)
    else:
        _log.info("milestones told", tracker=tracker.name, item=ref, milestones=len(batch.milestones))
