"""The machine's clock, beside what others said the time was."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, select

from trainboard.budgets.accounts import SLACK_SECONDS
from trainboard.diagnosis import Finding, failing
from trainboard.doctor import Subject
from trainboard.store import inbox

SLACK = timedelta(seconds=SLACK_SECONDS)
FIX = "Set the clock, and keep it set by NTP: sprints, retries and limits go by it."


def check(subject: Subject) -> Iterator[Finding]:
    """It stands neither before the last delivery nor beside the database server's."""
    now = subject.clock()
    wrong = False
    with subject.read() as connection:
        last = inbox.find_last_received(connection)
        server = None if subject.database.is_sqlite else _server_time(connection)
    if last is not None and last > now + SLACK:
        wrong = True
        yield failing(f"The clock stands at {now}, before the last delivery, which came at {last}.", FIX)
    if server is not None and abs(server - now) > SLACK:
        wrong = True
        yield failing(f"The clock stands at {now}, that of the database's server at {server}.", FIX)
    if not wrong:
        yield Finding(message="The clock agrees with what is stored.")


def _server_time(connection: Connection) -> datetime:
    moment: datetime = connection.execute(select(func.now())).scalar_one()
    return moment.astimezone(UTC)
