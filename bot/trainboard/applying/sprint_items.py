"""What stands in the sprints shall be in the history of the project's work items."""

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta

from trainboard.applying import Outside
from trainboard.applying.board_asking import ask
from trainboard.applying.item_changes import read_changes
from trainboard.board_layout import Placement
from trainboard.effects import ReadSprints
from trainboard.errors import MissingError, PermanentError
from trainboard.experiments import Cursor
from trainboard.iterations import iteration_at
from trainboard.policy import Project
from trainboard.report.happenings import Past
from trainboard.report.noticing import notice
from trainboard.store import cards, cursors, history_readings, item_history, iterations, report_places
from trainboard.trackers import Tracker
from trainboard.work_items import REPORT_LABEL, WorkItem

APPLIES = ReadSprints

LOOK_EVERY = timedelta(hours=23)
"""A look costs a call for each hundred items; what happens in between the tracker tells when it is asked."""

_NEXT = timedelta(microseconds=1)


def apply(effect: ReadSprints, outside: Outside) -> None:
    """Write down what the tracker tells, and look at the sprints themselves where that may not be all.

    That is once a day, where it told something of which nobody had told us, and where there are other sprints
    than at the last look.
    """
    project, now = outside.projects[effect.project], outside.clock()
    refs = _find_sprints(effect.project, outside)
    try:
        news = read_changes(project, outside)
    except (MissingError, PermanentError):
        _look(effect.project, refs, outside)
        raise
    with outside.database.read() as connection:
        looked_at = cursors.get(connection, _name_look(effect.project)).read_at
        looked_at_all = history_readings.get(connection, effect.project).sprints == _say(refs)
    if news or looked_at is None or now - looked_at >= LOOK_EVERY or not looked_at_all:
        _look(effect.project, refs, outside)
    ask(effect.project, list(_list_off_board(project, refs, outside)), outside)


def _find_sprints(project: str, outside: Outside) -> Mapping[int, str]:
    """The last sprint, this one and the next, as far as the tracker has them.

    The last one still tells what was closed at its end, and what was done late.
    """
    current = iteration_at(outside.projects[project].sprint, outside.clock()).number
    with outside.database.read() as connection:
        return {
            number: ref
            for number in range(current - 1, current + 2)
            if (ref := iterations.find_ref(connection, project, number)) is not None
        }


def _look(project: str, refs: Mapping[int, str], outside: Outside) -> None:
    """List the items of the sprints, and write down what changed.

    What was heard of an item meanwhile is newer than what was seen of it: the next look sees it again.
    """
    began = outside.clock()
    with outside.database.read() as connection:
        since = cursors.get(connection, _name_look(project)).read_at
        past = Past(item_history.list_of(connection, project))
    items = {number: list_planned(outside.trackers[project], ref) for number, ref in refs.items()}
    now = outside.clock()
    told = list(notice(past.stand_at(now + _NEXT), items, since, now))
    with outside.database.write() as connection:
        newer = item_history.list_heard_since(connection, project, began)
        item_history.add(connection, project, [each for each in told if each.item not in newer], now)
        history_readings.note_sprints(connection, project, _say(refs), now)
        cursors.advance(connection, _name_look(project), Cursor(), now)


def _name_look(project: str) -> str:
    return f"history/{project}"


def _say(refs: Mapping[int, str]) -> str:
    return "\n".join(refs[number] for number in sorted(refs))


def _list_off_board(policy: Project, sprints: Collection[int], outside: Outside) -> Iterator[Placement]:
    """Items of these sprints that people made, where the board shows these too, by the history."""
    if policy.board is None or policy.board.items != "all":
        return
    now = outside.clock()
    with outside.database.read() as connection:
        if cards.find_board(connection, policy.board.name).is_closed(now):
            return
        known = cards.list_known(connection, policy.board.name, policy.tracker)
        ours = cards.list_ours(connection, policy) | report_places.list_refs(connection, policy.name)
        past = Past(item_history.list_of(connection, policy.name))
    current = iteration_at(policy.sprint, now).number
    for ref, item in past.stand_at(now + _NEXT).items():
        if item.sprint is None or item.sprint not in sprints or ref in ours:
            continue
        wanted = Placement(ref=ref, state="todo" if item.is_open else "done", sprint=item.sprint)
        card = known.get(ref)
        is_over = card is None and not item.is_open and item.sprint < current
        if not is_over and (card is None or card.differs(wanted)):
            yield wanted


def list_planned(tracker: Tracker, ref: str) -> list[WorkItem]:
    """What stands in the sprint, without its own report."""
    return [each for each in tracker.list_iteration_items(ref) if REPORT_LABEL not in each.labels]
