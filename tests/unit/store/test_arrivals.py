"""Deliveries that arrive together are stored as they would be one by one."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trainboard.deliveries import Acceptance, Delivery, Token
from trainboard.store import arrivals, inbox, mailboxes

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)

DELIVERIES = st.lists(
    st.builds(
        Delivery,
        source=st.just("github"),
        id=st.sampled_from("123456"),
        kind=st.just("push"),
        entity=st.sampled_from("ab"),
        body=st.sampled_from([b"{}", b"[]"]),
        event_key=st.none() | st.sampled_from("xyz"),
        hook=st.sampled_from(["app", "repository"]),
    ),
    min_size=1,
    max_size=5,
)


def new(number, **more):
    """One of many deliveries."""
    told = {"source": "github", "kind": "push", "entity": f"e{number % 2}", "body": b"%d" % number}
    return Delivery(id=str(number), **told | more)


def waiting(connection):
    """Ids and bodies of what waits, in order."""
    rows = inbox.list_waiting(connection, ["in:e0", "in:e1"], 100, LATER)
    return [(row.delivery.id, row.delivery.body) for row in rows]


def test_what_is_new_is_stored_in_order(write):
    """Each with its body, and its mailbox is due."""
    stored = arrivals.put_all(write, [new(number) for number in range(1, 6)], NOW)

    assert [Acceptance.STORED] * 5 == stored
    assert [(str(number), b"%d" % number) for number in range(1, 6)] == waiting(write)
    assert {"in:e0", "in:e1"} == set(mailboxes.claim(write, "me", NOW, timedelta(minutes=1), most=5))


def test_one_that_is_known_does_not_keep_the_others_out(write):
    """Nor one that is there twice."""
    arrivals.put_all(write, [new(1)], NOW)
    stored = arrivals.put_all(write, [new(2), new(1), new(3), new(3)], NOW)

    assert [Acceptance.STORED, Acceptance.IN_PROGRESS] * 2 == stored
    assert ["1", "2", "3"] == [number for number, _ in waiting(write)]


def test_two_hooks_that_tell_of_one_event_together_are_one(write):
    """Also if the other told of it before."""
    told = [new(1, event_key="x", hook="app"), new(2, event_key="x", hook="repository")]

    assert [Acceptance.STORED, Acceptance.IN_PROGRESS] == arrivals.put_all(write, told, NOW)
    again = [new(3, event_key="x", hook="repository"), new(4)]
    assert [Acceptance.IN_PROGRESS, Acceptance.STORED] == arrivals.put_all(write, again, NOW)
    assert ["1", "4"] == [number for number, _ in waiting(write)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(DELIVERIES, min_size=1, max_size=4))
def test_together_is_as_one_by_one(write, groups):
    """Whatever comes with what."""

    def tell(put_group):
        with write.begin_nested() as undone:
            said = [put_group(group) for group in groups]
            left = inbox.list_waiting(write, ["in:a", "in:b"], 100, LATER)
            undone.rollback()
        return said, [stored.delivery for stored in left]

    assert tell(lambda group: [inbox.put(write, each, NOW) for each in group]) == tell(
        lambda group: arrivals.put_all(write, group, NOW)
    )


def borne(number, token="t1"):
    """A delivery that came with a token."""
    return new(number, token=Token(token, LATER))


def test_a_token_is_good_for_one_delivery(write):
    """Another one that comes with it is not stored; the same may come again, whose sender heard no answer."""
    assert [Acceptance.STORED] == arrivals.put_all(write, [borne(1)], NOW)
    assert [Acceptance.REPLAYED] == arrivals.put_all(write, [borne(2)], NOW)
    assert [Acceptance.IN_PROGRESS] == arrivals.put_all(write, [borne(1)], NOW)
    assert [Acceptance.STORED] == arrivals.put_all(write, [borne(3, "t2")], NOW)
    assert ["1", "3"] == [number for number, _ in waiting(write)]


def test_a_token_is_good_for_one_of_those_that_come_together(write):
    """And does not keep out the others."""
    stored = arrivals.put_all(write, [new(1), borne(2), borne(3), new(4)], NOW)
    assert [Acceptance.STORED, Acceptance.STORED, Acceptance.REPLAYED, Acceptance.STORED] == stored
    assert ["1", "2", "4"] == [number for number, _ in waiting(write)]


def test_a_token_of_another_source_is_the_same_token(write):
    """It is good for one delivery at one door."""
    arrivals.put_all(write, [borne(1)], NOW)
    elsewhere = new(1, source="runs/ci", token=Token("t1", LATER))
    assert [Acceptance.REPLAYED] == arrivals.put_all(write, [elsewhere], NOW)


def test_a_token_is_not_spent_by_what_is_not_stored(database):
    """Where the process dies before the delivery is on disk, the job may come again, with another id too."""
    with suppress(OSError), database.write() as connection:
        arrivals.put_all(connection, [borne(1)], NOW)
        raise OSError("the process ends here")
    with database.write() as connection:
        assert [Acceptance.STORED] == arrivals.put_all(connection, [borne(2)], NOW)
