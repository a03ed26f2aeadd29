"""Conversations with a whole bot."""

import pytest

from fakes.conversation import Conversation


@pytest.fixture
def talk(tmp_path):
    """Starts bots; each is closed at the end. `talk()` has the local board, sections may be given."""
    started = []

    def start(**sections):
        database = sections.pop("database", f"sqlite:///{tmp_path}/trainboard{len(started)}.db")
        started.append(Conversation(database, **sections))
        return started[-1]

    yield start
    for each in started:
        each.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def bot(request, talk):
    """A bot with the local board and nothing on it, on each of the databases."""
    if request.param == "postgresql":
        return talk(database=request.getfixturevalue("postgresql_url"))
    return talk()
