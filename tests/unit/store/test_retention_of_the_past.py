"""What was told of long ago goes, but for what reports, pages and later decisions are made of."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from trainboard.deliveries import Delivery
from trainboard.effects import EnsureReport
from trainboard.facts import ClaimReport
from trainboard.policy import Keep
from trainboard.report.happenings import Happening
from trainboard.store import inbox, item_history, log, report_claims
from trainboard.store.history_models import ItemHistoryRow
from trainboard.store.models import DeliveryRow, EventRow
from trainboard.store.report_models import ReportRow
from trainboard.store.retention import list_heaps

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
DAY = timedelta(days=1)


def sweep(connection):
    """Remove all that is old."""
    for heap in list_heaps(Keep(), NOW):
        heap.remove(connection, heap.list_keys(connection, None, 100))


def left(connection, column):
    """The values of a column that are left, in order."""
    return list(connection.execute(select(column).order_by(column)).scalars())


def happened(connection, subject, ago, *, delivery=None):
    """Something that was told so long ago."""
    event = {"kind": "RunReported", "subject": subject, "document": "{}", "at": NOW, "delivery": delivery}
    connection.execute(insert(EventRow).values(**event, recorded_at=NOW - ago))


def test_events_go_once_nobody_finds_them(write):
    """The delivery that told them is gone; what a repository was called before is asked for always."""
    inbox.put(write, Delivery(source="runs/ci", id="d", kind="run", entity="e", body=b"{}"), NOW - 100 * DAY)
    [delivery] = left(write, DeliveryRow.id)
    for subject, ago, told_by in (
        ("run:old", 91 * DAY, None),
        ("run:new", 89 * DAY, None),
        ("run:waits", 99 * DAY, delivery),
        (log.MOVES, 999 * DAY, None),
    ):
        happened(write, subject, ago, delivery=told_by)
    sweep(write)

    assert [log.MOVES, "run:new", "run:waits"] == left(write, EventRow.subject)


def test_events_go_with_their_delivery(write):
    """In the same turn."""
    inbox.put(write, Delivery(source="runs/ci", id="d", kind="run", entity="e", body=b"{}"), NOW)
    [delivery] = left(write, DeliveryRow.id)
    happened(write, "run:old", 91 * DAY, delivery=delivery)
    ended = {"state": "done", "finished_at": NOW - 91 * DAY}
    write.execute(DeliveryRow.__table__.update().values(ended))
    sweep(write)

    assert ([], []) == (left(write, DeliveryRow.id), left(write, EventRow.id))


def claimed(connection, period, ago, *, state="delivered", target="tracker"):
    """A report of the sprint that was due so long ago, and what came of it then; its key."""
    at = NOW - ago
    effect = EnsureReport(project="churn", number=3, report="sprint", period=period, target=target, at=at)
    fact = ClaimReport(
        key=effect.key,
        project="churn",
        number=3,
        report="sprint",
        target=target,
        state="watched" if state == "watched" else "asked",
        due_at=at,
        at=at,
    )
    report_claims.record(connection, fact)
    if state not in {"watched", "asked"}:
        report_claims.settle(connection, effect.key, state, at)
    return effect.key


def test_reports_that_were_sent_go_but_for_the_final_one(write):
    """Where reports are kept that one is due for long: nothing is written again."""
    claimed(write, "start", 91 * DAY)
    claimed(write, "2026-08-01T09:00", 91 * DAY, state="refused")
    expected = [
        claimed(write, "end", 400 * DAY),
        claimed(write, "middle", 89 * DAY),
        claimed(write, "start", 99 * DAY, state="asked", target="wiki"),
        claimed(write, "watch", 400 * DAY, state="watched"),
    ]
    sweep(write)

    assert sorted(expected) == left(write, ReportRow.key)


@pytest.mark.parametrize(
    ("sprint", "heard", "stays"),
    [(None, 366, False), (3, 366, True), (None, 364, True)],
    ids=["never planned", "once planned", "heard of again"],
)
def test_what_happened_to_an_item_goes_if_it_was_in_no_sprint(write, sprint, heard, stays):
    """A year after it was told of last; reports are made of all others, so they stay whole."""
    for title, ago, within in (("a", 500, None), ("b", heard, sprint)):
        at = NOW - ago * DAY
        item_history.add(write, "churn", [Happening(item="1", at=at, title=title, sprint=within)], at)
    item_history.add(write, "plans", [Happening(item="1", at=NOW, title="another", sprint=1)], NOW)
    sweep(write)

    assert (["churn"] * 2 if stays else []) + ["plans"] == left(write, ItemHistoryRow.project)
