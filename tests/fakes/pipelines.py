"""Pipelines that are declared, and orders of them."""

from trainboard.triggers import Order, Parameter, Pipeline, make_marker

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
