"""How far an experiment came."""

import pytest

from fakes.experiments import START, run, view
from fakes.pull_requests import deployment
from trainboard.deployments import Environment, Step
from trainboard.experiment_view import LinkedAlert, ModelVersion
from trainboard.lifecycle import find_current, list_stages

MET = run("a", metrics={"auc": 0.95})
TARGET = "auc >= 0.9"


def version(*places):
    """A version that came to these places."""
    return ModelVersion(name="churn", version="7", run_id="a", places=places)


def place(state="succeeded", *, production=False, hours=4):
    """A place where the version stands or stood."""
    deployed = deployment("x", state, minutes=60 * hours, url="https://ml.example.com/x")
    environment = Environment(name="x", is_production=production, kind="alias")
    return environment, Step(deployment=deployed, state=deployed.state, at=deployed.at)


def alert(**fields):
    """A bug about the model."""
    known = {"ref": "12", "title": "Drift", "url": "https://git.example.com/12", "model": "churn"}
    return LinkedAlert(version="7", began_at=START, **known | fields)


CASES = {
    "nothing": (view(), "", "plan"),
    "a target": (view((), TARGET), "plan", "plan"),
    "a run": (view([run("a", "running")]), "train", "train"),
    "a run that misses its target": (view([run("a", metrics={"auc": 0.1})], TARGET), "plan train", "train"),
    "one of two targets met": (view([MET], f"{TARGET}\nf1 >= 0.9"), "plan train", "train"),
    "all targets met": (view([MET], TARGET), "plan train validate", "validate"),
    "a version": (view([MET], models=(version(),)), "train package", "package"),
    "in use": (view([MET], models=(version(place()),)), "train package deploy", "deploy"),
    "no longer in use": (view([MET], models=(version(place("rolled back")),)), "train package", "package"),
    "relied on": (
        view([MET], models=(version(place(production=True)),)),
        "train package deploy monitor",
        "monitor",
    ),
    "an alert": (view(alerts=(alert(),)), "monitor", "monitor"),
    "trained anew": (view([MET], TARGET, retrains=((START, ""),)), "plan train validate retrain", "retrain"),
}


@pytest.mark.parametrize(("known", "reached", "current"), CASES.values(), ids=CASES)
def test_stages_are_reached_by_what_is_known(known, reached, current):
    """And the experiment stands at the last of them."""
    found = " ".join(stage.name for stage in list_stages(known) if stage.reached)
    assert (reached, current) == (found, find_current(known))


def test_a_retraining_is_over_with_the_next_version_in_use():
    """Then the experiment stands where that version is."""
    models = (version(place(production=True, hours=4)),)
    shown = deployment("x", minutes=240).at
    before, after = (
        view([MET], models=models, retrains=((at, ""),)) for at in (START, shown.replace(day=28))
    )
    assert ("monitor", "retrain") == (find_current(before), find_current(after))


def test_stages_lead_to_what_shows_them():
    """An open alert before one that is over, and the last retraining that has an address."""
    known = view(
        [MET],
        models=(version(place()),),
        alerts=(alert(url="https://git.example.com/1", closed_at=START), alert()),
        retrains=((START, "https://ci.example.com/1"), (START, "")),
    )
    assert [
        None,
        "https://mlflow.example.com/#/experiments/7",
        None,
        None,
        "https://ml.example.com/x",
        "https://git.example.com/12",
        "https://ci.example.com/1",
    ] == [stage.url for stage in list_stages(known)]
