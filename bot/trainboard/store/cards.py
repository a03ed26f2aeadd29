"""Work items on project boards: where their cards are, and what they were set to last."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, Row, Select, and_, case, exists, or_, select

from trainboard.board_layout import Lack, Layout, Placement, list_lacks
from trainboard.iterations import Iteration
from trainboard.policy import Project
from trainboard.store.alert_models import ProblemRow
from trainboard.store.board_models import BoardCardRow, BoardRow
from trainboard.store.models import RunRow, WorkItemRow
from trainboard.store.upserts import insert

AGAIN = timedelta(hours=1)
"""So long after it was tried, what a board lacked or refused is tried again."""

Fate = Literal["on", "archived", "removed", "refused"]


class KnownCard(msgspec.Struct, frozen=True, kw_only=True):
    """The card of an item. `card` is its ref on the board, empty where the item has none.

    `state` and `sprint` are the item's when the card was set last, empty and None before. `lacks_state` and
    `lacks_sprint` tell that the board had nothing for them then. A card that people archived or took off is
    left alone, and so is one that the board refused to set, until `again_at`.
    """

    ref: str
    card: str = ""
    fate: Fate = "on"
    state: str = ""
    sprint: int | None = None
    lacks_state: bool = False
    lacks_sprint: bool = False
    again_at: datetime

    def differs(self, wanted: Placement) -> bool:
        """True if the item is otherwise than when the card was set, and the card is not off the board."""
        moved = wanted.sprint is not None and wanted.sprint != self.sprint
        return self.fate != "removed" and (self.state != wanted.state or moved)


class KnownBoard(msgspec.Struct, frozen=True, kw_only=True):
    """A board as it was read last; `trouble` says why it cannot be worked on, empty if it can."""

    layout: Layout | None = None
    read_at: datetime | None = None
    trouble: str = ""
    troubled_at: datetime | None = None

    def is_closed(self, now: datetime) -> bool:
        """True if it refused us not long ago."""
        return self.troubled_at is not None and _is_young(self.troubled_at, now)

    def is_fresh(self, now: datetime) -> bool:
        """True if it was read not long ago."""
        return self.read_at is not None and _is_young(self.read_at, now)


def find(connection: Connection, board: str, tracker: str, ref: str) -> KnownCard | None:
    """The card of the item, None if it never had one."""
    mine = _of(board, tracker) & (BoardCardRow.ref == ref)
    row = connection.execute(select(BoardCardRow).where(mine)).one_or_none()
    return _card_of(row) if row else None


def list_known(connection: Connection, board: str, tracker: str) -> Mapping[str, KnownCard]:
    """The cards of the tracker's items by their refs."""
    rows = connection.execute(select(BoardCardRow).where(_of(board, tracker)))
    return {row.ref: _card_of(row) for row in rows}


def put(connection: Connection, board: str, tracker: str, card: KnownCard) -> None:
    """Note how the card stands."""
    values = msgspec.structs.asdict(card)
    statement = insert(connection, BoardCardRow).values(board=board, tracker=tracker, **values)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["board", "tracker", "ref"], set_=values)
    )


def find_board(connection: Connection, board: str) -> KnownBoard:
    """The board, empty if it was never read."""
    row = connection.execute(select(BoardRow).where(BoardRow.board == board)).one_or_none()
    if row is None:
        return KnownBoard()
    layout = msgspec.json.decode(row.document, type=Layout) if row.document else None
    return KnownBoard(layout=layout, read_at=row.read_at, trouble=row.trouble, troubled_at=row.troubled_at)


def put_layout(connection: Connection, board: str, layout: Layout, now: datetime) -> None:
    """The board was read, so it can be worked on as far as is known."""
    document = msgspec.json.encode(layout).decode()
    _put_board(connection, board, document=document, read_at=now, trouble="", troubled_at=None)


def note_trouble(connection: Connection, board: str, trouble: str, now: datetime) -> None:
    """The board refused us."""
    _put_board(connection, board, trouble=trouble, troubled_at=now)


def list_troubles(connection: Connection, project: Project, sprints: Sequence[Iteration]) -> Sequence[Lack]:
    """What people must mend of the project's board, as it was read last."""
    if project.board is None:
        return ()
    board = find_board(connection, project.board.name)
    if board.trouble:
        return (Lack(message=board.trouble, fix="`trainboard doctor` looks again."),)
    return tuple(list_lacks(board.layout, project.board, sprints)) if board.layout else ()


def list_ours(connection: Connection, project: Project) -> frozenset[str]:
    """The refs of all items that the bot made in the project's tracker."""
    queries = (
        select(WorkItemRow.ref).where(WorkItemRow.tracker == project.tracker),
        select(ProblemRow.ref).where(ProblemRow.tracker == project.tracker, ProblemRow.ref != ""),
    )
    return frozenset(ref for query in queries for ref in connection.execute(query).scalars())


def list_due(
    connection: Connection, project: Project, current: int, now: datetime, *, ref: str | None = None
) -> Sequence[Placement]:
    """Items of ours that the project's board does not show as they are; one of them, if `ref` names it.

    What ended before sprint `current` and was never on the board is not put there. Nothing while the board
    refuses us.
    """
    if project.board is None or find_board(connection, project.board.name).is_closed(now):
        return ()
    queries = [_experiments(project, current, now), _bugs(project, now)]
    if ref is not None:
        queries = [queries[0].where(WorkItemRow.ref == ref), queries[1].where(ProblemRow.ref == ref)]
    return [
        Placement(ref=row.ref, state=row.state, sprint=row.sprint)
        for query in queries
        for row in connection.execute(query)
    ]


def _experiments(project: Project, current: int, now: datetime) -> Select[Any]:
    item = WorkItemRow
    trained = exists().where(
        RunRow.project == item.project,
        RunRow.experiment == item.experiment,
        RunRow.number == item.number,
        RunRow.planned.is_(True),
    )
    state = case((item.state == "closed", "done"), (trained, "doing"), else_="todo")
    unknown = BoardCardRow.ref.is_(None) & ((item.state == "open") | (item.number >= current))
    return (
        select(item.ref, state.label("state"), item.number.label("sprint"))
        .outerjoin(BoardCardRow, _joins(project, item))
        .where(
            item.project == project.name, item.tracker == project.tracker, item.state.in_(("open", "closed"))
        )
        .where(unknown | _differs(state, item.number, now))
        .order_by(item.id)
    )


def _bugs(project: Project, now: datetime) -> Select[Any]:
    bug = ProblemRow
    taken_up = bug.acknowledged_at.is_not(None)
    state = case((bug.state == "closed", "done"), (taken_up, "doing"), else_="todo")
    unknown = BoardCardRow.ref.is_(None) & (bug.state == "open")
    return (
        select(bug.ref, state.label("state"), bug.sprint)
        .outerjoin(BoardCardRow, _joins(project, bug))
        .where(bug.project == project.name, bug.tracker == project.tracker, bug.state.in_(("open", "closed")))
        .where(bug.ref != "")
        .where(unknown | _differs(state, bug.sprint, now))
        .order_by(bug.id)
    )


def _joins(project: Project, table: Any) -> Any:
    name = project.board.name if project.board else ""
    card = BoardCardRow
    return and_(card.board == name, card.tracker == table.tracker, card.ref == table.ref)


def _differs(state: Any, sprint: Any, now: datetime) -> Any:
    card = BoardCardRow
    lacks = (card.lacks_state.is_(True) | card.lacks_sprint.is_(True)) & (card.again_at <= now)
    moved = sprint.is_not(None) & card.sprint.is_distinct_from(sprint)
    rests = (card.fate == "refused") & (card.again_at > now)
    return and_(card.fate != "removed", ~rests, or_(card.state != state, moved, lacks))


def _put_board(connection: Connection, board: str, **values: Any) -> None:
    statement = insert(connection, BoardRow).values({"board": board, "document": "", "trouble": ""} | values)
    connection.execute(statement.on_conflict_do_update(index_elements=["board"], set_=values))


def _of(board: str, tracker: str) -> Any:
    return (BoardCardRow.board == board) & (BoardCardRow.tracker == tracker)


def _card_of(row: Row[Any]) -> KnownCard:
    values = {name: value for name, value in row._asdict().items() if name not in {"board", "tracker"}}
    return KnownCard(**values)


def _is_young(moment: datetime, now: datetime) -> bool:
    return abs(now - moment) < AGAIN
