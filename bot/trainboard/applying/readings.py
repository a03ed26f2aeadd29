"""What a run tracker knows shall be in the inbox."""

from datetime import datetime

from trainboard.applying import Outside, polled
from trainboard.applying.outages import note_failure, note_success
from trainboard.applying.registry import store_moves
from trainboard.deliveries import Delivery
from trainboard.effects import ReadRuns
from trainboard.errors import TrainboardError
from trainboard.events import RunReported
from trainboard.experiments import Page
from trainboard.iterations import iteration_at
from trainboard.runs import RunReport
from trainboard.store import cursors

APPLIES = ReadRuns


def apply(effect: ReadRuns, outside: Outside) -> None:
    """Store every run that the tracker tells of as a delivery, page by page with the cursor.

    The first reading, and one a day, looks at the whole sprint; a run that comes twice is one
    delivery, because its id is made of what it says. A look that breaks off keeps the pages that it stored,
    and the first one is made anew until it is complete. Then the registry is looked through.
    """
    reader = outside.readers[effect.door]
    with outside.database.read() as connection:
        reading = cursors.get(connection, effect.door)
    try:
        if effect.full or reading.read_at is None:
            pages = reader.list_since(_sprint_start_ms(effect.door, outside), reading.cursor)
        else:
            pages = reader.list_new(reading.cursor)
        cursor = reading.cursor
        for page in pages:
            _store(effect.door, page, outside)
            cursor = page.cursor
    except TrainboardError as error:
        note_failure(effect.door, error, outside)
        raise
    note_success(effect.door, cursor, outside)
    store_moves(effect.door, outside)


def _store(door: str, page: Page, outside: Outside) -> None:
    now = outside.clock()
    with outside.database.write() as connection:
        names = polled.put(connection, [_delivery(door, report) for report in page.reports], now)
        cursors.advance(connection, door, page.cursor, now, complete=False)
    for mailbox in names:
        outside.wake(mailbox, now)


def _delivery(door: str, report: RunReport) -> Delivery:
    event = RunReported(door=door, report=report)
    return polled.make_delivery(door, "run", f"{door}/{report.experiment.name}", event)


def _sprint_start_ms(door: str, outside: Outside) -> int:
    policy = outside.projects[outside.doors[door].project].sprint
    now: datetime = outside.clock()
    return int(iteration_at(policy, now).starts_at.timestamp() * 1000)
