"""The experiment whose work item the README shows."""

from datetime import UTC, date, datetime

import msgspec

from trainboard.experiment_view import ExperimentView, ModelVersion
from trainboard.iterations import Iteration
from trainboard.metrics import judge
from trainboard.rendering.experiment import render_experiment
from trainboard.runs import RunReport
from trainboard.targets import parse_targets

MLFLOW = "https://mlflow.example.com/#/experiments/3"
WRITTEN_BY_PEOPLE = "- val_auc >= 0.92\n- latency_p95_ms <= 40 ms"
RUNS = (
    ("brave-newt-12", "finished", "2026-11-18T11:42:00Z", {"val_auc": 0.92413, "latency_p95_ms": 61.2}),
    ("calm-owl-9", "finished", "2026-11-18T09:10:00Z", {"val_auc": 0.91874, "latency_p95_ms": 43.9}),
    ("shy-kite-7", "finished", "2026-11-17T18:03:00Z", {"val_auc": 0.91021, "latency_p95_ms": 44.5}),
    ("deft-crane-31", "failed", "2026-11-17T17:20:00Z", {}),
)


def work_item():
    """The bot's part of the work item, quoted for the README."""
    runs = tuple(_run(*run) for run in RUNS)
    view = ExperimentView(
        project="churn",
        experiment="churn-v3",
        iteration=Iteration(number=23, name="Sprint 23", start=date(2026, 11, 9), end=date(2026, 11, 22)),
        updated_at=datetime(2026, 11, 18, 11, 43, tzinfo=UTC),
        experiment_url=MLFLOW,
        runs=runs,
        judgements=judge(parse_targets(WRITTEN_BY_PEOPLE), runs),
        models=(ModelVersion(name="churn", version="7", aliases=("staging",), run_id="brave-newt-12"),),
    )
    lines = render_experiment(view, 20_000).splitlines()
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _run(name, status, ended_at, metrics):
    error = {"error": {"type": "MemoryError", "message": "batch of 4096 rows"}} if status == "failed" else {}
    times = {"started_at": "2026-11-17T08:00:00Z", "ended_at": ended_at}
    run = {"id": name, "name": name, "status": status, "url": f"{MLFLOW}/runs/{name}", **times, **error}
    report = {"source": "mlflow:prod", "run": run, "experiment": {"name": "churn-v3"}, "metrics": metrics}
    return msgspec.convert(report, RunReport)
