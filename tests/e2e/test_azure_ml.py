"""Runs of a workspace of Azure Machine Learning become work items: by its events, and by reading it."""

import uuid
from datetime import timedelta
from itertools import permutations

import pytest
import requests
import responses
from azure.core.credentials import AccessToken

from fakes.azure_ml import ADDRESS, RESOURCE, WORKSPACE, FakeAzureMl
from fakes.mlflow import a_run
from trainboard.store import runs
from trainboard.wiring import azure_ml

SECRET = "event-grid-secret"
SOURCES = [
    {
        "kind": "azure-ml",
        "name": "ws",
        "project": "churn",
        "url": ADDRESS,
        "experiments": ["churn-*"],
    },
    {
        "kind": "event-grid",
        "name": "ws",
        "project": "churn",
        "secrets": [SECRET],
        "experiments": ["churn-*"],
    },
]
EDIT_SECONDS = 60
COMMIT = "4d2b93784676893f8e346d5f0b9fb894a9cf0742"


class Identity:
    """Whoever runs the bot."""

    def get_token(self, *_, **__):
        return AccessToken("entra", 0)


@pytest.fixture
def http():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as http:
        yield http


@pytest.fixture
def server(http):
    server = FakeAzureMl(experiments={"7": "churn-eu"})
    server.listen(http)
    return server


@pytest.fixture
def bot(talk, server, monkeypatch):
    monkeypatch.setattr(azure_ml, "open_source", lambda *_: Identity())
    return talk(sources=SOURCES)


def trains(bot, server, run_id="brave_apple_1", status="FINISHED", **facts):
    """A run of the last ten minutes, as the workspace knows it."""
    now_ms = int(bot.clock().timestamp() * 1000)
    times = {"start_time": now_ms - 600_000} | ({"end_time": now_ms - 5_000} if status == "FINISHED" else {})
    server.runs.append(a_run(run_id, experiment_id="7", status=status, **times, **facts))


def event(bot, status="Completed", run_id="brave_apple_1", **data):
    """What Event Grid tells of the run."""
    return {
        "topic": RESOURCE,
        "subject": f"experiments/7/runs/{run_id}",
        "eventType": "Microsoft.MachineLearningServices.RunStatusChanged",
        "eventTime": bot.clock().isoformat(),
        "id": str(uuid.uuid4()),
        "data": {
            "experimentId": "7",
            "experimentName": "churn-eu",
            "runId": run_id,
            "runType": None,
            "runStatus": status,
            "runTags": {},
            "runProperties": {},
        }
        | data,
        "dataVersion": "",
        "metadataVersion": "1",
    }


def tells(bot, *events):
    """Event Grid posts them; the bot does what is due."""
    answer = bot.http.post(f"/webhooks/event-grid/ws?secret={SECRET}", json=list(events))
    assert 202 == answer.status_code
    bot.settle()


def known(bot):
    """The reports of all runs of the experiment."""
    with bot.bot.outside.database.read() as connection:
        return runs.list_reports(connection, "churn", "churn-eu", [1])[0]


def test_an_event_makes_the_bot_read_the_run(bot, server):
    """Its metrics are known at once, and shown with the next edit: one run, though two told of it."""
    bot.forward(seconds=31)
    tags = {"azureml.git.commit": COMMIT, "azureml.git.dirty": "False", "mlflow.user": "Ada"}
    trains(bot, server, run_name="deep", metrics={"val_auc": 0.93}, tags=tags)
    tells(bot, event(bot))
    [run] = known(bot)
    assert (WORKSPACE.source, {"val_auc": 0.93}) == (run.source, run.metrics)
    assert (COMMIT, "Ada") == (run.links.commit, run.run.user)
    bot.forward(seconds=EDIT_SECONDS)
    [item] = bot.items()
    assert "Experiment: churn-eu" == item.title
    assert "**1 run: 1 finished**" in item.body
    assert "0.93" in item.body
    assert WORKSPACE.page_of_run("brave_apple_1") in item.body


def test_nothing_is_lost_while_the_workspace_does_not_answer(bot, http, server):
    """The event alone makes the work item; what only the workspace knows comes when it is back."""
    http.replace(
        "POST", f"{server.url}/api/2.0/mlflow/experiments/search", body=requests.ConnectionError("x")
    )
    trains(bot, server, metrics={"val_auc": 0.93})
    tells(bot, event(bot))
    [item] = bot.items()
    assert "**1 run: 1 finished**" in item.body
    assert "0.93" not in item.body
    http.remove("POST", f"{server.url}/api/2.0/mlflow/experiments/search")
    server.listen(http)
    bot.forward(minutes=6)
    bot.forward(minutes=6)
    assert "0.93" in bot.items()[0].body
    assert 1 == len(known(bot))


@pytest.mark.parametrize("order", list(permutations(["running", "finished", "read"])))
def test_what_is_known_does_not_hang_on_the_order(bot, server, order):
    """Events come late and in any order, before and after a reading: what the workspace says counts."""
    bot.forward(seconds=31)
    trains(bot, server, metrics={"val_auc": 0.93}, tags={"azureml.git.commit": COMMIT, "plan.pr": "7"})
    said = {
        "running": lambda: tells(bot, event(bot, "Running")),
        "finished": lambda: tells(
            bot, event(bot, runProperties={"azureml.git.commit": COMMIT, "azureml.git.branch": "main"})
        ),
        "read": lambda: bot.forward(seconds=31),
    }
    ended_at = bot.clock() - timedelta(seconds=5)
    for each in order:
        said[each]()
    [run] = known(bot)
    assert ("finished", ended_at, 7) == (run.run.status, run.run.ended_at, run.links.pr)
    assert WORKSPACE.page_of_experiment("7") == run.experiment.url


def test_the_steps_of_a_pipeline_are_its_run(bot, server):
    """They are one run on the work item, with what they measured; their events make no other one."""
    trains(bot, server, "nightly_1", run_name="nightly")
    for number, metrics in enumerate([{"val_auc": 0.93}, {"latency_ms": 12}]):
        step = {"azureml.nodeid": f"n{number}", "azureml.pipelinerunid": "nightly_1"}
        trains(
            bot, server, f"step_{number}", metrics=metrics, tags={**step, "mlflow.parentRunId": "nightly_1"}
        )
    tells(bot, event(bot, run_id="step_0", runType="azureml.StepRun"), event(bot, run_id="nightly_1"))
    [item] = bot.items()
    assert "**1 run: 1 finished**" in item.body
    assert {"val_auc": 0.93, "latency_ms": 12.0} == known(bot)[0].metrics


def test_trials_of_a_sweep_are_one_row(bot, server):
    """Forty of them are a line, named by the job that started them."""
    trains(bot, server, "sweep_1", run_name="depth")
    for number in range(40):
        tags = {"mlflow.parentRunId": "sweep_1"}
        trains(bot, server, f"sweep_1_{number}", tags=tags, metrics={"val_auc": 0.9 + number / 1000})
    bot.forward(seconds=31)
    rows = [line for line in bot.items()[0].body.splitlines() if "40" in line and line.startswith("|")]
    assert 1 == len(rows)


def registered(bot, version="7"):
    """What Event Grid tells of a version: neither its run nor where it came from."""
    kind = "Microsoft.MachineLearningServices.ModelRegistered"
    told = {"subject": f"models/fraud:{version}", "eventType": kind}
    return event(bot) | told | {"data": {"ModelName": "fraud", "ModelVersion": int(version)}}


def test_a_version_is_shown_at_the_run_that_made_it(bot, server):
    """The workspace knows which one that was."""
    trains(bot, server)
    server.versions["fraud", "7"] = {
        "creation_timestamp": int(bot.clock().timestamp() * 1000),
        "run_id": "brave_apple_1",
    }
    bot.forward(seconds=31)
    tells(bot, registered(bot), registered(bot, "8"))
    bot.forward(seconds=EDIT_SECONDS)
    [item] = bot.items()
    assert "fraud" in item.body
    assert [{"name": "fraud", "version": "7"}] == server.questions("model-versions/get")[:1]


def test_a_burst_of_events_is_one_reading(bot, server):
    """What asks for a reading while one is due asks for the same one."""
    bot.forward(seconds=31)
    before = len(server.questions("runs/search"))
    trains(bot, server, status="RUNNING")
    tells(bot, *(event(bot, "Running") for _ in range(200)))
    assert len(server.questions("runs/search")) - before <= 4


def test_what_an_event_says_is_inert(bot, server):
    """No mention, no closing word and no HTML of a run's name survives."""
    trains(bot, server, run_name="@everyone fixes #1 <img src=x> <!-- trainboard:end -->")
    tells(bot, event(bot))
    body = bot.items()[0].body.split("-->", 1)[1]
    assert not [word for word in ("@everyone", "#1", "<img") if word in body]
    assert 1 == body.count("<!-- trainboard:end -->")
