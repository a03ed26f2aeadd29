"""What is to be said of the notebooks of pull requests, so that none is read twice."""

from collections.abc import Collection, Sequence

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, select

from trainboard.notebooks import NotebookReview
from trainboard.store.pull_request_models import NotebookReviewRow
from trainboard.store.upserts import insert

_KEY = ("code", "number", "path")


def list_of(connection: Connection, code: str, number: int) -> Sequence[NotebookReview]:
    """The reviews of a pull request's notebooks, by path."""
    rows = select(NotebookReviewRow.document).where(_mine(code, number)).order_by(NotebookReviewRow.path)
    return [_DECODER.decode(document) for document in connection.execute(rows).scalars()]


def list_numbers(connection: Connection, code: str, path: str) -> Sequence[int]:
    """The numbers of the pull requests whose notebook of that path was looked at."""
    row = NotebookReviewRow
    mine = (row.code == code.casefold()) & (row.path == path)
    return list(connection.execute(select(row.number).where(mine).order_by(row.number)).scalars())


def put(connection: Connection, code: str, number: int, review: NotebookReview) -> None:
    """Note the review of a notebook, in place of an earlier one of the same path."""
    document = msgspec.json.encode(review).decode()
    path = review.notebook.path
    statement = insert(connection, NotebookReviewRow).values(
        code=code.casefold(), number=number, path=path, document=document
    )
    connection.execute(statement.on_conflict_do_update(index_elements=_KEY, set_={"document": document}))


def keep(connection: Connection, code: str, number: int, paths: Collection[str]) -> None:
    """Forget the reviews of other notebooks of the pull request."""
    gone = _mine(code, number) & NotebookReviewRow.path.not_in(list(paths))
    connection.execute(delete(NotebookReviewRow).where(gone))


def _mine(code: str, number: int) -> ColumnElement[bool]:
    return (NotebookReviewRow.code == code.casefold()) & (NotebookReviewRow.number == number)


_DECODER = msgspec.json.Decoder(NotebookReview)
