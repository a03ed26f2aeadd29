"""From a training with MLflow's own client to the team's board, with nothing of ours in the training."""

import pytest
import requests

from fakes.conversation import MLFLOW_SECRET
from peers.mlflow import mlflow_server
from peers.service import running_service

pytestmark = pytest.mark.peer


def settings(mlflow_url):
    """One project, one MLflow server that is polled and listened to."""
    return f"""
[engine]
edit_interval_seconds = 1
poll_interval_seconds = 1
[[projects]]
name = "churn"
[[sources]]
kind = "mlflow"
name = "prod"
project = "churn"
url = "{mlflow_url}"
secrets = ["{MLFLOW_SECRET}"]
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
