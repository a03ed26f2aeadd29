"""What the bot set out to make, and what it may have made and does not know."""

from datetime import UTC, datetime, timedelta

from trainboard.deliveries import Delivery
from trainboard.store import inbox, intents

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
BEFORE = NOW - timedelta(days=3)


def test_after_a_restore_everything_since_the_backup_is_in_doubt(write):
    """Since the last delivery that it knows, for two weeks."""
    assert None is intents.find_restored(write, NOW)
    inbox.put(write, Delivery(source="runs/ci", id="d1", kind="run", entity="x", body=b"{}"), BEFORE)
    intents.note_restored(write, NOW)
    times = (NOW, NOW + timedelta(days=13), NOW + timedelta(days=15))
    assert [BEFORE, BEFORE, None] == [intents.find_restored(write, now) for now in times]


def test_the_last_restore_counts(write):
    """An empty database knows nothing before it."""
    intents.note_restored(write, BEFORE)
    intents.note_restored(write, NOW)
    assert NOW == intents.find_restored(write, NOW + timedelta(days=13))


def test_a_restore_is_no_attempt_at_anything(write):
    """What cannot be looked for is not held back."""
    intents.note_restored(write, NOW)
    assert None is intents.begin(write, "k", NOW)
    assert intents.is_in_doubt(write, ["k"])
    intents.settle(write, "k")
    assert not intents.is_in_doubt(write, ["k"])
