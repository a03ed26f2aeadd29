"""What is kept of a report: what is read of it, and nothing of the data that it was made from.

Reports hold distributions, histograms and rows of what was looked at. They are not stored.
"""

from trainboard_webhooks.payload import Payload

_Shape = bool | list["_Shape"] | dict[str, "_Shape"]

_PLAIN: dict[str, _Shape] = {"*": True}
_COLUMN: dict[str, _Shape] = {
    "column_name": True,
    "drift_detected": True,
    "drift_score": True,
    "stattest_name": True,
    "stattest_threshold": True,
}
_TEST: dict[str, _Shape] = {
    "id": True,
    "name": True,
    "description": True,
    "status": True,
    "group": True,
    "metric_config": {"metric_id": True, "params": _PLAIN},
    "test_config": {"threshold": True},
    "parameters": {
        "column_name": True,
        "score": True,
        "value": True,
        "threshold": True,
        "condition": _PLAIN,
    },
}
_METRIC: dict[str, _Shape] = {
    "id": True,
    "metric": True,
    "config": _PLAIN,
    "value": {"count": True, "share": True},
    "result": {
        **_COLUMN,
        "dataset_drift": True,
        "drift_share": True,
        "share_of_drifted_columns": True,
        "drift_by_columns": {"*": _COLUMN},
    },
}
_REPORT: dict[str, _Shape] = {
    "version": True,
    "timestamp": True,
    "metadata": {"model": True, "model_version": True, "run_id": True, "dataset": True, "stage": True},
    "metrics": [_METRIC],
    "tests": [_TEST],
    "metric_results": {
        "*": {
            "metric_value_location": {"metric": {"metric_id": True, "params": _PLAIN}},
            "value": True,
            "share": {"value": True},
            "tests": [_TEST],
        }
    },
}


def keep_report(report: Payload) -> object:
    """The report without what is not read."""
    return _keep(report.raw(), _REPORT)


def _keep(value: object, shape: _Shape) -> object:
    """`value` as far as `shape` names it; texts and numbers are kept wherever it names anything."""
    if isinstance(value, dict):
        if not isinstance(shape, dict):
            return None
        wanted = {key: shape.get(key, shape.get("*")) for key in value}
        return {key: _keep(value[key], inner) for key, inner in wanted.items() if inner is not None}
    if isinstance(value, list):
        return [_keep(item, shape[0]) for item in value] if isinstance(shape, list) else None
    return value
