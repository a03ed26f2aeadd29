"""Whoever asked shall be told what fits into a sprint."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice

import structlog
from msgspec.structs import replace
from sqlalchemy import Connection

from trainboard.applying import Outside
from trainboard.applying.answers import tell_end
from trainboard.applying.asking import wake
from trainboard.applying.sprint_items import list_planned
from trainboard.effects import SuggestPlan
from trainboard.errors import MissingError, PermanentError, TrainboardError
from trainboard.iterations import iteration, iteration_at
from trainboard.policy import Project
from trainboard.rendering.inert import inert
from trainboard.rendering.plan import render_plan
from trainboard.report.building import History, build
from trainboard.report.carry import list_carried
from trainboard.report.flow import count_by_day
from trainboard.report.planning import Candidate, Known, Place, SprintPlan, suggest
from trainboard.store import commands, iterations, reports
from trainboard.store.database import Database
from trainboard.trackers import Tracker
from trainboard.work_items import WorkItem

APPLIES = SuggestPlan

DEADLINE = timedelta(hours=1)
MOST_OF_BACKLOG = 300
"""So many items of a backlog are looked at, the oldest."""

_log = structlog.get_logger(__name__)


def apply(effect: SuggestPlan, outside: Outside) -> None:
    """Read what is open, and have the comment answered with the suggestion. Nothing is planned.

    Raises:
        TransientError: the tracker could not be read yet.
    """
    with outside.database.read() as connection:
        given = commands.find(connection, effect.asked)
    if given is None or effect.key not in given.awaited:
        return
    refusal = told = ""
    try:
        plan = make_plan(
            outside.projects[effect.project],
            effect.number,
            outside.trackers[effect.project],
            outside.database,
            outside.clock(),
        )
        told = render_plan(plan)
    except PermanentError as error:
        refusal = inert(str(error), 400)
    except TrainboardError as error:
        if outside.clock() - given.at < DEADLINE:
            raise
        refusal = f"Not within an hour. {inert(str(error), 400)}"
    with outside.database.write() as connection:
        commands.tell(connection, effect.asked, told)
        due = tell_end(connection, effect.project, effect.asked, effect.key, outside, refusal=refusal)
    wake(due, outside)


def make_plan(
    project: Project, number: int, tracker: Tracker, database: Database, now: datetime
) -> SprintPlan:
    """What fits into sprint `number`: the tracker says what is open, the history how much is done.

    Raises:
        TrainboardError: the tracker could not be read.
    """
    with database.read() as connection:
        history = _find_history(connection, project, now)
        names = iterations.list_numbered(connection, project.name)
        current = iteration_at(project.sprint, now).number
        known_refs = {
            each: ref
            for each in range(current, number + 1)
            if (ref := iterations.find_ref(connection, project.name, each)) is not None
        }
    found = list(_list_open(tracker, known_refs, number))
    sprint = iteration(project.sprint, number)
    return suggest(
        project.name,
        _count_carries(found, history, project, now),
        replace(sprint, name=names.get(number, sprint.name)),
        project.sprint,
        _sum_up(history, project, current, now),
        project.capacity_points,
    )


def _find_history(connection: Connection, project: Project, now: datetime) -> History | None:
    try:
        return reports.read_history(connection, project, now)
    except MissingError:
        return None


def _list_open(tracker: Tracker, refs: dict[int, str], number: int) -> Iterator[Candidate]:
    for each, ref in refs.items():
        place: Place = "planned" if each == number else "left"
        items = list_planned(tracker, ref)
        yield from (_to_candidate(item, place) for item in items if item.state == "open")
    for item in islice(tracker.list_backlog(), MOST_OF_BACKLOG):
        yield _to_candidate(item, "backlog")


def _to_candidate(item: WorkItem, place: Place) -> Candidate:
    return Candidate(
        item=item.ref,
        title=item.title,
        url=item.url,
        place=place,
        since=item.created_at,
        points=None if item.estimate is None else Decimal(str(item.estimate)),
        priority=item.priority,
    )


def _count_carries(
    found: list[Candidate], history: History | None, project: Project, now: datetime
) -> Iterator[Candidate]:
    times: dict[str, int] = {}
    if history is not None:
        standing = history.past.stand_at(now)
        asked = [standing[each.item] for each in found if each.item in standing]
        carried = list_carried(history.past, project.sprint, asked, now)
        times = {each.item.item: each.times for each in carried}
    yield from (replace(each, carries=times.get(each.item, 0)) for each in found)


def _sum_up(history: History | None, project: Project, current: int, now: datetime) -> Known:
    if history is None:
        return Known()
    ended = build(history, project.sprint, current, now).velocity.sprints
    days = sum(each.working_days for each in ended)
    by_day = count_by_day(history.past, project.sprint, now, days) if days else []
    return Known(ended=ended, by_day=by_day)
