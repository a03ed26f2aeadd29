"""Values that are rows, merged from everything that was said of them in whatever order."""

from collections.abc import Callable
from typing import Any, Generic

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, bindparam, select, update

from trainboard.pull_requests import Said, merge
from trainboard.store.models import Table
from trainboard.store.upserts import MakeInsert, built_once

Row = dict[str, Any]

_FOLDED = frozenset({"code", "environment"})


class MergedValues(Generic[Said]):
    """The values of one kind: what is looked for as columns of `table`, and the whole as JSON in `document`.

    The fields `identity` tell them apart. Codes and names of environments are written in small letters:
    platforms do not tell letters apart there.
    """

    def __init__(self, table: type[Table], kind: type[Said], identity: tuple[str, ...]) -> None:
        columns = table.__table__.columns
        self.table = table
        self._identity = identity
        self._fields = [each.name for each in columns if each.name not in {"id", "document"}]
        self.decode: Callable[[str], Said] = msgspec.json.Decoder(kind).decode
        same = and_(*(columns[name] == bindparam(f"same_{name}") for name in identity))
        self._documents = select(columns["document"])
        self._known = self._documents.where(same).with_for_update()
        self._change = update(table).where(same)
        self._add = built_once(self._build_add)

    def record(self, connection: Connection, news: Said) -> None:
        """Merge `news` into what is known. Of two processes that do so at once one waits for the other."""
        row = self._row(news)
        if connection.execute(self._add(connection), row).scalar() is not None:
            return
        same = {f"same_{name}": row[name] for name in self._identity}
        known = self.decode(connection.execute(self._known, same).scalar_one())
        merged = merge(known, news)
        if merged != known:
            connection.execute(self._change, self._row(merged) | same)

    def list(self, connection: Connection, condition: ColumnElement[bool]) -> list[Said]:
        """Those that `condition` holds for, in no order."""
        documents = connection.execute(self._documents.where(condition)).scalars()
        return [self.decode(document) for document in documents]

    def knows(self, connection: Connection, code: str) -> bool:
        """True if there are values of that repository."""
        columns = self.table.__table__.columns
        mine = select(columns["id"]).where(columns["code"] == code.casefold()).limit(1)
        return connection.execute(mine).scalar() is not None

    def move(self, connection: Connection, old: str, new: str) -> int:
        """Write the values of the repository `old` as those of `new`; answers how many.

        Nothing is known of `new`.
        """
        columns = self.table.__table__.columns
        mine = select(columns["id"], columns["document"]).where(columns["code"] == old.casefold())
        rows = connection.execute(mine).all()
        for number, document in rows:
            moved = self._row(msgspec.structs.replace(self.decode(document), code=new))
            connection.execute(update(self.table).where(columns["id"] == number).values(moved))
        return len(rows)

    def is_about(self, value: Said) -> ColumnElement[bool]:
        """True for the row of what `value` is about."""
        columns, row = self.table.__table__.columns, self._row(value)
        return and_(*(columns[name] == row[name] for name in self._identity))

    def _row(self, value: Said) -> Row:
        row = {name: getattr(value, name) for name in self._fields}
        folded = {name: row[name].casefold() for name in _FOLDED & row.keys()}
        return row | folded | {"document": msgspec.json.encode(value).decode()}

    def _build_add(self, insert: MakeInsert) -> Any:
        return insert(self.table).on_conflict_do_nothing().returning(self.table.__table__.columns["id"])
