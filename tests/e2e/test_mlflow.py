"""From a training with MLflow's own client to the team's board, with nothing of ours in the training."""

import time

import pytest
import requests

from fakes.conversation import MLFLOW_SECRET, RUNS_SECRET
from peers.mlflow import mlflow_server
from peers.service import running_service
from trainboard.report_run.command import main

pytestmark = pytest.mark.peer


def settings(mlflow_url, poll_seconds=1):
    """One project, one MLflow server that is polled and listened to, and jobs."""
    return f"""
[engine]
edit_interval_seconds = 1
poll_interval_seconds = {poll_seconds}
[[projects]]
name = "churn"
[[sources]]
kind = "mlflow"
name = "prod"
project = "churn"
url = "{mlflow_url}"
secrets = ["{MLFLOW_SECRET}"]
experiments = ["churn-*"]
[[sources]]
kind = "runs"
name = "ci"
project = "churn"
secrets = ["{RUNS_SECRET}"]
experiments = ["churn-*"]
"""


def test_trainings_become_work_items(tmp_path):
    """Runs, a nested sweep, a diverging run, a failed one and a registered model stand where they belong."""
    with mlflow_server() as mlflow:
        mlflow.train("plain churn-plain 2", "failing churn-plain", "diverging churn-nan", "plain other 2")
        with running_service(tmp_path, settings(mlflow.url)) as service:
            mlflow.create_webhook(f"{service.url}/webhooks/mlflow/prod", MLFLOW_SECRET)
            mlflow.train("plain churn-plain 1", "sweep churn-nan 5", "register churn-plain champion")
            found = service.wait_for("every run and the model on the board", lambda: complete_board(service))
            row = service.wait_for("the sweep as one row", lambda: row_of_sweep(service, found["churn-nan"]))

    assert (4, 1) == (found["churn-plain"]["runs"]["finished"], found["churn-plain"]["runs"]["failed"])
    assert [{"name": "churn-plain", "version": "1", "aliases": ["champion"]}] == found["churn-plain"][
        "models"
    ]
    assert "5 of 5" in row


def test_a_run_that_a_job_names_is_read_at_once(tmp_path, monkeypatch):
    """Nobody polls; what job and MLflow say is one run, and one that is not there is the job's alone."""
    monkeypatch.setenv("TRAINBOARD_SECRET", RUNS_SECRET)
    with mlflow_server() as mlflow, running_service(tmp_path, settings(mlflow.url, 3600)) as service:
        experiment, start_ms = mlflow.create_experiment("churn-plain"), int(time.time() * 1000) - 60_000
        run_id = mlflow.create_run(
            experiment, start_ms=start_ms, end_ms=start_ms + 1000, metrics={"val_auc": 0.93}
        )
        options = ["--url", service.url, "--experiment", "churn-plain", "--strict", "--metric", "val_auc=0.5"]
        for job, named in (("train", run_id), ("other", "0" * 32)):
            assert 0 == main([*options, "--run-id", job, "--name", f"the {job} job", "--mlflow-run", named])
        page = service.wait_for("both runs on the item's page", lambda: page_with_both(service))

    assert f"/runs/{run_id}" in page
    assert "the train job" not in page


def page_with_both(service):
    """The page of the only item, once it shows MLflow's metric and the other job; None before."""
    [item] = service.board()["items"] or [None]
    if item is None or (2, 2) != (item["runs"]["total"], item["runs"]["finished"]):
        return None
    page = requests.get(service.url + item["url"], timeout=10).text
    return page if "0.93" in page and "the other job" in page else None


def complete_board(service):
    """The items by experiment, once all that was trained is on the board; None before."""
    items = {item["experiment"]: item for item in service.board()["items"]}
    totals = {name: item["runs"]["total"] for name, item in items.items()}
    done = totals == {"churn-plain": 5, "churn-nan": 6}
    return items if done and items["churn-plain"]["models"] else None


def row_of_sweep(service, item):
    """The line of the sweep on its work item's page, once all five trials are in it."""
    page = requests.get(service.url + item["url"], timeout=10).text
    rows = [row for row in page.split("<tr") if "grid" in row and "5 of 5" in row]
    return rows[0] if len(rows) == 1 else None
