"""A job says which run of MLflow it is: that is read at once, and the two are one run."""

import json

import pytest
import requests
import responses
from sqlalchemy import text
from structlog.testing import capture_logs

from fakes.conversation import PROJECT, RUNS_SOURCE, run
from fakes.mlflow import FakeMlflow, a_run

COMMIT = "a" * 40
STARTED_MS = 1_794_988_800_000
MLFLOW = {
    "kind": "mlflow",
    "name": "prod",
    "project": "churn",
    "url": "http://mlflow.test",
    "experiments": ["churn-*"],
}


@pytest.fixture
def mlflow():
    """A small MLflow with the experiments `churn-xgb` and `fraud`; `mlflow.mock` stands before it."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        server = FakeMlflow(experiments={"1": "churn-xgb", "2": "fraud"})
        server.listen(mock)
        server.mock = mock
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def bot(request, talk, mlflow):
    """A bot that hears jobs and reads MLflow, on each of the databases."""
    database = {}
    if request.param == "postgresql":
        database = {"database": request.getfixturevalue("postgresql_url")}
    return talk(projects=[PROJECT], sources=[RUNS_SOURCE, MLFLOW], **database)


def train(mlflow, run_id="0a1b", experiment="1", status="FINISHED", **facts):
    """Something trained, and ended this morning."""
    times = {"start_time": STARTED_MS, "end_time": STARTED_MS + 3_600_000}
    mlflow.runs.append(
        a_run(
            run_id,
            experiment_id=experiment,
            status=status,
            **(times if status == "FINISHED" else {"start_time": STARTED_MS}),
            **facts,
        )
    )


def says(named="0a1b", **more):
    """What a job says that names a run."""
    return run(
        "9/train", source="gha:acme/churn", tags={"mlflow.run_id": named}, links={"commit": COMMIT}, **more
    )


def known(bot):
    """Source, id, metrics and commit of all runs that count."""
    with bot.bot.database.read() as connection:
        rows = connection.execute(text("SELECT document FROM runs ORDER BY source, run_id")).scalars()
        told = [json.loads(row) for row in rows]
    return [
        (each["source"], each["run"]["id"], each.get("metrics", {}), each.get("links", {}).get("commit"))
        for each in told
    ]


def test_the_run_is_read_at_once(bot, mlflow):
    """No clock goes off, one question names the run, and the board shows one with the tracker's numbers."""
    train(mlflow, metrics={"val_auc": 0.93})
    assert 202 == bot.reports(says(metrics={"val_auc": 0.1}))
    assert [{"run_id": "0a1b"}] == mlflow.questions("runs/get")
    assert [] == mlflow.questions("runs/search")
    assert [("mlflow:prod", "0a1b", {"val_auc": 0.93}, COMMIT)] == known(bot)
    bot.clock.forward(seconds=30)
    bot.settle()
    [item] = bot.items()
    assert "**1 run: 1 finished**" in item.body
    assert "0.93" in item.body


def test_the_poll_makes_no_second_run_of_it(bot, mlflow):
    """Whichever of the two came first."""
    train(mlflow, metrics={"val_auc": 0.93})
    bot.ticks()
    bot.reports(says())
    bot.forward(minutes=5)
    assert [("mlflow:prod", "0a1b", {"val_auc": 0.93}, COMMIT)] == known(bot)
    [item] = bot.items()
    assert "**1 run: 1 finished**" in item.body


def test_a_run_goes_on_and_ends(bot, mlflow):
    """The job tells of both ends; the second time without the name."""
    train(mlflow, status="RUNNING")
    bot.reports(says(status="running"))
    mlflow.runs.clear()
    train(mlflow, metrics={"val_auc": 0.93})
    bot.reports(run("9/train", source="gha:acme/churn"))
    bot.forward(minutes=1)
    assert [("mlflow:prod", "0a1b", {"val_auc": 0.93}, COMMIT)] == known(bot)


@pytest.mark.parametrize("named", ["gone", "0f0f"])
def test_a_run_that_may_not_be_read_leaves_the_job_by_itself(bot, mlflow, named):
    """One that is not there, or of an experiment that the source leaves out, is told in the log."""
    train(mlflow, "0f0f", experiment="2", metrics={"secret": 1.0})
    with capture_logs() as lines:
        bot.reports(says(named))
    [line] = [each for each in lines if each["event"] == "a job named a run that is not there to be read"]
    assert ("mlflow/prod", named) == (line["door"], line["run"])
    assert [("gha:acme/churn", "9/train", {}, COMMIT)] == known(bot)
    [item] = bot.items()
    assert "**1 run: 1 finished**" in item.body


@pytest.mark.parametrize("named", ["../../experiments/search", "a?b=c", "a b", "a" * 300, "x\r\ny"])
def test_what_is_no_id_is_not_asked_for(bot, mlflow, named):
    """It is a tag like any other, and no question."""
    assert 202 == bot.reports(says(named))
    assert [] == mlflow.asked
    assert 1 == len(known(bot))


def test_a_tracker_that_is_away_is_asked_again(bot, mlflow):
    """Until then the job's word stands; nothing is lost."""
    train(mlflow, metrics={"val_auc": 0.93})
    mlflow.mock.reset()
    mlflow.mock.add("GET", f"{mlflow.url}/api/2.0/mlflow/experiments/search", body=requests.ConnectionError())
    bot.reports(says())
    assert [("gha:acme/churn", "9/train", {}, COMMIT)] == known(bot)
    mlflow.mock.reset()
    mlflow.listen(mlflow.mock)
    bot.clock.forward(minutes=10)
    bot.settle()
    assert [] == mlflow.questions("runs/search")
    assert [("mlflow:prod", "0a1b", {"val_auc": 0.93}, COMMIT)] == known(bot)


def test_another_experiment_of_the_job_is_told_anew(bot, mlflow):
    """Its item counted the run until it was known to be the tracker's."""
    mlflow.experiments["3"] = "churn-nn"
    bot.reports(says(experiment="churn-xgb"))
    train(mlflow, experiment="3", metrics={"val_auc": 0.93})
    bot.forward(minutes=10)
    bodies = {item.title: item.body for item in bot.items()}
    assert "**1 run: 1 finished**" in bodies["Experiment: churn-nn"]
    assert "1 run" not in bodies["Experiment: churn-xgb"]


def test_a_project_reads_its_own_tracker_alone(talk, mlflow):
    """The run of another project is none to look at."""
    train(mlflow)
    projects = [PROJECT, {"name": "other", "tracker": "local"}]
    bot = talk(projects=projects, sources=[RUNS_SOURCE, MLFLOW | {"project": "other"}])
    bot.reports(says())
    assert [] == mlflow.asked
    assert [("gha:acme/churn", "9/train")] == [each[:2] for each in known(bot)]
