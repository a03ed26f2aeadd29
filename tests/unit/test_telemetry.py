"""What Prometheus reads."""

from prometheus_client.parser import text_string_to_metric_families

from trainboard.telemetry import Telemetry

NAMES = {
    "trainboard_deliveries_received": {"source", "outcome"},
    "trainboard_deliveries_worked": {"source", "outcome"},
    "trainboard_effects_worked": {"kind", "outcome"},
    "trainboard_effect_apply_seconds": {"kind", "le"},
    "trainboard_inbox_oldest_due_seconds": set(),
    "trainboard_inbox_deliveries": {"state"},
    "trainboard_outbox_effects": {"state"},
}


def filled():
    telemetry = Telemetry()
    telemetry.received.labels("github", "stored").inc()
    telemetry.worked.labels("github", "done").inc(2)
    telemetry.applied.labels("ReadRuns", "applied").inc()
    telemetry.effect_seconds.labels("ReadRuns").observe(0.2)
    telemetry.queue_age_seconds.set(3)
    telemetry.deliveries.labels("waiting").set(4)
    telemetry.effects.labels("pending").set(5)
    return telemetry


def test_names_and_labels():
    """Dashboards and alerts rely on these."""
    families = text_string_to_metric_families(filled().expose().decode())
    found = {family.name: set().union(*(sample.labels for sample in family.samples)) for family in families}

    assert NAMES == {name: labels for name, labels in found.items() if not name.endswith("_created")}


def test_two_processes_in_one_count_by_themselves():
    """Each has a registry of its own."""
    filled()
    fresh = Telemetry()

    assert 0.0 == fresh.registry.get_sample_value("trainboard_inbox_oldest_due_seconds")
    assert None is fresh.registry.get_sample_value(
        "trainboard_deliveries_worked_total", {"source": "github", "outcome": "done"}
    )
    assert 2.0 == filled().registry.get_sample_value(
        "trainboard_deliveries_worked_total", {"source": "github", "outcome": "done"}
    )
