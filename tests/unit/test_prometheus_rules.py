"""The rules for Prometheus: it takes them, and alerts come and stay away as they should."""

import json
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from fakes.promql import list_labels, list_metrics
from fakes.telemetry import filled
from peers.promtool import promtool

FILE = Path(__file__).parents[2] / "config" / "prometheus" / "trainboard.rules.yml"
RULES = {rule["alert"]: rule for rule in yaml.safe_load(FILE.read_text())["groups"][0]["rules"]}
DEAD = '{job="t", instance="a", state="dead"}'

# Alert: series, when it is looked at, labels, and what it says.
FIRING = [
    ("TrainboardAway", {}, "5m", {}, "No Trainboard tells of itself."),
    (
        "TrainboardSchedulerSilent",
        {'trainboard_scheduler_tick_age_seconds{job="t", instance="a"}': "0+60x20"},
        "8m",
        {"job": "t"},
        "No clock of Trainboard has ticked for more than five minutes.",
    ),
    (
        "TrainboardSchedulerSilent",
        {'trainboard_scheduler_tick_age_seconds{job="t", instance="a"}': "+Inf +Inf +Inf"},
        "2m",
        {"job": "t"},
        "No clock of Trainboard has ticked for more than five minutes.",
    ),
    (
        "TrainboardQueueWaits",
        {
            'trainboard_inbox_oldest_due_seconds{job="t", instance="a"}': "0+60x30",
            'trainboard_inbox_oldest_due_seconds{job="t", instance="b"}': "0+60x30",
        },
        "15m",
        {"job": "t"},
        "A delivery to Trainboard has waited for 15m 0s.",
    ),
    (
        "TrainboardChangesWait",
        {'trainboard_outbox_oldest_due_seconds{job="t", instance="a"}': "0+60x30"},
        "15m",
        {"job": "t"},
        "A change to a tracker has been due for 15m 0s.",
    ),
    (
        "TrainboardTrackerUnreachable",
        {'trainboard_outbox_failing_effects{job="t", instance="a", kind="ReadRuns"}': "0 2x30"},
        "20m",
        {"job": "t", "kind": "ReadRuns"},
        "2 changes of the kind ReadRuns fail, and are tried again.",
    ),
    (
        "TrainboardChangesDead",
        {f"trainboard_outbox_effects{DEAD}": "3x10 4x50"},
        "30m",
        {"job": "t"},
        "Changes to trackers were given up within the last hour.",
    ),
    (
        "TrainboardDeliveriesDead",
        {f"trainboard_inbox_deliveries{DEAD}": "0x10 1x50"},
        "30m",
        {"job": "t"},
        "Deliveries could not be understood within the last hour.",
    ),
    (
        "TrainboardCannotStore",
        {
            'trainboard_deliveries_received_total{job="t", source="github", outcome="unavailable"}': "0+1x20",
            'trainboard_deliveries_received_total{job="t", source="runs", outcome="stored"}': "0+9x20",
        },
        "5m",
        {"job": "t", "source": "github"},
        "Deliveries of github cannot be stored.",
    ),
    (
        "TrainboardSenderRefused",
        {'trainboard_deliveries_verified_total{job="t", source="github", result="refused"}': "0+1x30"},
        "20m",
        {"job": "t", "source": "github"},
        "15 deliveries of github in a quarter of an hour had no right proof.",
    ),
    (
        "TrainboardAnswersSlowly",
        {
            'trainboard_acknowledge_seconds_bucket{job="t", source="github", le="2.5"}': "0+90x30",
            'trainboard_acknowledge_seconds_bucket{job="t", source="github", le="5"}': "0+100x30",
            'trainboard_acknowledge_seconds_bucket{job="t", source="github", le="+Inf"}': "0+100x30",
        },
        "20m",
        {"job": "t", "source": "github"},
        "One delivery of github in a hundred waits 4.75s for its answer.",
    ),
    (
        "TrainboardDeliveriesMissed",
        {'trainboard_listener_gaps{job="t", instance="a", source="github"}': "1x10 2x50"},
        "30m",
        {"job": "t", "source": "github"},
        "Deliveries of github did not come in for a while.",
    ),
    (
        "TrainboardRecoveryFails",
        {'trainboard_recovery_failing_seconds{job="t", instance="a", source="github"}': "0+60x30"},
        "20m",
        {"job": "t", "source": "github"},
        "github cannot be asked what it sent, for 20m 0s.",
    ),
    (
        "TrainboardHooksBroken",
        {
            'trainboard_hooks{job="t", instance="a", source="azure-devops", state="failing"}': "2x60",
            'trainboard_hooks{job="t", instance="a", source="azure-devops", state="working"}': "5x60",
            'trainboard_hooks{job="t", instance="a", source="azure-devops", state="switched off"}': "1x60",
        },
        "40m",
        {"job": "t", "source": "azure-devops", "state": "failing"},
        "2 hooks of azure-devops are failing, and cannot be mended.",
    ),
    (
        "TrainboardRunTrackerUnreachable",
        {'trainboard_run_tracker_failing_seconds{job="t", instance="a", source="mlflow/prod"}': "0+60x30"},
        "20m",
        {"job": "t", "source": "mlflow/prod"},
        "mlflow/prod cannot be read, for 20m 0s.",
    ),
    (
        "TrainboardRunTrackerUnread",
        {'trainboard_run_tracker_read_age_seconds{job="t", instance="a", source="mlflow/prod"}': "0+60x60"},
        "40m",
        {"job": "t", "source": "mlflow/prod"},
        "mlflow/prod was last read to its end 40m 0s ago.",
    ),
    (
        "TrainboardBudgetLow",
        {
            'trainboard_budget_calls_remaining{job="t", instance="a", account="x"}': "200x30",
            'trainboard_budget_calls_remaining{job="t", instance="a", account="y"}': "4000x30",
        },
        "15m",
        {"job": "t", "account": "x"},
        "The platform grants x only 200 more calls.",
    ),
    (
        "TrainboardBudgetBlocked",
        {'trainboard_budget_blocked_seconds{job="t", instance="a", account="x"}': "3600-60x60"},
        "20m",
        {"job": "t", "account": "x"},
        "The platform asked x to stop, for 40m 0s more.",
    ),
]
QUIET = {
    'trainboard_inbox_oldest_due_seconds{job="t", instance="a"}': "0 10 400 0x60",
    'trainboard_outbox_oldest_due_seconds{job="t", instance="a"}': "0 10 400 0x60",
    'trainboard_outbox_failing_effects{job="t", instance="a", kind="ReadRuns"}': "0 1x10 0x50",
    'trainboard_scheduler_tick_age_seconds{job="t", instance="a"}': "30x60",
    f"trainboard_outbox_effects{DEAD}": "7x60",
    f"trainboard_inbox_deliveries{DEAD}": "3x60",
    'trainboard_deliveries_received_total{job="t", source="github", outcome="stored"}': "0+9x60",
    'trainboard_deliveries_verified_total{job="t", source="github", result="refused"}': "0 3x60",
    'trainboard_acknowledge_seconds_bucket{job="t", source="github", le="2.5"}': "0+100x60",
    'trainboard_acknowledge_seconds_bucket{job="t", source="github", le="+Inf"}': "0+100x60",
    'trainboard_listener_gaps{job="t", instance="a", source="github"}': "4x60",
    'trainboard_recovery_failing_seconds{job="t", instance="a", source="github"}': "0 60 120 0x60",
    'trainboard_hooks{job="t", instance="a", source="azure-devops", state="failing"}': "1x10 0x50",
    'trainboard_hooks{job="t", instance="a", source="azure-devops", state="switched off"}': "3x60",
    'trainboard_run_tracker_failing_seconds{job="t", instance="a", source="mlflow/prod"}': "0x60",
    'trainboard_run_tracker_read_age_seconds{job="t", instance="a", source="mlflow/prod"}': "31x60",
    'trainboard_budget_calls_remaining{job="t", instance="a", account="x"}': "100x5 5000x55",
    'trainboard_budget_blocked_seconds{job="t", instance="a", account="x"}': "60 0x60",
}


def story(series, *looks):
    """A test as promtool reads it: what there is minute by minute, and what is looked at."""
    return {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "alert_rule_test": looks,
    }


def look(at, alert, *expected):
    """Exactly these of the alert are on at that time."""
    return {"eval_time": at, "alertname": alert, "exp_alerts": expected}


def fired(alert, labels, summary):
    """The alert as it is sent."""
    rule = RULES[alert]
    told = {"summary": summary, "description": rule["annotations"]["description"]}
    return {"exp_labels": {**rule["labels"], **labels}, "exp_annotations": told}


def judge(folder, *tests):
    path = folder / "tests.yml"
    path.write_text(json.dumps({"rule_files": [str(FILE)], "evaluation_interval": "1m", "tests": tests}))
    promtool("test", "rules", path)


@pytest.mark.peer
def test_prometheus_takes_the_rules():
    """With everything that it lints."""
    promtool("check", "rules", "--lint=all", "--lint-fatal", FILE)


@pytest.mark.peer
def test_each_alert_comes(tmp_path):
    """Once what it stands for lasts, with what it says of it."""
    cases = [
        story(series, look(at, alert, fired(alert, labels, summary)))
        for alert, series, at, labels, summary in FIRING
    ]
    judge(tmp_path, *cases)
    assert set(RULES) == {case[0] for case in FIRING}


@pytest.mark.peer
def test_each_alert_stays_away(tmp_path):
    """From a bot with old mishaps, short waits and failures that passed; every minute is looked at."""
    judge(tmp_path, story(QUIET, *(look(f"{minute}m", alert) for alert in RULES for minute in range(60))))


def test_rules_ask_for_what_is_exported():
    """By metrics and by their labels; a slip of the pen would be an alert that never comes."""
    exported = {
        sample.name: set(sample.labels) | {"le"}
        for family in text_string_to_metric_families(filled().expose().decode())
        for sample in family.samples
    }
    for rule in RULES.values():
        [metric] = list_metrics(rule["expr"])
        assert list_labels(rule["expr"]) <= exported[metric] | {"job"}


def test_each_alert_says_how_bad_it_is_and_what_to_do():
    """In the words that Alertmanager's users sort by."""
    for rule in RULES.values():
        assert rule["labels"]["severity"] in {"critical", "warning", "info"}
        assert {"summary", "description"} == set(rule["annotations"])
        assert rule["alert"].startswith("Trainboard")
