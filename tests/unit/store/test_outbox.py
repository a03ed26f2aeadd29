"""The outbox folds what has not gone out and keeps the pace."""

from datetime import UTC, datetime, timedelta

from trainboard.effects import EnsureExperimentItem, EnsureIteration
from trainboard.store import outbox

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
PACE = timedelta(seconds=30)
SHOW = EnsureExperimentItem(project="churn", experiment="xgb", number=3)
SPRINT = EnsureIteration(project="churn", number=3)
BOX = f"out:{SHOW.mailbox}"


def put(connection, effect=SHOW, now=NOW):
    """Ask for an effect."""
    outbox.put(connection, effect, now, pace=PACE)


def test_pending_effects_of_one_key_are_one(write):
    """A thousand runs of a sweep are one edit."""
    for _ in range(50):
        put(write)

    [stored] = outbox.list_pending(write, BOX)
    assert stored.effect == SHOW
    assert stored.version == 49


def test_the_first_goes_out_at_once_and_the_next_keeps_the_pace(write):
    """First edit at once, then one in thirty seconds."""
    put(write)
    [first] = outbox.list_pending(write, BOX)
    assert first.run_at == NOW
    outbox.finish(write, first, NOW, pace=PACE)

    put(write, now=NOW + timedelta(seconds=1))
    [second] = outbox.list_pending(write, BOX)
    assert second.run_at == NOW + PACE


def test_an_effect_that_was_folded_into_while_it_was_applied_stays_pending(write):
    """The last state is always written."""
    put(write)
    [taken] = outbox.list_pending(write, BOX)
    put(write)
    outbox.finish(write, taken, NOW, pace=PACE)

    [left] = outbox.list_pending(write, BOX)
    assert left.run_at == NOW + PACE


def test_an_effect_without_pace_goes_out_at_once_again(write):
    """Sprints are not held back."""
    put(write, SPRINT)
    [first] = outbox.list_pending(write, f"out:{SPRINT.mailbox}")
    put(write, SPRINT)
    outbox.finish(write, first, NOW, pace=PACE)

    [again] = outbox.list_pending(write, f"out:{SPRINT.mailbox}")
    assert again.run_at == NOW


def test_a_postponed_effect_tells_that_it_failed(write):
    """Those behind it must wait."""
    put(write)
    [taken] = outbox.list_pending(write, BOX)
    outbox.postpone(write, taken, NOW + PACE, 1, "502", now=NOW)

    [left] = outbox.list_pending(write, BOX)
    assert (left.failed, left.attempts, left.run_at) == (True, 1, NOW + PACE)


def test_asking_for_what_waits_already_tells_when_it_is_due(write):
    """Whoever waits for it need not look before."""
    put(write)
    [taken] = outbox.list_pending(write, BOX)
    outbox.postpone(write, taken, NOW + timedelta(minutes=3), 1, "502", now=NOW)

    assert outbox.put(write, SHOW, NOW, pace=PACE).due == NOW + timedelta(minutes=3)


def test_a_dead_effect_makes_way_for_a_new_one(write):
    """Death of one try is not death of the thing, but what asks again at once must not be a loop."""
    put(write)
    [taken] = outbox.list_pending(write, BOX)
    outbox.bury(write, taken, NOW, "410")
    put(write, now=NOW + timedelta(minutes=1))

    [again] = outbox.list_pending(write, BOX)
    assert again.run_at == NOW + outbox.DEAD_PAUSE
    assert outbox.count_states(write) == {"dead": 1, "pending": 1}


def test_what_failed_is_counted_by_kind(write):
    """What waits for a limit did not fail, and what was not tried yet neither."""
    put(write)
    put(write, SPRINT)
    [shown], [sprint] = (outbox.list_pending(write, box) for box in (BOX, f"out:{SPRINT.mailbox}"))
    assert {} == outbox.count_failing(write)
    later = NOW + PACE
    outbox.postpone(write, shown, later, 1, "TransientError: GitHub answered 502", now=NOW)
    outbox.postpone(write, sprint, later, 0, "LimitedError: the hour is used up", now=NOW)
    assert {"EnsureExperimentItem": 1} == outbox.count_failing(write)
    outbox.finish(write, shown, later, pace=PACE)
    assert {} == outbox.count_failing(write)
