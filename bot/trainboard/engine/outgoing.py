"""Effects of a leased mailbox are made true, one by one, in the order they were asked for."""

import time

import structlog

from trainboard.applying import apply
from trainboard.engine.means import Means
from trainboard.errors import NotYetError, TrainboardError
from trainboard.store import outbox
from trainboard.store.outbox import StoredEffect

_log = structlog.get_logger(__name__)


def drain(means: Means, mailbox: str) -> None:
    """Apply what is due; one that failed holds back those behind it, one that keeps its pace does not."""
    with means.outside.database.read() as connection:
        pending = outbox.list_pending(connection, mailbox)
    for stored in pending:
        if stored.run_at > means.outside.clock():
            if stored.failed:
                return
            continue
        with means.outside.database.write() as connection:
            if not means.keep_leases(connection, [mailbox]):
                return
        if not _make_true(means, stored):
            return


def _make_true(means: Means, stored: StoredEffect) -> bool:
    """Apply the effect and note how it went; False if the mailbox must wait for a retry."""
    kind = type(stored.effect).__name__
    began = time.monotonic()
    try:
        apply(stored.effect, means.outside)
    except Exception as error:  # noqa: BLE001  whatever it is, the effect must not be lost
        return _fail(means, stored, error)
    finally:
        means.telemetry.effect_seconds.labels(kind).observe(time.monotonic() - began)
    with means.outside.database.write() as connection:
        outbox.finish(connection, stored, means.outside.clock(), pace=means.pace)
    means.telemetry.applied.labels(kind, "applied").inc()
    _log.debug("effect is true", kind=kind, key=stored.effect.key)
    return True


def _fail(means: Means, stored: StoredEffect, error: Exception) -> bool:
    """Bury or postpone the effect; False if the mailbox must wait for it."""
    kind = type(stored.effect).__name__
    verdict = means.judge(error, stored.attempts, stored.effect.longest_pause_seconds)
    reason = f"{type(error).__name__}: {error}"
    say = _log.debug if isinstance(error, NotYetError) else _log.warning
    unexpected = not isinstance(error, TrainboardError)
    say("effect failed", kind=kind, key=stored.effect.key, reason=reason, exc_info=unexpected)
    now = means.outside.clock()
    with means.outside.database.write() as connection:
        if verdict.delay is None:
            outbox.bury(connection, stored, now, reason)
        else:
            outbox.postpone(connection, stored, now + verdict.delay, verdict.attempts, reason)
    means.telemetry.applied.labels(kind, "dead" if verdict.delay is None else "postponed").inc()
    return verdict.delay is None
