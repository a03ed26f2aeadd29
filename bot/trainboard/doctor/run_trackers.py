"""Run trackers: do they let us in, and answer with runs, and could the service read them."""

from collections.abc import Collection, Iterator

from sqlalchemy.exc import SQLAlchemyError

from trainboard.diagnosis import Finding, failing, note
from trainboard.doctor import Subject
from trainboard.errors import LimitedError, TrainboardError
from trainboard.experiments import Cursor, RunReader
from trainboard.outages import Outage
from trainboard.rendering.numbers import minute
from trainboard.store import cursors

FIX = "Do what it says. The service keeps asking, and reads then what it missed."
WAIT = "It asks again within ten minutes. If this stays, the service runs with other settings or elsewhere."


def check(subject: Subject) -> Iterator[Finding]:
    """What each says when it is asked for the newest runs, and since when the service asks in vain."""
    newest = Cursor(ended_ms=int(subject.clock().timestamp() * 1000))
    readers = subject.readers()
    outages = _find_outages(subject, readers)
    for name, reader in readers.items():
        yield _ask(name, reader, newest, outages.get(name))


def _ask(name: str, reader: RunReader, newest: Cursor, outage: Outage | None) -> Finding:
    since = f"the service has failed to read it since {minute(outage.since)} UTC" if outage else ""
    try:
        next(iter(reader.list_new(newest)))
    except LimitedError:
        raise
    except TrainboardError as error:
        return failing(f"{name}: {error}{f' ({since})' if since else ''}", FIX)
    if outage is None:
        return Finding(message=f"{name} answers with runs.")
    return note(f"{name} answers with runs now, but {since}: {outage.reason}", WAIT)


def _find_outages(subject: Subject, readers: Collection[str]) -> dict[str, Outage]:
    """By source; none where there is no database, or one that another check complains of."""
    if not subject.has_database:
        return {}
    try:
        with subject.read() as connection:
            return {each.door: each for each in cursors.list_outages(connection, readers)}
    except SQLAlchemyError:
        return {}
