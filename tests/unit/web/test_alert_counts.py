"""What Prometheus is told of alerts."""

from datetime import timedelta

import pytest
from msgspec import structs

from fakes.alerts import TOLD
from fakes.board import NOW
from trainboard.store import problems
from trainboard.telemetry import Telemetry
from trainboard.web import alert_counts
from trainboard.web.alert_counts import AlertCounter

GRAFANA, PROD = "grafana/team-a", "alertmanager/prod"


@pytest.fixture
def told(database):
    """An alert is told of, and its bug is made; or closed, where that is said."""

    def tell(key="alert:a", door=PROD, closed_as=None):
        alert = structs.replace(TOLD.alerts[0], firing=closed_as is None)
        fact = structs.replace(TOLD, key=key, door=door, alerts=(alert,), at=NOW)
        with database.write() as connection:
            problems.record(connection, fact)
            problem = problems.find(connection, key)
            state = "closed" if closed_as else "open"
            problems.put(connection, problem, state=state)
            problems.note(connection, problem, "closed" if closed_as else "made", NOW, closed_as or "")

    return tell


@pytest.fixture
def metrics(database):
    """Looks, and answers the value of a metric by its name and labels."""
    telemetry = Telemetry()
    counter = AlertCounter(telemetry.alerts, {"grafana"})

    def value(name, minutes=1, **labels):
        with database.read() as connection:
            counter.look(connection, NOW + timedelta(minutes=minutes))
        return telemetry.registry.get_sample_value(f"trainboard_{name}", labels)

    return value


def bugs(metrics, outcome):
    """How many bugs of the Alertmanager became that."""
    return metrics("alert_bugs_total", source="alertmanager", outcome=outcome)


def test_a_configured_source_is_shown_before_it_tells_anything(metrics):
    """A counter that begins at 0 can be seen to grow."""
    assert 0 == metrics("alerts_received_total", source="grafana")
    assert None is metrics("alerts_received_total", source="alertmanager")


def test_counters_count_from_the_first_look_on(metrics, told):
    """What was before is seen in the gauges only."""
    told("alert:before")
    assert (0, 1) == (
        metrics("alerts_received_total", source="alertmanager"),
        metrics("alert_bugs_open", source="alertmanager"),
    )
    told()
    told(closed_as="not planned")
    told("alert:b", GRAFANA)

    assert 1 == metrics("alerts_received_total", source="grafana")
    assert [1, 1, 0] == [bugs(metrics, outcome) for outcome in ("made", "not planned", "resolved")]
    assert 1 == metrics("alert_problems_firing", source="alertmanager")
    assert 1 == metrics("alert_bugs_open", source="alertmanager")


def test_what_is_far_behind_is_not_counted_again(metrics, told, monkeypatch):
    """Nor is anything lost, however often somebody looks."""
    monkeypatch.setattr(alert_counts, "LATE_MOMENTS", 2)
    assert 0 == metrics("alert_bugs_total", source="grafana", outcome="made")
    for number in range(9):
        told(f"alert:{number}")
        assert number + 1 == bugs(metrics, "made")


def test_times_are_reckoned_every_five_minutes(metrics, told):
    """What is not known is not shown."""
    told()
    assert None is metrics("alert_time_to_resolve_seconds", quantile="0.5")
    told(closed_as="resolved")
    assert None is metrics("alert_time_to_resolve_seconds", minutes=5, quantile="0.5")
    assert [0, 0] == [
        metrics("alert_time_to_resolve_seconds", minutes=6, quantile=each) for each in ("0.5", "0.9")
    ]
    assert None is metrics("alert_time_to_acknowledge_seconds", minutes=6, quantile="0.5")


def test_the_service_shows_them(web):
    """They are among the others."""
    assert "# TYPE trainboard_alerts_received_total counter" in web.text("/metrics")
