"""The inbox keeps every delivery once, until something has become of it."""

from datetime import UTC, datetime, timedelta

import msgspec

from trainboard.deliveries import CLOCK_SOURCE, Acceptance, Delivery
from trainboard.store import inbox, mailboxes

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
DELIVERY = Delivery(source="runs/ci", id="d1", kind="run", entity="churn", body=b'{"a": 1}')


def only(connection):
    """The one waiting delivery."""
    [stored] = inbox.list_waiting(connection, ["in:churn"], 10, LATER)
    return stored


def test_a_delivery_comes_back_as_it_was_stored(write):
    """What went in comes out, to the byte."""
    assert inbox.put(write, DELIVERY, NOW) is Acceptance.STORED
    assert only(write).delivery == DELIVERY


def test_the_same_id_twice_is_one_delivery_in_progress(write):
    """A sender that comes again before the work is done is told so."""
    inbox.put(write, DELIVERY, NOW)

    assert inbox.put(write, DELIVERY, NOW) is Acceptance.IN_PROGRESS
    assert len(inbox.list_waiting(write, ["in:churn"], 10, LATER)) == 1


def test_a_done_delivery_is_a_duplicate(write):
    """What is done is not done again."""
    inbox.put(write, DELIVERY, NOW)
    inbox.finish(write, {only(write).number: None}, NOW)

    assert inbox.put(write, DELIVERY, NOW) is Acceptance.DUPLICATE
    assert inbox.list_waiting(write, ["in:churn"], 10, LATER) == []


def test_a_dead_delivery_that_is_sent_again_is_worked_on_again(write):
    """Sending again is how a person asks for another try."""
    inbox.put(write, DELIVERY, NOW)
    mailboxes.claim(write, "me", NOW, timedelta(minutes=1))
    inbox.bury(write, only(write).number, NOW, "poison")
    mailboxes.release(write, ["in:churn"], "me")

    assert inbox.put(write, DELIVERY, NOW) is Acceptance.AGAIN
    assert only(write).attempts == 0
    assert mailboxes.claim(write, "me", NOW, timedelta(minutes=1)) == ["in:churn"]


def test_the_same_id_from_another_source_is_another_delivery(write):
    """Ids are a sender's own."""
    other = Delivery(source="runs/lab", id="d1", kind="run", entity="churn", body=b"{}")
    inbox.put(write, DELIVERY, NOW)

    assert inbox.put(write, other, NOW) is Acceptance.STORED


def hooks(*, first="g1", second="g2"):
    """One event through the repository's hook and through the App's."""
    told = {"source": "github", "kind": "issues", "entity": "churn", "body": b"{}", "event_key": "e1"}
    return Delivery(id=first, hook="repository", **told), Delivery(id=second, hook="app", **told)


def test_one_event_through_two_hooks_is_one(write):
    """The second is told what the first would be told, and its id is known from then on."""
    one, other = hooks()
    inbox.put(write, one, NOW)

    assert inbox.put(write, other, NOW) is Acceptance.IN_PROGRESS
    assert only(write).delivery.id == "g1"
    inbox.finish(write, {only(write).number: None}, NOW)
    assert [Acceptance.DUPLICATE] * 2 == [inbox.put(write, each, NOW) for each in (other, one)]
    assert {"done": 2} == inbox.count_states(write)


def test_one_event_of_which_nothing_came_is_worked_on_again(write):
    """Whichever hook it comes through."""
    one, other = hooks()
    inbox.put(write, one, NOW)
    inbox.bury(write, only(write).number, NOW, "poison")

    assert inbox.put(write, other, NOW) is Acceptance.AGAIN
    assert only(write).delivery.id == "g1"


def test_one_hook_never_tells_of_one_event_under_two_ids(write):
    """Two deliveries that look alike are then two events."""
    told = [msgspec.structs.replace(each, hook="repository") for each in hooks()]

    assert [Acceptance.STORED] * 2 == [inbox.put(write, each, NOW) for each in told]


def test_deliveries_without_an_event_key_are_told_apart_by_their_ids(write):
    """Most senders have one way to us."""
    one, other = (msgspec.structs.replace(each, event_key=None) for each in hooks())

    assert [Acceptance.STORED] * 2 == [inbox.put(write, each, NOW) for each in (one, other)]


def test_deliveries_wait_in_the_order_they_came(write):
    """Order is by arrival, not by id."""
    for name in ("z", "a", "m"):
        inbox.put(write, Delivery(source="s", id=name, kind="k", entity="churn", body=b""), NOW)

    assert [each.delivery.id for each in inbox.list_waiting(write, ["in:churn"], 2, NOW)] == ["z", "a"]


def test_a_delivery_that_waits_for_its_retry_holds_back_those_behind_it(write):
    """Order is kept, also through failures."""
    inbox.put(write, DELIVERY, NOW)
    inbox.put(write, Delivery(source="s", id="2", kind="k", entity="churn", body=b""), NOW)
    first = inbox.list_waiting(write, ["in:churn"], 10, NOW)[0]
    inbox.postpone(write, first.number, LATER, 1, "away", now=NOW)

    assert inbox.list_waiting(write, ["in:churn"], 10, NOW) == []
    assert len(inbox.list_waiting(write, ["in:churn"], 10, LATER)) == 2


def test_the_oldest_that_is_due_tells_the_age_of_the_queue(write):
    """A delivery that waits for a retry is not overdue."""
    inbox.put(write, DELIVERY, NOW)
    assert inbox.oldest_waiting(write, NOW) == NOW

    inbox.postpone(write, only(write).number, NOW + timedelta(minutes=5), 1, "away", now=NOW)
    assert inbox.oldest_waiting(write, NOW) is None
    assert only(write).attempts == 1


def test_states_are_counted(write):
    """One waiting, one done."""
    inbox.put(write, DELIVERY, NOW)
    inbox.finish(write, {only(write).number: None}, NOW)
    inbox.put(write, Delivery(source="s", id="2", kind="k", entity="churn", body=b""), NOW)

    assert inbox.count_states(write) == {"waiting": 1, "done": 1}


def test_the_last_tick_is_that_of_the_clock(write):
    """What others send says nothing of it."""
    assert None is inbox.find_last_tick(write)
    tick = msgspec.structs.replace(DELIVERY, source=CLOCK_SOURCE)
    for minutes in (0, 1):
        at = NOW + timedelta(minutes=minutes)
        inbox.put(write, msgspec.structs.replace(tick, id=f"reports-{minutes}"), at)
    inbox.put(write, DELIVERY, LATER)
    assert NOW + timedelta(minutes=1) == inbox.find_last_tick(write)
