"""Pipelines that are declared, and orders of them."""

from fakes.code import CODE, NOW, check
from trainboard.triggers import (
    Order,
    Origin,
    Parameter,
    Pipeline,
    RunName,
    Trigger,
    TriggerState,
    make_marker,
)

PARAMETERS = (Parameter(name="dataset"), Parameter(name="dry_run", type="boolean"))


def pipeline(kind="workflow", **fields):
    """A pipeline that takes `dataset` and `dry_run`."""
    values = {
        "name": "retrain",
        "place": "github:acme/churn",
        "target": "retrain.yml",
        "ref": "main",
        "marker": "trainboard",
        "parameters": PARAMETERS,
        "commands": ("retrain",),
    }
    return Pipeline(kind=kind, **values | fields)


def order(of, key="1", *, commit=None, skipped=(), **given):
    """An order of that pipeline, told apart from others by its key."""
    return Order(
        pipeline=of, marker=make_marker(b"s", key), arguments=of.fill(given), commit=commit, skipped=skipped
    )


RUN = RunName(CODE, "7")
WHOLE = check(run=7, suite="900", series="5 on workflow_dispatch")


def trigger(**fields):
    """A run of `retrain` that Ana asked for on the work item of the experiment; it is run 7 of acme/churn."""
    values = {
        "key": "start-pipeline:churn/1",
        "project": "churn",
        "pipeline": "retrain",
        "origin": Origin(place="local:churn", ref="1"),
        "by": "ana",
        "at": NOW,
        "state": TriggerState.STARTED,
        "run": RUN,
    }
    return Trigger(**values | fields)
