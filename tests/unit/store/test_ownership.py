"""One process works on a SQLite file."""

import pytest

from trainboard.store import ownership
from trainboard.store.database import Database
from trainboard.store.ownership import OwnedError, own


@pytest.fixture
def file(tmp_path):
    """A database in a file."""
    made = Database(f"sqlite:///{tmp_path}/owned.db")
    yield made
    made.close()


def test_the_second_is_refused_until_the_first_lets_go(file):
    """The sentence names the file."""
    disown = own(file)
    with pytest.raises(OwnedError, match=r"owned\.db"):
        own(file)

    disown()
    own(file)()


def test_a_database_in_memory_is_nobody_elses():
    """It is in this process already."""
    memory = Database("sqlite:///:memory:")
    own(memory)()
    own(memory)()
    memory.close()


def test_postgresql_is_shared(postgresql_url):
    """Leases keep its processes apart."""
    shared = Database(postgresql_url)
    own(shared)
    own(shared)()
    shared.close()


def test_where_there_is_no_such_lock_none_is_taken(file, monkeypatch):
    """As on Windows."""
    monkeypatch.delattr(ownership, "fcntl")
    own(file)
    own(file)()
