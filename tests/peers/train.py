"""Trainings as people write them, with MLflow's own client. Run by MLflow's Python, never imported.

    train.py "plain churn 3" "sweep churn 4"

Each argument is one of the functions below with its arguments. For each a line is printed: the ids of
its runs, a parent's first; for `register` the version and the id of its run.
"""

import math
import sys
from contextlib import suppress

import mlflow
from mlflow.data.http_dataset_source import HTTPDatasetSource
from mlflow.data.meta_dataset import MetaDataset
from mlflow.exceptions import MlflowException


def plain(experiment, count):
    """Runs with metrics, parameters and a dataset."""
    mlflow.set_experiment(experiment)
    for number in range(int(count)):
        with mlflow.start_run(run_name=f"plain-{number}") as run:
            mlflow.log_params({"depth": number, "rate": 0.1})
            mlflow.log_metrics({"val_auc": 0.9 + number / 1000, "loss": 0.3})
            source = HTTPDatasetSource("https://example.org/events.csv")
            mlflow.log_input(MetaDataset(source, name="events", digest="abc123"), context="training")
        yield run.info.run_id


def failing(experiment):
    """A run that ends with an error."""
    mlflow.set_experiment(experiment)
    with suppress(RuntimeError), mlflow.start_run(run_name="failing") as run:
        raise RuntimeError("out of memory")
    yield run.info.run_id


def diverging(experiment):
    """A run whose loss becomes NaN and whose gradient becomes infinite."""
    mlflow.set_experiment(experiment)
    with mlflow.start_run(run_name="diverging") as run:
        mlflow.log_metrics({"loss": math.nan, "gradient": math.inf, "val_auc": 0.5})
    yield run.info.run_id


def sweep(experiment, trials):
    """Nested runs below a parent that tells how many are planned."""
    mlflow.set_experiment(experiment)
    with mlflow.start_run(run_name="grid", tags={"plan.sweep.planned": trials}) as parent:
        yield parent.info.run_id
        for number in range(int(trials)):
            with mlflow.start_run(run_name=f"trial-{number}", nested=True) as run:
                mlflow.log_param("depth", number)
                mlflow.log_metric("val_auc", 0.8 + number / 100)
            yield run.info.run_id


def register(model, alias):
    """A version of a registered model, with an alias, and the run that made it."""
    mlflow.set_experiment(model)
    client = mlflow.MlflowClient()
    with suppress(MlflowException):
        client.create_registered_model(model)
    with mlflow.start_run(run_name="registered") as run:
        mlflow.log_metric("val_auc", 0.95)
    version = client.create_model_version(model, f"runs:/{run.info.run_id}/model", run.info.run_id)
    client.set_registered_model_alias(model, alias, version.version)
    yield version.version
    yield run.info.run_id


if __name__ == "__main__":
    for command in sys.argv[1:]:
        name, *rest = command.split()
        print(*globals()[name](*rest))  # noqa: T201  # the caller reads it
