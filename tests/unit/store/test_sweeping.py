"""What nobody tells is found by looking."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from trainboard.deliveries import Acceptance, Delivery
from trainboard.effects import EnsureExperimentItem
from trainboard.store import inbox, mailboxes, outbox, sweeping
from trainboard.store.models import DeliveryRow, EffectRow, MailboxRow

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
BACK = NOW - timedelta(hours=1)
LEASE = timedelta(seconds=6)
PACE = timedelta(seconds=30)
SHOW = EnsureExperimentItem(project="churn", experiment="xgb", number=3)


def put(connection, name="1"):
    """A delivery, as it comes in."""
    inbox.put(connection, Delivery(source="s", id=name, kind="k", entity="a", body=b""), NOW)


def due(connection, row):
    """When each of the waiting rows is due."""
    return connection.execute(select(row.run_at).order_by(row.id)).scalars().all()


def test_work_that_nobody_woke_is_found(write):
    """A lost wake-up costs time, not work."""
    put(write)
    write.execute(update(MailboxRow).values(wake_at=None))

    assert sweeping.sweep(write, NOW, LEASE) == 1
    assert sweeping.sweep(write, NOW, LEASE) == 0
    assert mailboxes.claim(write, "me", NOW, LEASE) == ["in:a"]


def test_what_came_before_the_clock_was_set_back_is_done_now(write):
    """And not when that hour comes again."""
    put(write)
    assert mailboxes.claim(write, "me", BACK, LEASE) == []
    sweeping.sweep(write, BACK, LEASE)

    assert due(write, DeliveryRow) == [BACK]
    assert mailboxes.claim(write, "me", BACK, LEASE) == ["in:a"]
    assert sweeping.sweep(write, BACK, LEASE) == 0


def test_a_delivery_waits_for_its_retry_as_long_as_it_was_told_to(write):
    """From the moment at which it is seen that the clock was set back."""
    put(write)
    [stored] = inbox.list_waiting(write, ["in:a"], 10, NOW)
    inbox.postpone(write, stored.number, NOW + timedelta(minutes=3), 1, "away", now=NOW)
    sweeping.sweep(write, BACK, LEASE)

    assert due(write, DeliveryRow) == [BACK + timedelta(minutes=3)]
    assert sweeping.sweep(write, BACK + timedelta(seconds=30), LEASE) == 0
    assert due(write, DeliveryRow) == [BACK + timedelta(minutes=3)]


def test_an_effect_keeps_its_pace_and_its_retry(write):
    """Both are counted from now."""
    outbox.put(write, SHOW, NOW, pace=PACE)
    [first] = outbox.list_pending(write, f"out:{SHOW.mailbox}")
    outbox.postpone(write, first, NOW + timedelta(minutes=3), 1, "502", now=NOW)
    sweeping.sweep(write, BACK, LEASE)

    assert due(write, EffectRow) == [BACK + timedelta(minutes=3)]
    assert sweeping.sweep(write, BACK + timedelta(seconds=30), LEASE) == 0


def test_an_effect_after_one_that_was_applied_in_the_future_keeps_its_pace_and_no_more(write):
    """The pace is counted from now, not from the hour that comes again."""
    outbox.put(write, SHOW, NOW, pace=PACE)
    [first] = outbox.list_pending(write, f"out:{SHOW.mailbox}")
    outbox.finish(write, first, NOW, pace=PACE)

    assert outbox.put(write, SHOW, BACK, pace=PACE).due == BACK + PACE


def test_waits_that_began_in_the_past_are_left_alone(write):
    """Nothing happens while the clock goes on as clocks do."""
    put(write)
    [stored] = inbox.list_waiting(write, ["in:a"], 10, NOW)
    inbox.postpone(write, stored.number, NOW + timedelta(hours=3), 1, "away", now=NOW)

    assert sweeping.sweep(write, NOW, LEASE) == 0
    assert due(write, DeliveryRow) == [NOW + timedelta(hours=3)]


@pytest.mark.parametrize(("reach", "kept"), [(timedelta(hours=1), False), (timedelta(0), True)])
def test_a_lease_that_reaches_too_far_is_cut_and_not_ended(write, reach, kept):
    """Its owner may be alive: it has the time of a lease to renew it, and nobody else gets the mailbox."""
    now = datetime.now(UTC)
    mailboxes.wake(write, "in:a", now)
    mailboxes.claim(write, "me", now, LEASE)
    ends = select(MailboxRow.lease_until)
    write.execute(update(MailboxRow).values(lease_until=now + reach + LEASE / 2))
    before = write.execute(ends).scalar_one()
    sweeping.sweep(write, now, LEASE)

    after = write.execute(ends).scalar_one()
    assert kept == (before == after)
    assert now < after <= now + 2 * LEASE
    assert mailboxes.claim(write, "you", now, LEASE) == []


def test_ticks_come_again_after_the_clock_was_set_back(write):
    """Those of the hour that comes twice are no duplicates of those that were made in it before."""

    def tick(now):
        delivery = Delivery(source="clock", id="sprints/1794996000", kind="SprintsDue", entity="c", body=b"")
        return inbox.put(write, delivery, now)

    assert [Acceptance.STORED, Acceptance.IN_PROGRESS] == [tick(NOW), tick(NOW)]
    for _ in range(2):
        sweeping.sweep(write, BACK, LEASE)
    assert [Acceptance.STORED, Acceptance.IN_PROGRESS] == [tick(BACK), tick(BACK)]
    sweeping.sweep(write, BACK, LEASE)

    first, second = write.execute(select(DeliveryRow.id, DeliveryRow.delivery_id).order_by(DeliveryRow.id))
    assert [f"sprints/1794996000/{first.id}", "sprints/1794996000"] == [first.delivery_id, second.delivery_id]
