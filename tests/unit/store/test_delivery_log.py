"""What the pages of deliveries read from the store."""

import pytest
from sqlalchemy import delete

from fakes.board import NOW, came, caused
from trainboard.events import RunReported, decode
from trainboard.store import delivery_log, log
from trainboard.store.delivery_log import DeliveryFilter
from trainboard.store.models import DeliveryBodyRow

REPORTED = (
    b'{"event":"RunReported","door":"runs/ci","report":{"source":"ci:x","run":{"id":"r1",'
    b'"status":"finished"},"experiment":{"name":"churn-xgb"}}}'
)


def numbers(connection, **wanted):
    """The numbers on the first page."""
    return [line.number for line in delivery_log.list_page(connection, DeliveryFilter(**wanted)).lines]


def test_deliveries_from_outside_stand_latest_first(write):
    """The bot's own clock and polls are hidden unless they are asked for."""
    github, clock, poll, runs = (
        came(write, source) for source in ("github", "clock", "poll/mlflow/prod", "runs")
    )

    assert numbers(write) == [runs, github]
    assert numbers(write, ticks=True) == [runs, poll, clock, github]
    assert delivery_log.list_sources(write) == ("github", "runs")


def test_deliveries_are_chosen_by_source_and_state(write):
    """A dead tick is shown with the other dead, because somebody must look at it."""
    github = came(write, "github", state="done")
    runs = came(write, "runs")
    clock = came(write, "clock", state="dead", error="broken")

    assert numbers(write, source="runs") == [runs]
    assert numbers(write, state="done") == [github]
    assert numbers(write, state="dead") == [clock]


def test_a_page_leads_to_the_older_ones(write):
    """Fifty on a page; the last page leads nowhere."""
    oldest, second, third, *_, latest = (came(write) for _ in range(delivery_log.PAGE_ROWS + 2))

    first = delivery_log.list_page(write, DeliveryFilter())
    assert (latest, third, third) == (first.lines[0].number, first.lines[-1].number, first.next_before)
    last = delivery_log.list_page(write, DeliveryFilter(before=first.next_before))
    assert ([second, oldest], None) == ([line.number for line in last.lines], last.next_before)


def test_a_line_counts_the_effects_it_caused(write):
    """By kind and state."""
    first, _ = came(write), came(write)
    caused(write, first, state="dead", error="refused")
    caused(write, first, "churn-lgbm")

    [_, line] = delivery_log.list_page(write, DeliveryFilter()).lines
    assert (("EnsureExperimentItem", "dead", 1), ("EnsureExperimentItem", "pending", 1)) == line.effects
    assert numbers(write, state="failed") == [first]


@pytest.mark.parametrize("later", [False, True])
def test_a_failed_effect_counts_until_a_later_one_is_applied(write, later):
    """What was made up for is no trouble any more."""
    caused(write, came(write), state="dead", error="refused")
    if later:
        caused(write, came(write), state="applied")

    assert delivery_log.count_failed_effects(write) == (0 if later else 1)


def test_details_hold_body_events_and_effects(write):
    """Everything that is known of one delivery."""
    number = came(write)
    event = decode(REPORTED)
    assert isinstance(event, RunReported)
    log.append(write, [(event, number)], NOW)
    caused(write, number, state="dead", error="refused")

    details = delivery_log.find_details(write, number)
    assert (b"{}", "runs", "e") == (details.body, details.line.source, details.line.entity)
    assert [("RunReported", "run:ci:x/r1", NOW)] == [(e.kind, e.subject, e.at) for e in details.events]
    assert [("dead", "refused")] == [(e.state, e.error) for e in details.effects]


def test_a_body_may_be_gone(write):
    """The delivery outlives its body."""
    number = came(write)
    write.execute(delete(DeliveryBodyRow))

    assert delivery_log.find_details(write, number).body is None
    assert delivery_log.find_details(write, number + 1) is None
