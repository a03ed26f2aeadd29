"""Runs and views of an invented experiment, `churn-xgb`."""

from datetime import UTC, date, datetime, timedelta

from msgspec import UNSET

from trainboard.experiment_view import ExperimentView
from trainboard.iterations import Iteration
from trainboard.metrics import judge
from trainboard.runs import ExperimentName, Group, Metric, RunFacts, RunFailure, RunReport, RunStatus
from trainboard.targets import parse_targets

START = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
SPRINT = Iteration(number=12, name="Sprint 12", start=date(2026, 3, 2), end=date(2026, 3, 15))
TRACKER = "https://mlflow.example.com/#/experiments/7"


def run(id_, status="finished", *, metrics=None, sweep=None, planned=UNSET, name=UNSET, error=None, **facts):
    """A report of run `id_`; an ended one ends `minutes` after the start."""
    minutes = facts.pop("minutes", 10)
    status = RunStatus(status)
    return RunReport(
        source="mlflow:main",
        experiment=ExperimentName(name="churn-xgb"),
        run=RunFacts(
            id=id_,
            status=status,
            name=name,
            url=facts.pop("url", f"{TRACKER}/runs/{id_}"),
            started_at=START,
            ended_at=START + timedelta(minutes=minutes) if status.ended else UNSET,
            group=sweep
            if isinstance(sweep, Group)
            else UNSET
            if sweep is None
            else Group(id=sweep, planned=planned),
            error=RunFailure(**error) if error else UNSET,
            **facts,
        ),
        metrics=UNSET if metrics is None else metrics,
    )


def loss(value):
    """A metric of which the run tells that lower is better."""
    return Metric(value=value, goal="min")


def view(runs=(), targets="", **fields):
    """What is known in sprint 12 after `runs`, with the targets that people wrote."""
    fields = {
        "experiment": "churn-xgb",
        "experiment_url": TRACKER,
        "updated_at": START + timedelta(hours=3),
    } | fields
    runs = tuple(runs)
    return ExperimentView(
        project="churn",
        iteration=fields.pop("iteration", SPRINT),
        runs=runs,
        judgements=judge(parse_targets(targets), runs),
        **fields,
    )
