"""What Prometheus reads."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from fakes.telemetry import ACCOUNT, NOW, filled
from trainboard.budgets.accounts import Account
from trainboard.telemetry import Telemetry

NAMES = {
    "trainboard_deliveries_received": {"source", "outcome"},
    "trainboard_deliveries_worked": {"source", "outcome"},
    "trainboard_effects_worked": {"kind", "outcome"},
    "trainboard_effect_apply_seconds": {"kind", "le"},
    "trainboard_deliveries_verified": {"source", "result"},
    "trainboard_acknowledge_seconds": {"source", "le"},
    "trainboard_time_to_effect_seconds": {"source", "le"},
    "trainboard_inbox_oldest_due_seconds": set(),
    "trainboard_inbox_queue_age_seconds": {"source"},
    "trainboard_listener_gaps": {"source"},
    "trainboard_missed_deliveries": {"source", "outcome"},
    "trainboard_recovery_failing_seconds": {"source"},
    "trainboard_run_tracker_read_age_seconds": {"source"},
    "trainboard_run_tracker_failing_seconds": {"source"},
    "trainboard_hooks": {"source", "state"},
    "trainboard_hook_repairs": {"source"},
    "trainboard_inbox_deliveries": {"state"},
    "trainboard_outbox_effects": {"state"},
    "trainboard_outbox_failing_effects": {"kind"},
    "trainboard_outbox_oldest_due_seconds": set(),
    "trainboard_scheduler_tick_age_seconds": set(),
    "trainboard_alerts_received": {"source"},
    "trainboard_alert_bugs": {"source", "outcome"},
    "trainboard_alert_bugs_open": {"source"},
    "trainboard_alert_problems_firing": {"source"},
    "trainboard_alert_time_to_acknowledge_seconds": {"quantile"},
    "trainboard_alert_time_to_resolve_seconds": {"quantile"},
    "trainboard_budget_blocked_seconds": {"account"},
    "trainboard_budget_calls": {"account", "lane", "outcome"},
    "trainboard_budget_calls_remaining": {"account"},
    "trainboard_budget_window_limit": {"account", "window"},
    "trainboard_budget_window_used": {"account", "window"},
}


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


def test_budgets_are_those_of_the_store():
    """What is left, used and blocked of each account, and how many calls of each lane had to wait."""
    registry = filled().registry
    window = {"account": ACCOUNT, "window": "writes_minute"}
    chatter = {"account": ACCOUNT, "lane": "chatter"}
    assert [3999, 90, 1, 60] == [
        registry.get_sample_value("trainboard_budget_calls_remaining", {"account": ACCOUNT}),
        registry.get_sample_value("trainboard_budget_blocked_seconds", {"account": ACCOUNT}),
        registry.get_sample_value("trainboard_budget_window_used", window),
        registry.get_sample_value("trainboard_budget_window_limit", window),
    ]
    assert [0, 1] == [
        registry.get_sample_value("trainboard_budget_calls_total", chatter | {"outcome": outcome})
        for outcome in ("admitted", "deferred")
    ]


def test_what_a_platform_has_not_said_is_not_told():
    """No number is better than a wrong one; an account that is gone is gone from the metrics."""
    telemetry = filled()
    telemetry.budgets.show({"other": Account()}, NOW)
    remaining = [
        telemetry.registry.get_sample_value("trainboard_budget_calls_remaining", {"account": name})
        for name in ("other", ACCOUNT)
    ]
    assert [None, None] == remaining


@pytest.mark.parametrize(
    ("outcome", "accepted", "refused"),
    [("stored", 1.0, None), ("duplicate", 1.0, None), ("unauthorized", None, 1.0), ("too large", None, None)],
)
def test_a_request_is_verified_or_refused_or_neither(outcome, accepted, refused):
    """What was turned away before anybody looked at its signature is neither; only good ones are timed."""
    telemetry = Telemetry()
    telemetry.note_request("github", outcome, 0.003)
    value = telemetry.registry.get_sample_value

    assert 1.0 == value("trainboard_deliveries_received_total", {"source": "github", "outcome": outcome})
    assert accepted == value(
        "trainboard_deliveries_verified_total", {"source": "github", "result": "accepted"}
    )
    assert refused == value("trainboard_deliveries_verified_total", {"source": "github", "result": "refused"})
    assert accepted == value("trainboard_acknowledge_seconds_count", {"source": "github"})


def test_sources_of_one_kind_are_one():
    """Names that operators give are no labels: whoever reads the metrics need not know them."""
    telemetry = Telemetry()
    telemetry.note_effect("mlflow/prod", 2.0)
    telemetry.note_effect("mlflow/lab", 3.0)

    assert 5.0 == telemetry.registry.get_sample_value(
        "trainboard_time_to_effect_seconds_sum", {"source": "mlflow"}
    )
