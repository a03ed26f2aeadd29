"""Effects of a leased mailbox are made true, one by one, in the order they were asked for."""

import time
from collections.abc import Sequence
from datetime import timedelta
from itertools import accumulate

import structlog
from structlog.contextvars import bound_contextvars

from trainboard.applying import apply
from trainboard.budgets import Lane, in_lane
from trainboard.engine.means import Means
from trainboard.errors import LimitedError, NotYetError, TrainboardError
from trainboard.store import outbox
from trainboard.store.outbox import StoredEffect
from trainboard.tracing import effect_span, note_failure

_log = structlog.get_logger(__name__)


def drain(means: Means, mailbox: str) -> None:
    """Apply what is due; one that failed holds back those behind it, one that keeps its pace does not.

    One that waits for a budget does not wait if there is one behind it for which there may be some left.
    """
    with means.outside.database.read() as connection:
        pending = outbox.list_pending(connection, mailbox)
    for stored, lane in zip(pending, _lanes(pending), strict=True):
        hurries = stored.limited and lane < stored.effect.lane
        if stored.run_at > means.outside.clock() and not hurries:
            if stored.failed:
                return
            continue
        with means.outside.database.write() as connection:
            if not means.keep_leases(connection, [mailbox]):
                return
        if not _make_true(means, stored, lane):
            return


def _lanes(pending: Sequence[StoredEffect]) -> list[Lane]:
    """Each effect's own lane, or that of the most urgent one behind it."""
    backwards = accumulate((stored.effect.lane for stored in reversed(pending)), min)
    return list(backwards)[::-1]


def _make_true(means: Means, stored: StoredEffect, lane: Lane) -> bool:
    """Apply the effect and note how it went; False if the mailbox must wait for a retry.

    Every line that is logged meanwhile names the effect and the delivery that asked for it last.
    """
    names = {"source": stored.source, "delivery": stored.delivery} if stored.source else {}
    kind, key = type(stored.effect).__name__, stored.effect.key
    with (
        bound_contextvars(effect=stored.number, key=key, **names),
        effect_span(kind, key, stored.source, stored.delivery),
    ):
        return _try(means, stored, lane)


def _try(means: Means, stored: StoredEffect, lane: Lane) -> bool:
    kind = type(stored.effect).__name__
    began = time.monotonic()
    try:
        with in_lane(lane):
            apply(stored.effect, means.outside)
    except Exception as error:  # noqa: BLE001  whatever it is, the effect must not be lost
        return _fail(means, stored, lane, error)
    finally:
        means.telemetry.effect_seconds.labels(kind).observe(time.monotonic() - began)
    now = means.outside.clock()
    with means.outside.database.write() as connection:
        answered = outbox.list_answered(connection, stored)
        outbox.finish(connection, stored, now, pace=means.pace)
    means.telemetry.applied.labels(kind, "applied").inc()
    for source, received_at in answered:
        means.telemetry.note_effect(source, (now - received_at).total_seconds())
    _log.debug("effect is true", kind=kind)
    return True


def _fail(means: Means, stored: StoredEffect, lane: Lane, error: Exception) -> bool:
    """Bury or postpone the effect; False if the mailbox must wait for it.

    When a block ends, the more urgent lanes are due first.
    """
    kind = type(stored.effect).__name__
    verdict = means.judge(error, stored.attempts, stored.effect.longest_pause_seconds)
    reason = f"{type(error).__name__}: {error}"
    say = _log.debug if isinstance(error, NotYetError | LimitedError) else _log.warning
    unexpected = not isinstance(error, TrainboardError)
    note_failure(reason)
    say("effect failed", kind=kind, reason=reason, exc_info=unexpected)
    now = means.outside.clock()
    politely = timedelta(seconds=lane if isinstance(error, LimitedError) else 0)
    with means.outside.database.write() as connection:
        if not means.keep_leases(connection, [f"out:{stored.effect.mailbox}"]):
            return False
        if verdict.delay is None:
            outbox.bury(connection, stored, now, reason)
        else:
            due = now + verdict.delay + politely
            outbox.postpone(connection, stored, due, verdict.attempts, reason, now=now)
    means.telemetry.applied.labels(kind, "dead" if verdict.delay is None else "postponed").inc()
    return verdict.delay is None
