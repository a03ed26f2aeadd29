"""Who is signed in to the pages."""

from datetime import timedelta

import pytest

from fakes.board import NOW
from trainboard.policy import Keep
from trainboard.store import retention, secrets, sessions
from trainboard.store.sessions import Session
from trainboard.visitors import Person, Role

ADA = Person(way="acme", subject="ada-1", name="ada@acme.example", role=Role.OPERATOR)
SESSION = Session(id="a" * 64, person=ADA, rules="r" * 64, seen_at=NOW, until=NOW + timedelta(days=1))


def test_a_session_is_found_as_it_was_put(write):
    """And no other one."""
    sessions.put(write, SESSION)
    assert (SESSION, None) == (sessions.find(write, SESSION.id), sessions.find(write, "b" * 64))


def test_when_somebody_was_seen_last_is_noted(write):
    """The rest stays."""
    sessions.put(write, SESSION)
    later = NOW + timedelta(hours=1)
    sessions.note_seen(write, SESSION.id, later)
    assert later == sessions.find(write, SESSION.id).seen_at


def test_a_session_that_ended_is_gone(write):
    """Once and again."""
    sessions.put(write, SESSION)
    sessions.end(write, SESSION.id)
    sessions.end(write, SESSION.id)
    assert sessions.find(write, SESSION.id) is None


@pytest.mark.parametrize(("way", "count"), [("acme", 1), ("other", 0)])
def test_all_of_one_way_end_together(write, way, count):
    """Those of other ways do not."""
    sessions.put(write, SESSION)
    assert count == sessions.end_all(write, way)


def test_a_state_is_spent_once(write):
    """Each for itself."""
    assert [True, False, True] == [sessions.spend_state(write, state, NOW) for state in "aab"]


def test_what_is_over_is_kept_no_longer(write):
    """Sessions and states, and not those that hold."""
    sessions.put(write, SESSION)
    sessions.spend_state(write, "a", NOW)
    for now, counts in ((NOW, (0, 0)), (NOW + timedelta(days=2), (1, 1))):
        heaps = {heap.name: heap for heap in retention.list_heaps(Keep(), now)}
        found = tuple(len(heaps[name].list_keys(write, None, 9)) for name in ("sessions", "spent states"))
        assert counts == found


def test_a_key_is_renewed(write):
    """The new one stays until the next time."""
    first = secrets.get_or_make(write, secrets.WEB_TOKEN)
    second = secrets.renew(write, secrets.WEB_TOKEN)
    assert first != second == secrets.get_or_make(write, secrets.WEB_TOKEN)
