"""A notebook for which somebody asked shall have an open work item: one, whoever asks and how often."""

import structlog
from msgspec.structs import replace

from trainboard.applying import Outside
from trainboard.applying.answers import tell_end
from trainboard.applying.asking import wake
from trainboard.applying.doubts import find_made, settles_if_undone
from trainboard.applying.experiment_items import iteration_ref
from trainboard.applying.refactor_items import body_of, note
from trainboard.applying.refactor_merges import list_merges
from trainboard.budgets import Lane, in_lane
from trainboard.effects import AskRefactoring
from trainboard.errors import MissingError, PermanentError
from trainboard.fingerprints import refactoring_key
from trainboard.refactoring import Figures, Refactoring, figures_of
from trainboard.rendering.inert import inert
from trainboard.rendering.refactoring import CHECKLIST, render_refactoring_title
from trainboard.store import commands, intents, notebook_reviews, pull_requests, refactorings
from trainboard.trackers import Tracker
from trainboard.work_items import REFACTOR_LABEL, NewWorkItem, WorkItem, WorkItemChange

APPLIES = AskRefactoring

NOT_ITS_OWN = "Somebody else had it made, or it was deleted since: it stays as it is."

_log = structlog.get_logger(__name__)


def apply(effect: AskRefactoring, outside: Outside) -> None:
    """Make the item, or open the one that there is; or take that back. Whoever asked is told of the end.

    Raises:
        NotYetError: the sprint is being made.
        DoubtError: it may have been made; the next attempt looks for it.
        TransientError: nothing was done yet.
    """
    with outside.database.read() as connection:
        given = commands.find(connection, effect.asked)
        known = refactorings.find(connection, effect.project, effect.code, effect.path)
    if given is None or effect.key not in given.awaited:
        return
    try:
        refusal = _withdraw(effect, known, outside) if effect.undoes else _open(effect, known, outside)
    except PermanentError as error:
        refusal = inert(str(error), 400)
    with outside.database.write() as connection:
        due = tell_end(connection, effect.project, effect.asked, effect.key, outside, refusal=refusal)
    wake(due, outside)


def _open(effect: AskRefactoring, known: Refactoring | None, outside: Outside) -> str:
    if known is None or known.state == "gone" or not _stands(known, effect, outside):
        _make(effect, outside)
    return ""


def _stands(known: Refactoring, effect: AskRefactoring, outside: Outside) -> bool:
    """The item is open, in the current sprint if it was closed; False if somebody deleted it."""
    tracker = outside.trackers[effect.project]
    try:
        item = tracker.get_item(known.ref)
        if item.state == "open":
            if known.state != "open":
                note(replace(known, state="open", closed_at=None), outside)
            return True
        opened = replace(
            known,
            state="open",
            closed_at=None,
            asked=effect.asked,
            figures=_find_figures(effect, outside) or known.figures,
            settled=tuple(each.pull_request.number for each in list_merges(known, outside)),
        )
        change = WorkItemChange(
            state="open",
            iteration=iteration_ref(effect.project, effect.number, outside),
            body=body_of(opened, item.body, (), outside),
        )
        tracker.update_item(item.ref, change)
    except MissingError:
        return False
    note(opened, outside)
    _log.info("work item of a notebook opened again", tracker=tracker.name, item=known.ref)
    return True


def _make(effect: AskRefactoring, outside: Outside) -> None:
    key, tracker = refactoring_key(effect.project, effect.code, effect.path), outside.trackers[effect.project]
    ref = iteration_ref(effect.project, effect.number, outside)
    new = Refactoring(
        project=effect.project,
        code=effect.code,
        path=effect.path,
        tracker=tracker.name,
        ref="",
        url="",
        state="open",
        asked=effect.asked,
        changed_at=outside.clock(),
        figures=_find_figures(effect, outside),
    )
    found = find_made(effect.project, key, REFACTOR_LABEL, outside)
    item = found or _create(new, key, ref, tracker, outside)
    note(replace(new, ref=item.ref, url=item.url, state=item.state), outside)
    with outside.database.write() as connection:
        intents.settle(connection, key)
    made = "found again" if found else "made"
    _log.info(f"work item of a notebook {made}", tracker=tracker.name, item=item.ref)


def _create(new: Refactoring, key: str, iteration: str, tracker: Tracker, outside: Outside) -> WorkItem:
    wanted = NewWorkItem(
        title=render_refactoring_title(new.path),
        body=body_of(new, CHECKLIST, (), outside),
        labels=(REFACTOR_LABEL,),
        iteration=iteration,
    )
    with settles_if_undone(key, outside), in_lane(Lane.CREATE):
        return tracker.create_item(wanted)


def _withdraw(effect: AskRefactoring, known: Refactoring | None, outside: Outside) -> str:
    """Close it as not planned, if that command made it or opened it; answers why not."""
    if known is None or known.state == "gone" or known.asked != effect.undoes:
        return NOT_ITS_OWN
    if known.state == "closed":
        return ""
    change = WorkItemChange(state="closed", closed_as="not planned")
    try:
        item = outside.trackers[effect.project].update_item(known.ref, change)
    except MissingError:
        note(replace(known, state="gone"), outside)
        return NOT_ITS_OWN
    note(replace(known, state="closed", closed_at=item.updated_at), outside)
    return ""


def _find_figures(effect: AskRefactoring, outside: Outside) -> Figures | None:
    with outside.database.read() as connection:
        told = pull_requests.find(connection, effect.code, effect.pull_request)
        looked = notebook_reviews.list_of(connection, effect.code, effect.pull_request)
    review = next((each.review for each in looked if each.notebook.path == effect.path), None)
    if told is None or review is None or review.trouble:
        return None
    return figures_of(review, told.number, told.head)
