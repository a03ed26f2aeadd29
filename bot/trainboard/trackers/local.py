"""The local board: work items in the bot's own database, for teams without a tracker and for the demo."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from trainboard.approvals import Person
from trainboard.errors import DoubtError, MissingError, PermanentError, TransientError
from trainboard.grades import find_estimate, find_priority, label_grades
from trainboard.item_changes import ChangePage
from trainboard.iterations import SprintPolicy
from trainboard.store import local_history
from trainboard.store.database import Database
from trainboard.store.local_board import to_number
from trainboard.store.local_models import (
    LocalCommentRow,
    LocalItemRow,
    LocalIterationRow,
    LocalLabelRow,
    LocalRelationRow,
)
from trainboard.store.upserts import insert
from trainboard.trackers import Traits
from trainboard.work_items import (
    Comment,
    NewIteration,
    NewWorkItem,
    TrackerIteration,
    WorkItem,
    WorkItemChange,
)

BOT = "trainboard"
_NAMED = ("title", "body", "state")
_USUAL = SprintPolicy()


class LocalTracker:
    """One board in the database. Whoever makes items through another `author` is a person.

    Args:
        database: where the board lives.
        board: its name, the project's.
        clock: answers the present moment, aware, in UTC.
        author: in whose name this object writes; the bot's own, unless a person's hand is played.
        is_start: whether a label tells that work on an item began.
    """

    traits = Traits(max_body_bytes=262_144, iteration_has_start=True)

    def __init__(
        self,
        database: Database,
        board: str,
        clock: Callable[[], datetime],
        author: str = BOT,
        is_start: Callable[[str], bool] = _USUAL.is_start,
    ) -> None:
        self.name = f"local:{board}"
        self._database = database
        self._board = board
        self._clock = clock
        self._author = author
        self._is_start = is_start

    def create_item(self, new: NewWorkItem) -> WorkItem:
        """Make a work item."""
        self._check(new.title, new.body)
        now = self._clock()
        with self._writing() as connection:
            if new.iteration is not None:
                self._iteration(connection, new.iteration)
            ref = connection.execute(
                insert(connection, LocalItemRow)
                .values(
                    board=self._board,
                    title=new.title,
                    body=new.body,
                    state="open",
                    type=new.type or ("Bug" if new.is_bug else None),
                    assignees="\n".join(new.assignees),
                    author=self._author,
                    iteration=to_number(new.iteration) if new.iteration else None,
                    created_at=now,
                    updated_at=now,
                )
                .returning(LocalItemRow.id)
            ).scalar_one()
            _add_labels(connection, ref, new.labels)
            made = self._item(connection, str(ref))
            self._note(connection, None, made)
            return made

    def get_item(self, ref: str) -> WorkItem:
        """The work item as it stands."""
        with self._reading() as connection:
            return self._item(connection, ref)

    def update_item(self, ref: str, change: WorkItemChange) -> WorkItem:
        """Make `change` true."""
        with self._writing() as connection:
            item = self._item(connection, ref)
            change = label_grades(change, item.labels)
            values = _said(change)
            self._check(str(values.get("title", "x")), str(values.get("body", "")))
            if isinstance(change.iteration, str):
                self._iteration(connection, change.iteration)
            if change == WorkItemChange():
                return item
            mine = LocalItemRow.id == int(item.ref)
            connection.execute(update(LocalItemRow).where(mine).values(**values, updated_at=self._clock()))
            _add_labels(connection, int(item.ref), change.add_labels)
            gone = (LocalLabelRow.item == int(item.ref)) & LocalLabelRow.name.in_(change.remove_labels)
            connection.execute(delete(LocalLabelRow).where(gone))
            changed = self._item(connection, ref)
            self._note(connection, item, changed)
            return changed

    def list_items(self, *, label: str, since: datetime) -> Iterator[WorkItem]:
        """Items with the label that changed since, oldest made first."""
        wanted = (LocalItemRow.board == self._board) & (LocalItemRow.updated_at >= since)
        labelled = select(LocalLabelRow.item).where(LocalLabelRow.name == label)
        query = select(LocalItemRow).where(wanted, LocalItemRow.id.in_(labelled)).order_by(LocalItemRow.id)
        with self._reading() as connection:
            found = [self._value(connection, row) for row in connection.execute(query).all()]
        yield from found

    def list_iteration_items(self, ref: str) -> Iterator[WorkItem]:
        """Items of the sprint, oldest made first."""
        with self._reading() as connection:
            self._iteration(connection, ref)
            wanted = (LocalItemRow.board == self._board) & (LocalItemRow.iteration == to_number(ref))
            rows = connection.execute(select(LocalItemRow).where(wanted).order_by(LocalItemRow.id)).all()
            found = [self._value(connection, row) for row in rows]
        yield from found

    def list_backlog(self) -> Iterator[WorkItem]:
        """Open items in no sprint, oldest made first."""
        wanted = (LocalItemRow.board == self._board) & LocalItemRow.iteration.is_(None)
        query = select(LocalItemRow).where(wanted, LocalItemRow.state == "open").order_by(LocalItemRow.id)
        with self._reading() as connection:
            found = [self._value(connection, row) for row in connection.execute(query).all()]
        yield from found

    def list_changes(self, mark: str) -> Iterator[ChangePage]:
        """Nothing: each change is written into the history with the change itself."""
        yield ChangePage(changes=(), mark=mark, complete=True)

    def create_comment(self, ref: str, body: str) -> Comment:
        """Add a comment."""
        self._check("x", body)
        now = self._clock()
        with self._writing() as connection:
            item = self._item(connection, ref)
            row = connection.execute(
                insert(connection, LocalCommentRow)
                .values(item=int(item.ref), body=body, author=self._author, created_at=now, updated_at=now)
                .returning(LocalCommentRow)
            ).one()
        return self._comment(row)

    def update_comment(self, ref: str, comment_ref: str, body: str) -> Comment:
        """Replace the comment's text."""
        self._check("x", body)
        with self._writing() as connection:
            item = self._item(connection, ref)
            mine = (LocalCommentRow.item == int(item.ref)) & (LocalCommentRow.id == to_number(comment_ref))
            changed = {"body": body, "updated_at": self._clock()}
            row = connection.execute(
                update(LocalCommentRow).where(mine).values(changed).returning(LocalCommentRow)
            ).one_or_none()
        if row is None:
            raise MissingError(f"{self.name} has no comment {comment_ref} on item {ref}")
        return self._comment(row)

    def list_comments(self, ref: str, *, since: datetime) -> Iterator[Comment]:
        """Comments that changed since, oldest first."""
        with self._reading() as connection:
            item = self._item(connection, ref)
            wanted = (LocalCommentRow.item == int(item.ref)) & (LocalCommentRow.updated_at >= since)
            rows = connection.execute(
                select(LocalCommentRow).where(wanted).order_by(LocalCommentRow.id)
            ).all()
        yield from [self._comment(row) for row in rows]

    def create_iteration(self, new: NewIteration) -> TrackerIteration:
        """Make a sprint; a board has each name once."""
        with self._writing() as connection:
            values = {"name": new.name, "start": new.start, "end": new.end, "description": new.description}
            statement = insert(connection, LocalIterationRow).values(board=self._board, **values)
            row = connection.execute(
                statement.on_conflict_do_nothing().returning(LocalIterationRow)
            ).one_or_none()
        if row is None:
            raise PermanentError(f"{self.name} already has a sprint called {new.name!r}")
        return _iteration(row)

    def update_iteration(self, ref: str, new: NewIteration) -> TrackerIteration:
        """Change the sprint."""
        values = {"name": new.name, "start": new.start, "end": new.end, "description": new.description}
        try:
            with self._writing() as connection:
                self._iteration(connection, ref)
                mine = LocalIterationRow.id == to_number(ref)
                row = connection.execute(
                    update(LocalIterationRow).where(mine).values(values).returning(LocalIterationRow)
                ).one()
        except IntegrityError:
            raise PermanentError(f"{self.name} already has a sprint called {new.name!r}") from None
        return _iteration(row)

    def close_iteration(self, ref: str) -> None:
        """Close the sprint."""
        self._set_iteration(ref, open=False)

    def describe_iteration(self, ref: str, description: str) -> None:
        """Replace the sprint's description."""
        self._check("x", description)
        self._set_iteration(ref, description=description)

    def list_iterations(self) -> Iterator[TrackerIteration]:
        """Every sprint of the board."""
        query = select(LocalIterationRow).where(LocalIterationRow.board == self._board)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(LocalIterationRow.id)).all()
        yield from [_iteration(row) for row in rows]

    def add_child(self, parent_ref: str, child_ref: str) -> None:
        """Make one item the parent of another."""
        with self._writing() as connection:
            parent, child = self._item(connection, parent_ref), self._item(connection, child_ref)
            values = {"parent": int(parent.ref), "child": int(child.ref)}
            connection.execute(insert(connection, LocalRelationRow).values(values).on_conflict_do_nothing())
            standing = select(LocalRelationRow.parent).where(LocalRelationRow.child == int(child.ref))
            if connection.execute(standing).scalar_one() != int(parent.ref):
                raise PermanentError(f"item {child_ref} of {self.name} has another parent already")

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._database.read() as connection:
                yield connection
        except OperationalError as error:
            raise TransientError(f"{self.name} could not be read: {error.orig}") from error

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self._database.write() as connection:
                yield connection
        except OperationalError as error:
            raise DoubtError(f"{self.name} could not be written: {error.orig}") from error

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def _note(self, connection: Connection, before: WorkItem | None, after: WorkItem) -> None:
        local_history.note(
            connection, self._board, before, after, is_start=self._is_start, now=after.updated_at
        )

    def _check(self, title: str, body: str) -> None:
        size_bytes = len(body.encode())
        if size_bytes > self.traits.max_body_bytes:
            raise PermanentError(
                f"{self.name} holds {self.traits.max_body_bytes} bytes a text, not {size_bytes}"
            )
        if not title.strip():
            raise PermanentError(f"{self.name} needs a title for a work item")

    def _item(self, connection: Connection, ref: str) -> WorkItem:
        mine = (LocalItemRow.board == self._board) & (LocalItemRow.id == to_number(ref))
        row = connection.execute(select(LocalItemRow).where(mine)).one_or_none()
        if row is None:
            raise MissingError(f"{self.name} has no item {ref}")
        return self._value(connection, row)

    def _iteration(self, connection: Connection, ref: str) -> None:
        mine = (LocalIterationRow.board == self._board) & (LocalIterationRow.id == to_number(ref))
        if connection.execute(select(LocalIterationRow.id).where(mine)).scalar() is None:
            raise MissingError(f"{self.name} has no sprint {ref}")

    def _set_iteration(self, ref: str, **values: object) -> None:
        with self._writing() as connection:
            self._iteration(connection, ref)
            mine = LocalIterationRow.id == to_number(ref)
            connection.execute(update(LocalIterationRow).where(mine).values(**values))

    def _value(self, connection: Connection, row: Row[Any]) -> WorkItem:
        labels = select(LocalLabelRow.name).where(LocalLabelRow.item == row.id).order_by(LocalLabelRow.name)
        carried = tuple(connection.execute(labels).scalars())
        return WorkItem(
            ref=str(row.id),
            title=row.title,
            body=row.body,
            state=row.state,
            url=f"/items/{row.id}",
            created_at=row.created_at,
            updated_at=row.updated_at,
            labels=carried,
            assignees=tuple(row.assignees.split("\n")) if row.assignees else (),
            iteration=None if row.iteration is None else str(row.iteration),
            type=row.type,
            closed_as=row.closed_as,
            ours=row.author == BOT,
            author=None if row.author == BOT else Person(id=row.author, name=row.author),
            priority=find_priority(carried),
            estimate=find_estimate(carried),
        )

    def _comment(self, row: Row[Any]) -> Comment:
        return Comment(ref=str(row.id), body=row.body, created_at=row.created_at, ours=row.author == BOT)


def _said(change: WorkItemChange) -> dict[str, Any]:
    values = {name: getattr(change, name) for name in _NAMED if isinstance(getattr(change, name), str)}
    if isinstance(change.state, str):
        values["closed_as"] = change.closed_as if change.state == "closed" else None
    if isinstance(change.assignees, tuple):
        values["assignees"] = "\n".join(change.assignees)
    if change.iteration is None or isinstance(change.iteration, str):
        values["iteration"] = to_number(change.iteration) if change.iteration else None
    return values


def _add_labels(connection: Connection, item: int, labels: tuple[str, ...]) -> None:
    for label in labels:
        statement = insert(connection, LocalLabelRow).values(item=item, name=label)
        connection.execute(statement.on_conflict_do_nothing())


def _iteration(row: Row[Any]) -> TrackerIteration:
    return TrackerIteration(
        ref=str(row.id),
        name=row.name,
        start=row.start,
        end=row.end,
        description=row.description,
        open=row.open,
    )
