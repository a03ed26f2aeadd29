"""Long lists are read by an index, on SQLite and on PostgreSQL."""

import msgspec
import pytest
from sqlalchemy import event, insert, text

from fakes.board import NOW
from fakes.code import CODE, HEAD, pull_request
from trainboard.store import board, delivery_log, pull_requests, report_claims
from trainboard.store.board import ExperimentFilter
from trainboard.store.delivery_log import DeliveryFilter
from trainboard.store.models import DeliveryRow, WorkItemRow
from trainboard.store.pull_request_models import PullRequestRow
from trainboard.store.report_claims import ReportFilter
from trainboard.store.report_models import ReportRow

ROWS = 3_000
OLD = 2_000
DOCUMENT = msgspec.json.encode(pull_request()).decode()
QUESTIONS = {
    "deliveries": lambda it: delivery_log.list_page(it, DeliveryFilter(before=OLD)),
    "deliveries of a source": lambda it: delivery_log.list_page(it, DeliveryFilter(source="s1", before=OLD)),
    "deliveries of an id": lambda it: delivery_log.list_page(it, DeliveryFilter(id="77")),
    "dead deliveries": lambda it: delivery_log.list_page(it, DeliveryFilter(state="dead", before=OLD)),
    "deliveries that failed": lambda it: delivery_log.list_page(it, DeliveryFilter(state="failed")),
    "experiments": lambda it: board.list_latest(it, ExperimentFilter(project="p1", before=OLD), 50),
    "pull requests": lambda it: pull_requests.list_page(it, CODE, "", OLD, 50),
    "reports": lambda it: report_claims.list_page(it, ReportFilter(after=(NOW, "a")), 50),
}


def rows(number):
    """One of each."""
    received = {"mailbox": "m", "kind": "k", "state": "done", "received_at": NOW, "run_at": NOW}
    item = {"tracker": "t", "title": "", "url": "", "state": "open", "created_at": NOW, "changed_at": NOW}
    told = {"code": CODE, "state": "open", "head": HEAD, "at": NOW, "document": DOCUMENT}
    claim = {"target": "t", "state": "asked", "reason": "", "due_at": NOW, "at": NOW, "report": "daily"}
    yield DeliveryRow, received | {"source": f"s{number % 50}", "delivery_id": f"{number}"}
    yield (
        WorkItemRow,
        item | {"project": f"p{number % 50}", "experiment": "e", "ref": f"{number}", "number": 1},
    )
    yield PullRequestRow, told | {"number": number}
    yield ReportRow, claim | {"key": f"{number}", "project": "p", "number": 1}


@pytest.fixture
def asked(write):
    """What is asked of the database once it has many rows: statements with their values."""
    made = [list(rows(number)) for number in range(1, ROWS + 1)]
    for kind in zip(*made, strict=True):
        write.execute(insert(kind[0][0]), [values for _, values in kind])
    write.execute(text("ANALYZE"))
    found = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        found.append((statement, parameters))

    event.listen(write, "before_cursor_execute", note)
    yield found
    event.remove(write, "before_cursor_execute", note)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_page_is_found_by_an_index(write, asked, name):
    """No long table is read from end to end; that of effects has no row."""
    QUESTIONS[name](write)
    explain = "EXPLAIN QUERY PLAN " if write.dialect.name == "sqlite" else "EXPLAIN "
    statement, parameters = asked[0]
    plan = [str(row[-1]) for row in write.exec_driver_sql(explain + statement, parameters)]
    whole = [
        line for line in plan if ("Seq Scan" in line or line.startswith("SCAN ")) and "effect" not in line
    ]
    assert [] == whole, plan
