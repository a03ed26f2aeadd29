"""Comments on the work items of one local board.

Nobody signs in there: whoever can write a comment can write the database, and may do everything.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select, update
from sqlalchemy.exc import OperationalError

from trainboard.approvals import Person
from trainboard.comments import Hint, Reaction, Role, WrittenComment
from trainboard.errors import MissingError, TransientError
from trainboard.grammar.lines import Markup
from trainboard.store.database import Database
from trainboard.store.local_board import to_number
from trainboard.store.local_models import LocalCommentRow, LocalItemRow
from trainboard.trackers import Tracker
from trainboard.triggers import Origin
from trainboard.work_items import Comment

_BOT = "trainboard"


class LocalConversation:
    """Keeps `trainboard.conversations.Conversation`.

    Args:
        database: where the board lives.
        board: its name, the project's.
        tracker: writes comments there.
    """

    lists_written = False

    def __init__(self, database: Database, board: str, tracker: Tracker) -> None:
        self.name = f"local:{board}"
        self._database = database
        self._board = board
        self._tracker = tracker

    def read_comment(self, origin: Origin, comment: str) -> WrittenComment:
        """From its row. Who edited a comment is not known."""
        with self._using(self._database.read) as connection:
            row = self._find(connection, origin, comment)
        return WrittenComment(
            ref=str(row.id),
            text=row.body,
            markup=Markup.MARKDOWN,
            author=Person(id=row.author, name=row.author),
            created_at=row.created_at,
            ours=row.author == _BOT,
        )

    def find_role(self, origin: Origin, person: Person) -> Role:  # noqa: ARG002  everybody's
        """ADMIN: see above."""
        self._tracker.get_item(origin.ref)
        return Role.ADMIN

    def is_in_team(self, origin: Origin, person: Person, team: str) -> bool:  # noqa: ARG002  everybody's
        """True: see above."""
        self._tracker.get_item(origin.ref)
        return True

    def check_team(self, team: str) -> bool:  # noqa: ARG002  there are none
        """False: see above."""
        return False

    def react(self, origin: Origin, comment: str, reaction: Reaction) -> None:
        """Beside the comment's text."""
        with self._using(self._database.write) as connection:
            row = self._find(connection, origin, comment)
            held = dict.fromkeys([*row.reactions.split(), reaction])
            mine = LocalCommentRow.id == row.id
            connection.execute(update(LocalCommentRow).where(mine).values(reactions=" ".join(held)))

    def list_answers(self, origin: Origin, since: datetime) -> Iterator[Comment]:
        """Those that changed since."""
        return (each for each in self._tracker.list_comments(origin.ref, since=since) if each.ours)

    def create_comment(self, origin: Origin, body: str) -> Comment:
        """Add a comment to the item."""
        return self._tracker.create_comment(origin.ref, body)

    def update_comment(self, origin: Origin, comment: str, body: str) -> None:
        """Replace the comment's text."""
        self._tracker.update_comment(origin.ref, comment, body)

    def list_written(self, since: datetime) -> Iterator[Hint]:
        """Nothing: a comment is written together with the word of it."""
        del since
        return iter(())

    @contextmanager
    def _using(self, connect: Callable[[], AbstractContextManager[Connection]]) -> Iterator[Connection]:
        try:
            with connect() as connection:
                yield connection
        except OperationalError as error:
            raise TransientError(f"{self.name} does not answer: {error.orig}") from error

    def _find(self, connection: Connection, origin: Origin, comment: str) -> Row[Any]:
        row = connection.execute(self._select(origin, comment)).one_or_none()
        if row is None:
            raise MissingError(f"{self.name} has no comment {comment} on item {origin.ref}.")
        return row

    def _select(self, origin: Origin, comment: str) -> Select[Any]:
        return (
            select(LocalCommentRow)
            .join(LocalItemRow, LocalItemRow.id == LocalCommentRow.item)
            .where(LocalItemRow.board == self._board)
            .where(LocalItemRow.id == to_number(origin.ref), LocalCommentRow.id == to_number(comment))
        )
