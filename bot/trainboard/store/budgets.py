"""Budgets in the database: every process that calls a platform counts in the same rows.

An admission is one short transaction that is over before the call is sent. What cannot be counted is not
sent; a block that an answer named and that could not be stored is stored with the next admission.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
import structlog
from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.exc import SQLAlchemyError

from trainboard.budgets import Deferral, Lane, Notice, Window
from trainboard.budgets.accounts import Account
from trainboard.errors import TransientError
from trainboard.store.database import Database
from trainboard.store.models import BudgetRow
from trainboard.store.upserts import MakeInsert, built_once

KEPT_UNUSED = timedelta(days=7)

_log = structlog.get_logger(__name__)


class StoredBudgets:
    """Keeps `trainboard.budgets.Budgets`.

    Args:
        database: shared by all who use the accounts.
        clock: answers the present moment, aware.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def of(self, account: str, windows: tuple[Window, ...]) -> "StoredBudget":
        """The budget of the account."""
        return StoredBudget(self._database, self._clock, account, windows)


class StoredBudget:
    """Keeps `trainboard.budgets.Budget`. May be used from any number of threads."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        account: str,
        windows: tuple[Window, ...],
    ) -> None:
        self._database = database
        self._clock = clock
        self._account = account
        self._windows = windows
        self._told_until = 0.0

    def admit(self, doing: str, lane: Lane, *, writes: bool) -> None:
        """Count a call, or raise LimitedError; TransientError if the database does not answer."""
        try:
            deferral = self._admit(lane, writes=writes)
        except SQLAlchemyError as error:
            raise TransientError(
                f"Did not {doing}: the database, where calls are counted, does not answer "
                f"({type(error).__name__}). Nothing was sent; it is tried again."
            ) from error
        if deferral is not None:
            raise deferral.to_error(doing)

    def note(self, notice: Notice) -> float | None:
        """Learn from an answer. The call was made, so this raises nothing."""
        try:
            return self._note(notice)
        except SQLAlchemyError:
            _log.warning("what a platform says of limits could not be stored", account=self._account)
            told = Account()
            wait = told.note(self._clock(), notice)
            self._told_until = max(self._told_until, told.blocked_until)
            return wait

    def _admit(self, lane: Lane, *, writes: bool) -> Deferral | None:
        with self._database.write() as connection:
            state = _lock(connection, self._account, self._windows, self._clock())
            now = self._clock()
            state.blocked_until = max(state.blocked_until, self._told_until)
            deferral = state.admit(now, lane, writes=writes)
            _save(connection, self._account, state, now)
        self._told_until = 0.0
        return deferral

    def _note(self, notice: Notice) -> float | None:
        """Most answers say what is known: only news is worth a transaction that writes."""
        with self._database.read() as connection:
            document = connection.execute(_FIND, {"account": self._account}).scalar()
        if document is not None:
            state = _read(self._account, document)
            wait = state.note(self._clock(), notice)
            if msgspec.json.encode(state).decode() == document:
                return wait
        with self._database.write() as connection:
            state = _lock(connection, self._account, self._windows, self._clock())
            now = self._clock()
            wait = state.note(now, notice)
            _save(connection, self._account, state, now)
        return wait


def list_all(connection: Connection) -> Mapping[str, Account]:
    """The state of every account that was used in the last days, by its key."""
    rows = connection.execute(select(BudgetRow.account, BudgetRow.document).order_by(BudgetRow.account))
    return {row.account: _read(row.account, row.document) for row in rows}


def _lock(connection: Connection, account: str, windows: tuple[Window, ...], now: datetime) -> Account:
    """The account's state, which nobody else changes before this transaction ends."""
    document = connection.execute(_FIND_TO_CHANGE, {"account": account}).scalar()
    if document is None:
        connection.execute(_FORGET, {"before": now - KEPT_UNUSED})
        new = msgspec.json.encode(Account(windows=windows)).decode()
        connection.execute(_add(connection), {"account": account, "document": new, "used_at": now})
        document = connection.execute(_FIND_TO_CHANGE, {"account": account}).scalar_one()
    state = _read(account, document)
    state.windows = windows
    return state


def _read(account: str, document: str) -> Account:
    """The state; an empty one if the row is broken, for else nothing would ever be sent again."""
    try:
        return _DECODER.decode(document)
    except msgspec.DecodeError:
        _log.warning("a budget was broken and begins anew", account=account)
        return Account()


_DECODER = msgspec.json.Decoder(Account)


def _save(connection: Connection, account: str, state: Account, now: datetime) -> None:
    document = msgspec.json.encode(state).decode()
    connection.execute(_SAVE, {"key": account, "text": document, "now": now})


@built_once
def _add(insert: MakeInsert) -> Any:
    return insert(BudgetRow).on_conflict_do_nothing(index_elements=["account"])


_FIND = select(BudgetRow.document).where(BudgetRow.account == bindparam("account"))
_FIND_TO_CHANGE = _FIND.with_for_update()
_FORGET = delete(BudgetRow).where(BudgetRow.used_at < bindparam("before"))
_SAVE = (
    update(BudgetRow)
    .where(BudgetRow.account == bindparam("key"))
    .values(document=bindparam("text"), used_at=bindparam("now"))
)
