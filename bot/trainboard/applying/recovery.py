"""What a sender sent and we never got shall be in the inbox."""

from datetime import timedelta

from trainboard.applying import Outside
from trainboard.applying.looking_back import ON_ITS_WAY, OVERLAP, LookBack
from trainboard.effects import RecoverDeliveries
from trainboard.errors import TrainboardError
from trainboard.store import gaps

APPLIES = RecoverDeliveries

KEPT = timedelta(days=3)
AT_ONCE = 500


def apply(effect: RecoverDeliveries, outside: Outside) -> None:
    """Fetch what did not come in and put it into the inbox, in the order in which it was sent.

    A look goes back behind the end of the last one, at most as far as GitHub remembers: three days.
    A delivery of the last minute may still be on its way. One that cannot be had or read is noted
    as such and stops none of the others.
    """
    ledger = outside.ledgers.get(effect.source)
    if ledger is None:
        return
    with outside.database.read() as connection:
        look = gaps.get_look(connection, effect.source)
    look_back = LookBack(effect.source, ledger, outside, look, outside.clock())
    try:
        _recover(look_back)
    except TrainboardError as error:
        with outside.database.write() as connection:
            gaps.fail(connection, effect.source, outside.clock(), str(error))
        look_back.report()
        raise
    look_back.report()


def _recover(look_back: LookBack) -> None:
    """Look, fetch, and note how far we came."""
    horizon = look_back.now - KEPT
    known_until = look_back.look.until
    since = horizon if known_until is None else max(known_until - OVERLAP, horizon)
    missing = look_back.list_missing(since)
    if known_until is not None and known_until < horizon:
        look_back.note_blindness(known_until, horizon)
    look_back.fetch(missing[:AT_ONCE])
    left = missing[AT_ONCE:]
    with look_back.outside.database.write() as connection:
        gaps.advance(connection, look_back.source, left[0].at if left else look_back.now - ON_ITS_WAY)
