"""A person's comment on a local board, and the word of it: in one transaction."""

from collections.abc import Collection
from datetime import datetime

from trainboard.applying import polled
from trainboard.applying.finding_comments import make_delivery
from trainboard.comments import Hint, find_hint
from trainboard.errors import MissingError
from trainboard.store import local_board
from trainboard.store.database import Database
from trainboard.triggers import Origin
from trainboard.work_items import Comment


def write_comment(
    database: Database, boards: Collection[str], number: int, author: str, text: str, now: datetime
) -> tuple[Comment, Hint | None]:
    """The comment, and what of it may command something; a running service takes that up within seconds.

    Args:
        database: where the boards live, beside the service.
        boards: the names of those that count.
        number: of the work item.
        author: who writes it.
        text: Markdown.
        now: when.

    Raises:
        MissingError: none of the boards has the work item.
    """
    with database.write() as connection:
        item = local_board.find_item(connection, number)
        if item is None or item.board not in boards:
            raise MissingError(f"No local board has a work item {number}. Its page shows its number.")
        comment = local_board.write_comment(connection, number, author, text, now)
        origin = Origin(place=f"local:{item.board}", ref=str(number))
        hint = find_hint(origin, comment, local_board.see_item(item))
        polled.put(connection, [make_delivery(hint)] if hint else [], now)
    return comment, hint
