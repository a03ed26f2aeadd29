"""An experiment's work item that shall show its runs."""

from collections.abc import Iterable
from datetime import timedelta

import msgspec
import structlog
from msgspec import UNSET

from trainboard.applying import Outside
from trainboard.applying.asking import wake
from trainboard.applying.board_asking import show_on_board
from trainboard.applying.decision_rules import end_by_rule
from trainboard.applying.doubts import find_made, settles_if_undone
from trainboard.applying.experiment_text import ItemText, text_of
from trainboard.applying.milestones import note_milestones
from trainboard.applying.pull_requests import judge_anew
from trainboard.budgets import Lane, in_lane
from trainboard.effects import EnsureExperimentItem, EnsureIteration
from trainboard.errors import MissingError, NotYetError
from trainboard.fingerprints import experiment_key
from trainboard.metrics import Judgement
from trainboard.read import TrackedItem
from trainboard.rendering.experiment import render_title
from trainboard.store import intents, items, iterations, outbox
from trainboard.store.items import KnownItem
from trainboard.targets import Target
from trainboard.work_items import EXPERIMENT_LABEL, NewWorkItem, WorkItem, WorkItemChange

APPLIES = EnsureExperimentItem

SOON_SECONDS = 0.5

_log = structlog.get_logger(__name__)


def apply(effect: EnsureExperimentItem, outside: Outside) -> None:
    """Bring the item's text up to date; find or make the item first where we know of none."""
    with outside.database.read() as connection:
        known = items.find(connection, effect.project, effect.experiment, effect.number)
    if known is None:
        known = _find_or_make(effect, outside)
    if known is not None and known.item.state != items.GONE:
        show(known, outside)


def show(known: KnownItem, outside: Outside) -> None:
    """Read the item, and bring the bot's part of it up to date."""
    item = find_standing(known, outside)
    if item is not None:
        write(known, item, outside)


def find_standing(known: KnownItem, outside: Outside) -> WorkItem | None:
    """The item as it stands in its tracker; None if somebody deleted it, which is noted.

    The gates of its pull requests are judged anew then.
    """
    try:
        return outside.trackers[known.item.project].get_item(known.item.ref)
    except MissingError:
        with outside.database.write() as connection:
            items.lose(connection, known, outside.clock())
            due = judge_anew(connection, known.item, outside)
        wake(due, outside)
        return None


def write(known: KnownItem, item: WorkItem, outside: Outside, *, iteration: str | None = None) -> None:
    """Write the bot's part of the item, and put it into sprint `iteration` if one is given.

    Its targets are in what people wrote, which stays as it is. Nothing is written where nothing
    changed. Where the targets did, the gates of its pull requests are judged anew. What seldom happens is
    told in a comment.
    """
    tracker = outside.trackers[known.item.project]
    text = text_of(known, item.body, outside)
    change = _change(item, text, iteration)
    if change is not None:
        item = tracker.update_item(item.ref, change)
        _log.info("work item updated", tracker=tracker.name, item=item.ref, experiment=known.item.experiment)
    with outside.database.write() as connection:
        items.update_seen(connection, known, item, text.view.judgements, outside.clock())
        items.note_budget(connection, known, text.view.usage)
        view, ending = end_by_rule(connection, known, item, text.view, outside)
        due = {**ending, **note_milestones(connection, known, view, outside)}
        if _targets(text.view.judgements) != _targets(known.judgements):
            due |= judge_anew(connection, known.item, outside)
    wake(due, outside)
    show_on_board(known.item.project, item.ref, outside)


def _targets(judgements: Iterable[Judgement]) -> list[Target]:
    return [judgement.target for judgement in judgements]


def iteration_ref(project: str, number: int, outside: Outside) -> str:
    """The sprint's ref in the tracker.

    Raises:
        NotYetError: the tracker does not have the sprint; it has been asked for.
    """
    now = outside.clock()
    asked = EnsureIteration(project=project, number=number)
    with outside.database.write() as connection:
        ref = iterations.find_ref(connection, project, number)
        due = now if ref else outbox.put(connection, asked, now, pace=timedelta(0)).due
    if ref is None:
        outside.wake(f"out:{asked.mailbox}", due)
        seconds = max(0.0, (due - now).total_seconds()) + SOON_SECONDS
        raise NotYetError(f"sprint {number} of {project} is not made yet", retry_after_seconds=seconds)
    return ref


def _change(item: WorkItem, text: ItemText, iteration: str | None) -> WorkItemChange | None:
    change = WorkItemChange(
        body=UNSET if text.body == item.body else text.body,
        iteration=UNSET if iteration in {None, item.iteration} else iteration,
    )
    return None if change == WorkItemChange() else change


def _find_or_make(effect: EnsureExperimentItem, outside: Outside) -> KnownItem | None:
    ref = iteration_ref(effect.project, effect.number, outside)
    key = experiment_key(effect.project, effect.experiment, effect.number)
    item = find_made(effect.project, key, EXPERIMENT_LABEL, outside)
    text = None
    if item is None:
        text = text_of(_blank(effect, outside), None, outside)
        item = _make(effect, key, ref, text, outside)
    tracker = outside.trackers[effect.project].name
    _log.info(
        "work item made" if text else "work item found again",
        tracker=tracker,
        item=item.ref,
        experiment=effect.experiment,
    )
    known, is_named = _note(effect, key, item, text, outside)
    return known if is_named or text is None else None


def _make(effect: EnsureExperimentItem, key: str, ref: str, text: ItemText, outside: Outside) -> WorkItem:
    new = NewWorkItem(
        title=render_title(effect.project, effect.experiment),
        body=text.body,
        labels=(EXPERIMENT_LABEL,),
        iteration=ref,
    )
    with settles_if_undone(key, outside), in_lane(Lane.CREATE):
        return outside.trackers[effect.project].create_item(new)


def _note(
    effect: EnsureExperimentItem, key: str, item: WorkItem, text: ItemText | None, outside: Outside
) -> tuple[KnownItem | None, bool]:
    """The item as known from now on, and whether open pull requests belong to it already.

    These are judged anew. What the `text` of a new item shows is no news later.
    """
    tracked = msgspec.structs.replace(
        _blank(effect, outside).item, ref=item.ref, state=item.state, title=item.title, url=item.url
    )
    with outside.database.write() as connection:
        items.add(connection, tracked, outside.clock())
        intents.settle(connection, key)
        due = judge_anew(connection, tracked, outside)
        known = items.find(connection, effect.project, effect.experiment, effect.number)
        if known is not None and text is not None:
            note_milestones(connection, known, text.view, outside)
    wake(due, outside)
    show_on_board(effect.project, item.ref, outside)
    return known, bool(due)


def _blank(effect: EnsureExperimentItem, outside: Outside) -> KnownItem:
    tracked = TrackedItem(
        project=effect.project,
        experiment=effect.experiment,
        number=effect.number,
        tracker=outside.trackers[effect.project].name,
        ref="",
        state="open",
    )
    return KnownItem(number=0, item=tracked, sprints=(effect.number,), carried_from=None)
