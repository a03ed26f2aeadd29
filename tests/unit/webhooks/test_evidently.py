"""Evidently: what drifted, by its own word or by its method's name, and what is never kept."""

import copy
import json
from pathlib import Path

import pytest

from trainboard.alerts import identify_problem, problem_key
from trainboard.errors import PayloadError
from trainboard_webhooks import evidently
from trainboard_webhooks.query import QUERY

FOLDER = Path(evidently.__file__).parent / "fixtures"
DATA = Path(__file__).parents[2] / "data" / "evidently_0.4_report.json"


def fixture(name):
    return json.loads((FOLDER / f"{name}.json").read_text())


SNAPSHOT, UNTESTED = fixture("snapshot__drift_400_rows"), fixture("snapshot__without_tests")


def parse(document):
    return list(evidently.parse("evidently/nightly", "", json.dumps(document).encode()))


def alerts(document):
    [event] = parse(document)
    return {(alert.rule, alert.labels.get("column", "")): alert for alert in event.alerts}


def firing(document):
    return sorted(column for (_, column), alert in alerts(document).items() if alert.firing and column)


def identify(document, headers=()):
    return evidently.identify(dict(headers), json.dumps(document).encode())


def with_status(*statuses):
    """A snapshot whose tests, share, amount and country, came out like that."""
    changed = copy.deepcopy(SNAPSHOT)
    for test, status in zip(changed["tests"], statuses, strict=True):
        test["status"] = status
    return changed


def measured(method, value, threshold=0.1):
    """A snapshot without tests, with one column."""
    config = {
        "type": "evidently:metric_v2:ValueDrift",
        "column": "x",
        "method": method,
        "threshold": threshold,
    }
    return {"metrics": [{"id": "1", "metric_name": "m", "config": config, "value": value}], "tests": []}


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("snapshot__drift_400_rows", ["amount"]),
        ("snapshot__drift_2000_rows", ["amount"]),
        ("snapshot__no_drift", []),
        ("snapshot__without_tests", ["amount", "country"]),
        ("dump__drift", ["amount"]),
        ("report__drift", ["amount", "country"]),
        ("suite__drift", ["amount", "country"]),
    ],
)
def test_columns_that_drift_fire(name, columns):
    """In each form of both generations, as Evidently wrote it."""
    assert columns == firing(fixture(name))


def test_method_and_size_of_the_data_change_no_alert():
    """With more rows Evidently takes another method; the columns stay the same alerts."""
    few, many = alerts(SNAPSHOT), alerts(fixture("snapshot__drift_2000_rows"))
    assert {key: alert.fingerprint for key, alert in few.items()} == {
        key: alert.fingerprint for key, alert in many.items()
    }


def test_columns_of_a_model_are_one_problem():
    """However many drift; another model or dataset is another problem."""
    documents = [{"model": model, "dataset": "d", "evidently": SNAPSHOT} for model in ("churn", "fraud")]
    keys = [
        problem_key("p", event.door, alert.rule, identify_problem(alert, event.group_labels))
        for document in documents
        for event in parse(document)
        for alert in event.alerts
        if alert.rule == "data drift"
    ]
    assert (6, 2) == (len(keys), len(set(keys)))


@pytest.mark.parametrize(
    ("status", "found"),
    [("SUCCESS", False), ("FAIL", True), ("WARNING", True), ("ERROR", None), ("SKIPPED", None)],
)
def test_status_of_a_test_is_its_word(status, found):
    """A test that broke or was skipped says nothing of its column, neither that it drifts nor that not."""
    alert = alerts(with_status("SUCCESS", status, "SUCCESS")).get(("data drift", "amount"))
    assert found == (alert.firing if alert else None)


@pytest.mark.parametrize(("statuses", "fires"), [(("FAIL", "ERROR", "ERROR"), True), (("FAIL",) * 3, False)])
def test_tests_that_broke_are_a_problem_of_the_watching(statuses, fires):
    """All of them are one alert, which ends when none breaks any more."""
    alert = alerts(with_status(*statuses))["tests in error", ""]
    assert (fires, "monitoring") == (alert.firing, alert.nature)


@pytest.mark.parametrize(
    ("method", "value", "found"),
    [
        ("K-S p_value", 0.05, [True]),
        ("K-S p_value", 0.1, [False]),
        ("K-S p_value", 1, [False]),
        ("PSI", 0.05, [False]),
        ("psi", 0.1, [True]),
        ("Wasserstein distance (normed)", 2.6, [True]),
        ("Jensen-Shannon distance", 0.02, [False]),
        ("Total-Variation-Distance p-value", 0.02, []),
        ("Domain classifier", 0.9, []),
        ("", 0.9, []),
        ("K-S p_value", None, []),
    ],
)
def test_direction_is_known_or_nothing_is_said(method, value, found):
    """A p-value below, a distance at or above the threshold is drift; of other methods nothing is said."""
    [event] = parse(measured(method, value))
    assert found == [alert.firing for alert in event.alerts if alert.rule == "data drift"]


def test_of_two_tests_that_look_alike_the_failed_one_counts():
    """Two bounds of one column, say."""
    changed = with_status("SUCCESS", "FAIL", "SUCCESS")
    changed["tests"].append({**changed["tests"][1], "status": "SUCCESS"})
    assert ["amount"] == firing(changed)


def test_address_and_envelope_and_metadata_tell_the_model():
    """The address counts most, then the envelope, then what the snapshot itself says."""
    dump = {**fixture("dump__drift"), "metadata": {"model": "of the snapshot", "dataset": "d"}}
    document = {"model": "of the envelope", "stage": "production", "evidently": dump}
    found = identify(document, {QUERY: "model=of+the+address&secret=x&other=y"})
    [event] = parse(json.loads(found.body))
    assert {"model": "of the address", "dataset": "d", "stage": "production"} == event.group_labels


def test_reports_are_told_apart_even_if_they_are_equal():
    """The same numbers tomorrow are news; a sender may say itself that it sends again."""
    assert identify(SNAPSHOT).id != identify(SNAPSHOT).id
    again = {"idempotency-key": "run-7"}
    assert ["run-7"] * 2 == [identify(SNAPSHOT, again).id for _ in range(2)]


def test_data_are_not_kept():
    """Distributions of columns, also of one that is called like them, are not stored; what is said stays."""
    report = json.loads(DATA.read_text())
    columns = report["metrics"][1]["result"]["drift_by_columns"]
    columns["current"] = columns["amount"]
    kept = identify(report).body
    assert b"small_distribution" in DATA.read_bytes()
    assert b"distribution" not in kept
    assert ["amount", "country", "current"] == firing(json.loads(kept))
    assert parse(report) == parse(json.loads(kept))


def test_what_is_not_read_is_not_kept():
    """Widgets, values of other metrics and parameters of tests hold data of who knows whom."""
    dump, snapshot = fixture("dump__drift"), copy.deepcopy(SNAPSHOT)
    for result in dump["metric_results"].values():
        result["widget"] = [{"params": "a row"}]
    snapshot["metrics"].append({"id": "9", "config": {"type": "m"}, "value": {"labels": {"a row": 1}}})
    snapshot["tests"][0]["bound_test"]["rows"] = ["a row"]
    for document in (dump, snapshot, {**fixture("suite__drift"), "rows": ["a row"]}):
        assert b"a row" not in identify(document).body


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"metrics": []},
        {"tests": []},
        {"evidently": []},
        {"model": ["churn"], "evidently": SNAPSHOT},
        {**SNAPSHOT, "tests": None},
        {**SNAPSHOT, "tests": {}},
        with_status("FAIL", "MAYBE", "FAIL"),
        measured("PSI", "much"),
        measured("PSI", 0.1, "little"),
    ],
)
def test_what_is_no_report_is_refused_at_the_door(document):
    """So that the job that posts it fails."""
    with pytest.raises(PayloadError):
        identify(document)
