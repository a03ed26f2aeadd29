"""A work item that may be a plan: it becomes its experiment's, or whoever opened it is told why not."""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy import Connection

from trainboard.applying import Outside
from trainboard.applying.asking import ask, wake
from trainboard.applying.standing import with_standing
from trainboard.approvals import Person
from trainboard.budgets import Lane, in_lane
from trainboard.commanding.permissions import judge
from trainboard.commanding.planning import find_obstacle
from trainboard.commands import track
from trainboard.comments import Given, Hint, SeenItem
from trainboard.effects import AdoptPlan, ReadPlan
from trainboard.errors import MissingError
from trainboard.fingerprints import plan_key
from trainboard.grammar.declaration import Call, May
from trainboard.linking import name_place
from trainboard.plan_sections import list_names
from trainboard.policy import Project
from trainboard.rendering.commands import render_denial, render_ignorance
from trainboard.rendering.plan_forms import render_refusal
from trainboard.store.reading import StoreRead
from trainboard.triggers import Origin
from trainboard.work_items import WorkItem, is_plan

APPLIES = ReadPlan

CLOCK_SLACK = timedelta(minutes=10)

_log = structlog.get_logger(__name__)


def apply(effect: ReadPlan, outside: Outside) -> None:
    """Look who opened it, what that person may, and which experiment it names; nothing for what is no plan.

    Of one that is an experiment's already nothing is asked.
    """
    project, tracker = outside.projects[effect.project], outside.trackers[effect.project]
    with outside.database.read() as connection:
        if _read(connection, outside).find_item_by_ref(tracker.name, effect.ref) is not None:
            return
    try:
        item = tracker.get_item(effect.ref)
    except MissingError:
        return
    names = list_names(outside.markers(effect.project).outside(item.body))
    if not is_plan(item) or item.author is None or not names:
        return
    refusal = _find_refusal(names, item, item.author, project, outside)
    if refusal is None:
        _adopt(names[0], item, item.author, project, outside)
    elif refusal:
        _tell(refusal, item, project, outside)


def _find_refusal(
    names: Sequence[str], item: WorkItem, author: Person, project: Project, outside: Outside
) -> str | None:
    """Why it is not taken, in Markdown; empty where nobody can be asked who may, None where it is taken."""
    origin = Origin(place=name_place(project.tracker), ref=item.ref)
    conversation = outside.conversations.get(origin.place.casefold())
    if conversation is None:
        _log.warning("plans cannot be taken: the settings name no way in", place=origin.place)
        return ""
    call = Call(command=track.COMMAND, line=1, text=f"/track {names[0]}")
    seen = SeenItem(opened_by=author.id)
    hint = Hint(origin=origin, comment="", at=item.created_at, lines=(), item=seen)
    given = Given(hint=hint, person=author, lines=(), created_at=item.updated_at)
    given = with_standing(given, [call], conversation, project, outside)
    ruling = judge(call.command, (), given=given, project=project)
    if ruling.may is May.NO:
        return render_refusal(render_denial(call, ruling, given))
    if ruling.may is May.UNKNOWN:
        return render_refusal(render_ignorance(call.text, ruling.obstacle))
    with outside.database.read() as connection:
        read = _read(connection, outside)
        number = _find_sprint(item, project, read)
        obstacle = find_obstacle(read, project, item.ref, names, number)
    return render_refusal(obstacle) if obstacle else None


def _adopt(experiment: str, item: WorkItem, author: Person, project: Project, outside: Outside) -> None:
    now = outside.clock()
    with outside.database.write() as connection:
        adopted = AdoptPlan(
            project=project.name,
            experiment=experiment,
            number=_find_sprint(item, project, _read(connection, outside)),
            ref=item.ref,
            by=author.name,
            at=now,
        )
        due = ask(connection, [adopted], outside)
    wake(due, outside)


def _find_sprint(item: WorkItem, project: Project, read: StoreRead) -> int:
    """That of the item; the current one for an item in none of ours, or in one that is over."""
    current = read.current_iteration(project.name).number
    told = read.find_iteration_of(project.name, item.iteration) if item.iteration else None
    return current if told is None else max(told, current)


def _tell(said: str, item: WorkItem, project: Project, outside: Outside) -> None:
    """In one comment, which is edited when there is something else to say."""
    tracker = outside.trackers[project.name]
    markers, key = outside.markers(project.name), plan_key(tracker.name, item.ref)
    body = markers.wrap(key, said)
    known = tracker.list_comments(item.ref, since=item.created_at - CLOCK_SLACK)
    ours = markers.find_ours(known, key)
    if ours is None:
        with in_lane(Lane.CREATE):
            tracker.create_comment(item.ref, body)
    elif markers.inside(ours.body) != markers.inside(body):
        tracker.update_comment(item.ref, ours.ref, body)
    else:
        return
    _log.info("a plan is not taken", tracker=tracker.name, item=item.ref)


def _read(connection: Connection, outside: Outside) -> StoreRead:
    return StoreRead(connection, outside.projects, outside.doors, outside.clock())
