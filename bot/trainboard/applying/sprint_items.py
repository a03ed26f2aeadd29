"""What stands in the sprints shall be in the history of the project's work items."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from trainboard.applying import Outside
from trainboard.applying.board_asking import ask
from trainboard.board_layout import Placement
from trainboard.effects import ReadSprints
from trainboard.experiments import Cursor
from trainboard.iterations import iteration_at
from trainboard.report.happenings import Past
from trainboard.report.noticing import notice
from trainboard.store import cards, cursors, item_history, iterations
from trainboard.trackers import Tracker
from trainboard.work_items import REPORT_LABEL, WorkItem

APPLIES = ReadSprints

_NEXT = timedelta(microseconds=1)


def apply(effect: ReadSprints, outside: Outside) -> None:
    """List the items of the last sprint, this one and the next, and write down what changed.

    The last one still tells what was closed at its end, and what was done late. A sprint that the tracker
    does not have holds nothing.
    """
    tracker, name = outside.trackers[effect.project], f"history/{effect.project}"
    current = iteration_at(outside.projects[effect.project].sprint, outside.clock()).number
    with outside.database.read() as connection:
        refs = {
            number: ref
            for number in range(current - 1, current + 2)
            if (ref := iterations.find_ref(connection, effect.project, number)) is not None
        }
        since = cursors.get(connection, name).read_at
        past = Past(item_history.list_of(connection, effect.project))
    items = {number: _list_planned(tracker, ref) for number, ref in refs.items()}
    now = outside.clock()
    told = list(notice(past.stand_at(now + _NEXT), items, since, now))
    with outside.database.write() as connection:
        item_history.add(connection, effect.project, told, now)
        cursors.advance(connection, name, Cursor(), now)
    ask(effect.project, list(_list_off_board(effect.project, current, items, outside)), outside)


def _list_off_board(
    project: str, current: int, listed: Mapping[int, Sequence[WorkItem]], outside: Outside
) -> Iterator[Placement]:
    """Items that people made, where the board shows these too; once an hour, as they are listed."""
    policy = outside.projects[project]
    if policy.board is None or policy.board.items != "all":
        return
    with outside.database.read() as connection:
        if cards.find_board(connection, policy.board.name).is_closed(outside.clock()):
            return
        known = cards.list_known(connection, policy.board.name, policy.tracker)
        ours = cards.list_ours(connection, policy)
    for number, items in listed.items():
        for item in items:
            wanted = Placement(ref=item.ref, state="todo" if item.state == "open" else "done", sprint=number)
            card = known.get(item.ref)
            is_over = card is None and item.state != "open" and number < current
            if item.ref not in ours and not is_over and (card is None or card.differs(wanted)):
                yield wanted


def _list_planned(tracker: Tracker, ref: str) -> list[WorkItem]:
    """What stands in the sprint, without its own report."""
    return [each for each in tracker.list_iteration_items(ref) if REPORT_LABEL not in each.labels]
