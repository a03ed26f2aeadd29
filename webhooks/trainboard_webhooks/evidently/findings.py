"""What a report of Evidently found: one finding for each test or tested column, of whatever generation.

Source: Evidently 0.7.23 (`Snapshot.json`, `dump_dict`) and 0.4.40 (`Report.json`, `TestSuite.json`).
"""

from collections.abc import Iterator
from typing import Literal

import msgspec

from trainboard.errors import PayloadError
from trainboard_webhooks.members import find_shown
from trainboard_webhooks.payload import Payload, shorten

Verdict = Literal["passed", "failed", "broken"]

DRIFT = "data drift"
_VERDICTS: dict[str, Verdict | None] = {
    "success": "passed",
    "fail": "failed",
    "warning": "failed",
    "error": "broken",
    "skipped": None,
}
# Of other methods it is not known which side of the threshold is drift, unless a test says so.
_DISTANCES = frozenset(
    {
        "wasserstein distance (normed)",
        "wasserstein",
        "jensen-shannon distance",
        "jensenshannon",
        "psi",
        "kullback-leibler divergence",
        "kl_div",
        "hellinger distance",
        "hellinger",
    }
)
_P_VALUE = "p_value"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What one test says. `topic` is what it is about, `check` and `column` tell it from others of that.

    `status` is the sender's word, empty where the method's name decided.
    """

    topic: str
    check: str
    verdict: Verdict
    column: str = ""
    status: str = ""
    text: str = ""
    value: str = ""
    threshold: str = ""


def read_snapshot(payload: Payload) -> Iterator[Finding]:
    """Of `Snapshot.json`: its tests; of a report without tests its drifts, by the names of the methods."""
    tests = list(payload["tests"])
    metrics = list(payload["metrics"])
    values = {find_shown(metric, "id"): metric.find("value") for metric in metrics}
    for test in tests:
        metric = test["metric_config"]
        yield from _tested(test, metric["params"], values.get(find_shown(metric, "metric_id")))
    if not tests:
        for metric in metrics:
            yield from _measured(metric["config"], metric.find("value"))


def read_dump(payload: Payload) -> Iterator[Finding]:
    """Of `Snapshot.dump_dict`, in the same way."""
    results = [result for _, result in payload["metric_results"].members()]
    tested = [(result, test) for result in results for test in result["tests"]]
    for result, test in tested:
        value = result.find("value") or result.find("share", "value")
        yield from _tested(test, test["metric_config"]["params"], value)
    if not tested:
        for result in results:
            yield from _measured(result["metric_value_location"]["metric"]["params"], result.find("value"))


def read_report(payload: Payload) -> Iterator[Finding]:
    """Of `Report.json` before 0.7: its columns and the share of them, as it says itself."""
    for metric in payload["metrics"]:
        result = metric.find("result")
        columns = result.find("drift_by_columns") if result is not None else None
        if columns is not None:
            for name, column in columns.members():
                yield from _column(name, column)
        elif result is not None and result.find("dataset_drift") is not None:
            yield Finding(
                topic=DRIFT,
                check="share of drifted columns",
                verdict="failed" if result["dataset_drift"].boolean() else "passed",
                value=find_shown(result, "share_of_drifted_columns"),
                threshold=find_shown(result, "drift_share"),
            )
        elif result is not None and result.find("drift_detected") is not None:
            yield from _column(result["column_name"].text(), result)


def read_suite(payload: Payload) -> Iterator[Finding]:
    """Of `TestSuite.json` before 0.7: its tests."""
    for test in payload["tests"]:
        verdict = _verdict(test)
        parameters = test.find("parameters")
        if verdict is not None:
            yield Finding(
                topic=find_shown(test, "group").replace("_", " ") or "checks",
                check=test["name"].text(),
                verdict=verdict,
                column=_find(parameters, "column_name"),
                status=find_shown(test, "status").lower(),
                text=find_shown(test, "description"),
                value=_find(parameters, "score") or _find(parameters, "value"),
                threshold=_find(parameters, "threshold") or _condition(parameters),
            )


def _tested(test: Payload, params: Payload, value: Payload | None) -> Iterator[Finding]:
    """A test's own `id` tells its kind, and is the same for every column."""
    verdict = _verdict(test)
    if verdict is None:
        return
    metric = _metric(params)
    topic = _topic(metric)
    bound = find_shown(test, "test_config", "threshold") or find_shown(params, "threshold")
    yield Finding(
        topic=topic,
        check=metric if topic == DRIFT else f"{metric} {find_shown(test, 'id')}".strip(),
        verdict=verdict,
        column=find_shown(params, "column"),
        status=find_shown(test, "status").lower(),
        text=find_shown(test, "description") or find_shown(test, "name"),
        value=_value(value),
        threshold=bound,
    )


def _measured(params: Payload, value: Payload | None) -> Iterator[Finding]:
    metric, method = _metric(params), find_shown(params, "method").lower()
    bound = params.find("threshold")
    if metric != "ValueDrift" or bound is None or value is None:
        return
    if method.endswith(_P_VALUE):
        drifts = value.number() < bound.number()
    elif method in _DISTANCES:
        drifts = value.number() >= bound.number()
    else:
        return
    yield Finding(
        topic=DRIFT,
        check=metric,
        verdict="failed" if drifts else "passed",
        column=find_shown(params, "column"),
        text=find_shown(params, "method"),
        value=value.shown(),
        threshold=bound.shown(),
    )


def _column(name: str, result: Payload) -> Iterator[Finding]:
    detected = result.find("drift_detected")
    if detected is not None:
        yield Finding(
            topic=DRIFT,
            check="ValueDrift",
            verdict="failed" if detected.boolean() else "passed",
            column=name,
            text=find_shown(result, "stattest_name"),
            value=find_shown(result, "drift_score"),
            threshold=find_shown(result, "stattest_threshold"),
        )


def _verdict(test: Payload) -> Verdict | None:
    """None for a test that was skipped and says nothing."""
    status = test["status"].text()
    if status.lower() not in _VERDICTS:
        raise PayloadError(f"{test.path}.status is {shorten(status, 40)}, which is no status of a test")
    return _VERDICTS[status.lower()]


def _metric(params: Payload) -> str:
    """`ValueDrift` of `evidently:metric_v2:ValueDrift`."""
    return params["type"].text().rpartition(":")[2]


def _topic(metric: str) -> str:
    return DRIFT if "drift" in metric.lower() else "checks"


def _value(value: Payload | None) -> str:
    """A number, or the share of a count."""
    if value is None:
        return ""
    return value.shown() if value.is_plain() else find_shown(value, "share")


def _find(payload: Payload | None, key: str) -> str:
    member = payload.find(key) if payload is not None else None
    return member.shown() if member is not None and member.is_plain() else ""


def _condition(parameters: Payload | None) -> str:
    """`lt=0.3` of a test's condition."""
    condition = parameters.find("condition") if parameters is not None else None
    if condition is None:
        return ""
    bounds = (f"{key}={bound.shown()}" for key, bound in condition.members() if bound.is_plain())
    return ", ".join(bounds)
