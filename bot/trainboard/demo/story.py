"""What happens in the demo's sprint, day by day. No chance: it is the same at every play."""

import math
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from trainboard.fingerprints import fingerprint
from trainboard.iterations import Iteration

PROJECT = "churn"
TARGETS = {
    "churn-xgb": ("val_auc >= 0.92", "latency_p95_ms <= 50 ms"),
    "churn-lightgbm": ("val_auc >= 0.92",),
    "churn-transformer": ("val_auc >= 0.93",),
}
SWEEP_TRIALS = 24
BEST_RUN = "xgb-trial-17"
MODEL = "churn-clf"
COMMANDED = "churn-transformer"
COMMENT = "It still trains, and is what we want most.\n\n/priority 1\n/assign ana\n/status"
"""What Ana comments on that experiment's work item."""
DRIFT, SLOW = "FeatureDrift", "PredictionsSlow"

Document = dict[str, Any]


class Chapter(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happens on one day of the sprint: `runs` are reported one after the other."""

    day: int
    title: str
    runs: Sequence[Document]


def chapters(sprint: Iteration) -> Iterator[Chapter]:
    """The runs of the sprint in the order in which they are told."""
    yield Chapter(day=1, title="a baseline, three seeds", runs=[_baseline(sprint, n) for n in range(3)])
    yield Chapter(
        day=3,
        title=f"a sweep of {SWEEP_TRIALS} trials, two of which fail",
        runs=[_trial(sprint, n) for n in range(SWEEP_TRIALS)],
    )
    yield Chapter(day=7, title="LightGBM, six runs", runs=[_lightgbm(sprint, n) for n in range(6)])
    yield Chapter(day=9, title="a transformer: one run killed, one still training", runs=_transformer(sprint))
    yield Chapter(
        day=10,
        title="somebody's scratch experiment, which nobody planned",
        runs=[_run(sprint, "scratch-notebook", "scratch-1", day=10, val_auc=0.71)],
    )


def drift(sprint: Iteration, *, resolved: bool) -> Document:
    """Two columns of the model drift on day 11, for four hours."""
    began_at = _moment(sprint, 11, 8.5)
    ended_at = began_at + timedelta(hours=4, minutes=10) if resolved else None
    alerts = [
        _alert(DRIFT, "critical", began_at, ended_at, summary, column=column)
        for column, summary in (
            ("monthly_charges", "PSI of monthly_charges is 0.31, above 0.2"),
            ("tenure", "PSI of tenure is 0.24, above 0.2"),
        )
    ]
    return _group(DRIFT, alerts)


def slow_predictions(sprint: Iteration) -> Document:
    """Predictions are slow since the afternoon of day 11, and still are."""
    summary = "p95 of predictions is 71 ms, above 50 ms"
    return _group(SLOW, [_alert(SLOW, "error", _moment(sprint, 11, 14), None, summary, service="scoring")])


def _alert(
    rule: str, severity: str, began_at: datetime, ended_at: datetime | None, summary: str, **labels: str
) -> Document:
    return {
        "status": "resolved" if ended_at else "firing",
        "labels": {"alertname": rule, "model": MODEL, "severity": severity, **labels},
        "annotations": {"summary": summary, "runbook_url": f"https://runbooks.example.com/{rule}"},
        "startsAt": _text(began_at),
        "endsAt": _text(ended_at) if ended_at else "0001-01-01T00:00:00Z",
        "generatorURL": "https://prometheus.example.com/graph",
        "fingerprint": fingerprint(rule, *labels.values())[:16],
    }


def _group(rule: str, alerts: Sequence[Document]) -> Document:
    """What an Alertmanager posts that groups by rule and model."""
    labels = {"alertname": rule, "model": MODEL}
    return {
        "version": "4",
        "groupKey": f'{{}}:{{alertname="{rule}", model="{MODEL}"}}',
        "truncatedAlerts": 0,
        "status": "firing" if any(each["status"] == "firing" for each in alerts) else "resolved",
        "receiver": "trainboard",
        "groupLabels": labels,
        "commonLabels": labels,
        "commonAnnotations": {},
        "externalURL": "https://alertmanager.example.com",
        "alerts": list(alerts),
    }


def _baseline(sprint: Iteration, seed: int) -> Document:
    auc = 0.861 + 0.002 * seed
    document = _run(sprint, "churn-baseline", f"baseline-{seed}", day=1, hour=9 + seed, val_auc=auc)
    return document | {"params": {"seed": seed, "depth": 6}}


def _trial(sprint: Iteration, number: int) -> Document:
    failed = number in {5, 14}
    document = _run(
        sprint,
        "churn-xgb",
        f"xgb-trial-{number}",
        day=3,
        hour=8 + number / 4,
        status="failed" if failed else "finished",
        val_auc=None if failed else 0.925 - 0.0007 * abs(number - 17),
        latency_p95_ms=None if failed else 38 + number % 7,
    )
    document["run"]["group"] = {
        "id": "xgb-sweep",
        "kind": "sweep",
        "name": "depth and rate",
        "planned": SWEEP_TRIALS,
    }
    if failed:
        document["run"]["error"] = {"type": "MemoryError", "message": "the GPU is out of memory"}
    return document


def _lightgbm(sprint: Iteration, number: int) -> Document:
    auc = 0.908 + 0.003 * math.sin(number)
    document = _run(sprint, "churn-lightgbm", f"lgbm-{number}", day=7, hour=9 + number, val_auc=auc)
    return document | {"params": {"seed": number, "leaves": 31}}


def _transformer(sprint: Iteration) -> list[Document]:
    runs = [
        _run(sprint, "churn-transformer", "tab-1", day=9, status="killed", val_auc=0.88),
        _run(sprint, "churn-transformer", "tab-2", day=9, hour=14, status="running", val_auc=0.901),
    ]
    return [run | {"tags": {"gpu_count": "4", "gpu_type": "A100"}} for run in runs]


def _run(
    sprint: Iteration,
    experiment: str,
    run_id: str,
    *,
    day: int,
    hour: float = 9,
    status: str = "finished",
    **metrics: float | None,
) -> Document:
    started_at = _moment(sprint, day, hour)
    run: Document = {
        "id": run_id,
        "name": run_id,
        "status": status,
        "started_at": _text(started_at),
        "user": "ana",
    }
    if status != "running":
        run["ended_at"] = _text(started_at + timedelta(minutes=40))
    goals = {"val_auc": "max", "latency_p95_ms": "min"}
    return {
        "source": "mlflow:demo",
        "experiment": {"name": experiment},
        "run": run,
        "links": {"repo": "acme/churn", "branch": f"exp/{experiment}", "commit": "4d1c0ffee0"},
        "metrics": {name: {"value": value, "goal": goals[name]} for name, value in metrics.items()},
        "tags": {"gpu_count": "1", "gpu_type": "T4"},
    }


def _moment(sprint: Iteration, day: int, hour: float) -> datetime:
    return sprint.starts_at + timedelta(days=day - 1, hours=hour)


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
