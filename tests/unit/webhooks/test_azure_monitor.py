"""Azure Monitor: what tells a problem, what pairs an alert's beginning with its end, and odd forms."""

import copy
import json
from pathlib import Path

import pytest

from trainboard.alerts import identify_problem
from trainboard.errors import PayloadError
from trainboard_webhooks import azure_monitor

FOLDER = Path(azure_monitor.__file__).parent / "fixtures"
FIRED, RESOLVED, LOG = (
    json.loads((FOLDER / f"{name}.json").read_text())
    for name in ("metric__fired", "metric__resolved", "log__v2")
)


def but(document=FIRED, **essentials):
    """The notification with other essentials; ... takes one out."""
    changed = copy.deepcopy(document)
    told = changed["data"]["essentials"]
    told |= essentials
    for name in [name for name, value in essentials.items() if value is ...]:
        del told[name]
    return changed


def parse(document):
    [event] = azure_monitor.parse("azure-monitor/prod", "metric", json.dumps(document).encode())
    return event


def identify(document):
    return azure_monitor.identify({}, json.dumps(document).encode())


def problem_of(document):
    event = parse(document)
    return event.alerts[0].rule, identify_problem(event.alerts[0], event.group_labels)


def test_beginning_and_end_are_one_episode_of_one_problem():
    """Fired and resolved have the same alert, problem and start, and are two deliveries."""
    fired, resolved = parse(FIRED).alerts[0], parse(RESOLVED).alerts[0]
    assert (True, False) == (fired.firing, resolved.firing)
    assert (fired.fingerprint, fired.starts_at) == (resolved.fingerprint, resolved.starts_at)
    assert problem_of(FIRED) == problem_of(RESOLVED)
    assert identify(FIRED).id != identify(RESOLVED).id
    assert identify(FIRED) == identify(FIRED)


def test_case_and_order_of_targets_tell_no_problems_apart():
    """Azure writes ids now with one case, now with another."""
    targets = [*FIRED["data"]["essentials"]["alertTargetIDs"], "/subscriptions/s/other"]
    shouted = [target.upper() for target in reversed(targets)]
    rule = FIRED["data"]["essentials"]["alertRuleId"]
    one = but(alertTargetIDs=targets)
    assert problem_of(one) == problem_of(but(alertTargetIDs=shouted, alertRuleId=rule.upper()))
    assert problem_of(one) == problem_of(but(one, alertRuleId=..., alertRuleID=rule))


@pytest.mark.parametrize(
    "other",
    [
        but(alertTargetIDs=["/subscriptions/s/resourcegroups/other/providers/p/t/fraud"]),
        but(alertRuleId="/subscriptions/s/resourceGroups/other/providers/p/metricAlerts/endpoint-5xx"),
    ],
)
def test_same_names_elsewhere_are_another_problem(other):
    """Targets and rules of the same name in another group of resources are others."""
    assert problem_of(FIRED) != problem_of(other)


def test_dimensions_tell_problems_apart():
    """Also those whose name is that of a label that changes all the time elsewhere."""
    found = []
    for value in ("pod-1", "pod-2"):
        document = copy.deepcopy(FIRED)
        condition = document["data"]["alertContext"]["condition"]["allOf"][0]
        condition["dimensions"] = [{"name": "instance", "value": value}]
        found.append(problem_of(document))
    assert found[0] != found[1]


def test_two_conditions_are_shown_side_by_side():
    """Where a rule has several conditions, all values, bounds and dimensions are told."""
    document = copy.deepcopy(FIRED)
    parts = document["data"]["alertContext"]["condition"]["allOf"]
    parts.append({**parts[0], "metricName": "Latency", "threshold": "2", "metricValue": 2.5})
    parts[1]["dimensions"] = [{"name": "statusCodeClass", "value": "4xx"}]
    event = parse(document)
    assert ("31, 2.5", "GreaterThan 5, GreaterThan 2") == (event.alerts[0].value, event.alerts[0].threshold)
    assert event.group_labels["statusCodeClass"] == "5xx, 4xx"


@pytest.mark.parametrize("name", ["activity-log__administrative", "log__analytics_of_old"])
def test_who_did_it_and_what_was_found_is_not_passed_on(name):
    """Claims, callers and rows of a query stay where they are."""
    told = repr(parse(json.loads((FOLDER / f"{name}.json").read_text())))
    assert "nobody's business" not in told
    assert "somebody@example.com" not in told


def test_custom_properties_do_not_hide_what_the_alert_says():
    """A custom property may add a label, and not replace one of the alert."""
    document = copy.deepcopy(FIRED)
    document["data"]["customProperties"] = {"model": "fraud", "target": "x", "service": "x", "nested": {}}
    labels = parse(document).alerts[0].labels
    assert ("fraud", "fraud") == (labels["model"], labels["service"])
    assert labels["target"].startswith("fraud~")
    assert "nested" not in labels


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"schemaId": "AzureMonitorMetricAlert", "data": {}}, "Enable the common alert schema"),
        ({"data": {}}, "missing"),
        ({"schemaId": azure_monitor.SCHEMA, "data": {}}, "essentials"),
        (but(monitorCondition="Acknowledged"), "Fired or Resolved"),
        (but(monitorCondition=...), "Fired or Resolved"),
        (but(alertRule=..., alertRuleId=...), "alertRule"),
        (but(firedDateTime="3/22/2019 1:36:31 PM"), "firedDateTime"),
        (but(alertTargetIDs="one"), "alertTargetIDs"),
    ],
)
def test_what_is_not_the_common_schema_is_refused(document, sentence):
    """The refusal names what is wrong, or the switch to set."""
    with pytest.raises(PayloadError) as refused:
        parse(document)
    assert sentence in str(refused.value)


def test_alert_without_id_is_told_apart_by_its_body():
    """Without an alert's id two notifications are one only if they are the same."""
    one, other = but(alertId=..., originAlertId=...), but(alertId=..., originAlertId=..., severity="Sev0")
    assert identify(one).id == identify(one).id
    assert identify(one).id != identify(other).id


def test_alert_without_targets_and_context_is_a_problem_of_its_rule():
    """What a signal of tomorrow leaves out is not needed."""
    document = but(alertTargetIDs=..., signalType="Tomorrow", alertRuleId=...)
    document["data"]["alertContext"] = None
    assert identify(document).kind == "other"
    assert parse(document).alerts[0].rule == "endpoint-5xx"
