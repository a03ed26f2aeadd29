"""Budgets as rows: what happens when the database is away, and what is kept."""

import pytest
from sqlalchemy import select, text, update

from fakes.clock import FakeClock
from trainboard.budgets import Lane, Notice, Quota, Window
from trainboard.errors import LimitedError, TransientError
from trainboard.store import budgets
from trainboard.store.budgets import StoredBudgets
from trainboard.store.database import Database
from trainboard.store.models import BudgetRow

WINDOWS = (Window(name="writes_minute", seconds=60, most=20),)
QUOTA = Quota(limit=5000.0, remaining=4000.0, resets_in_seconds=600.0)


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def budget(database, clock):
    return StoredBudgets(database, clock).of("a", WINDOWS)


def rename(database, old, new):
    with database.write() as connection:
        connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


def test_what_cannot_be_counted_is_not_sent(database, budget):
    """The call is told to wait and to try again; it is no limit, and it never goes out uncounted."""
    rename(database, "budgets", "away")
    with pytest.raises(
        TransientError, match="Did not comment: the database, where calls are counted"
    ) as caught:
        budget.admit("comment", Lane.COMMAND, writes=True)
    assert not isinstance(caught.value, LimitedError)
    rename(database, "away", "budgets")
    budget.admit("comment", Lane.COMMAND, writes=True)


def test_a_database_that_is_not_there(clock, tmp_path):
    """Nor if it cannot be opened at all."""
    database = Database(f"sqlite:///{tmp_path}/nothing.db")
    (tmp_path / "nothing.db").mkdir()
    with pytest.raises(TransientError, match="OperationalError"):
        StoredBudgets(database, clock).of("a", WINDOWS).admit("look", Lane.EDIT, writes=False)
    database.close()


def test_a_block_that_could_not_be_stored_is_kept_in_mind(database, budget, clock):
    """An answer is never lost: the call was made, and the next one knows of the block, also elsewhere."""
    rename(database, "budgets", "away")
    told = [
        budget.note(Notice(limited=True, wait_seconds=90)),
        budget.note(Notice(limited=True)),
        budget.note(Notice()),
    ]
    assert [90, 60, None] == told
    rename(database, "away", "budgets")
    for each in (budget, StoredBudgets(database, clock).of("a", WINDOWS)):
        with pytest.raises(LimitedError) as caught:
            each.admit("look", Lane.COMMAND, writes=False)
        assert 90 == caught.value.retry_after_seconds
    clock.forward(seconds=90)
    budget.admit("look", Lane.COMMAND, writes=False)


def test_an_answer_without_news_writes_nothing(database, budget, monkeypatch):
    """Most answers say what is known: reading is enough."""
    budget.admit("look", Lane.EDIT, writes=False)
    assert budget.note(Notice(quota=QUOTA)) is None
    monkeypatch.setattr(Database, "write", None)
    assert budget.note(Notice(quota=QUOTA)) is None


def test_states_of_all_accounts(database, budget, clock):
    """Each with the windows that held at its last call."""
    budget.admit("look", Lane.EDIT, writes=True)
    StoredBudgets(database, clock).of("b", ()).admit("look", Lane.EDIT, writes=True)
    with database.read() as connection:
        found = budgets.list_all(connection)
    assert {"a": WINDOWS, "b": ()} == {name: state.windows for name, state in found.items()}
    assert [1] == [used.used for used in found["a"].list_used(clock())]


def test_accounts_that_nobody_uses_are_forgotten(database, budget, clock):
    """After a week, when another one is used for the first time."""
    budget.admit("look", Lane.EDIT, writes=True)
    clock.forward(days=7)
    StoredBudgets(database, clock).of("b", WINDOWS).admit("look", Lane.EDIT, writes=True)
    clock.forward(seconds=1)
    StoredBudgets(database, clock).of("c", WINDOWS).admit("look", Lane.EDIT, writes=True)
    with database.read() as connection:
        assert ["b", "c"] == list(budgets.list_all(connection))


def test_a_broken_row_begins_anew(database, budget):
    """What the platform says still holds; stopping for ever would be worse."""
    budget.admit("look", Lane.EDIT, writes=True)
    for broken in ("{", "[]", '{"promises": 3}'):
        with database.write() as connection:
            connection.execute(update(BudgetRow).values(document=broken))
        budget.admit("look", Lane.EDIT, writes=True)
        with database.read() as connection:
            assert [0, 0, 0, 1, 0] == budgets.list_all(connection)["a"].admitted


def test_a_row_of_another_version_is_read(database, budget, clock):
    """Keys that it lacks have their defaults, and those that we do not know are left out."""
    budget.admit("look", Lane.EDIT, writes=True)
    with database.write() as connection:
        connection.execute(update(BudgetRow).values(document='{"seen_at": 1.0, "later": true}'))
    budget.admit("look", Lane.EDIT, writes=True)
    with database.read() as connection:
        assert clock() == connection.execute(select(BudgetRow.used_at)).scalar_one()
