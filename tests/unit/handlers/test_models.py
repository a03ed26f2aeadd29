"""A model registry changed."""

import pytest

from fakes.code import serving
from fakes.read import NOW, FakeRead, item
from trainboard.effects import EnsureExperimentItem, FindVersion
from trainboard.events import ModelChanged, ModelServed
from trainboard.facts import RecordAlias, RecordModel, RecordServing
from trainboard.handlers.models import react
from trainboard.policy import Door
from trainboard.serving import AliasMove


def changed(action="version", **fields):
    values = {"door": "mlflow/prod", "model": "churn", "at": NOW, "version": "3"} | fields
    return ModelChanged(action=action, **values)


def noted(**fields):
    return RecordModel(project="churn", model="churn", version="3", at=NOW, **fields)


def ensured(experiment):
    return EnsureExperimentItem(project="churn", experiment=experiment, number=1)


def test_an_unknown_door_is_nothing_to_us():
    """A source that was taken out of the settings tells nothing."""
    assert [] == list(react(changed(door="mlflow/gone"), FakeRead()))


def test_a_model_without_a_version_is_nothing_to_us():
    """An empty registration is no version of anything."""
    assert [] == list(react(changed("registered", version=None), FakeRead()))


def test_a_version_shows_on_the_items_of_its_run():
    """Every experiment that has the run and a work item is brought up to date."""
    read = FakeRead(
        runs={("churn", "r1"): [("churn-xgb", 1), ("churn-lgbm", 1), ("churn-none", 1)]},
        items=[item("churn-xgb"), item("churn-lgbm")],
    )

    expected = [noted(run_id="r1"), ensured("churn-xgb"), ensured("churn-lgbm")]
    assert expected == list(react(changed(run_id="r1"), read))


def test_an_alias_shows_on_the_items_of_all_that_ever_had_one():
    """What one version gains, another one loses."""
    read = FakeRead(
        versions={("churn", "churn", "3"): "r1"},
        in_use={("churn", "churn"): ["r0", "r1"]},
        runs={("churn", "r0"): [("churn-lgbm", 1)], ("churn", "r1"): [("churn-xgb", 1)]},
        items=[item("churn-xgb"), item("churn-lgbm")],
    )

    move = AliasMove(model="churn", alias="champion", version="3", at=NOW)
    assert [RecordAlias(project="churn", move=move), ensured("churn-xgb"), ensured("churn-lgbm")] == list(
        react(changed("alias set", alias="champion"), read)
    )


@pytest.mark.parametrize("version", [None, "3"])
def test_a_cleared_alias_points_at_nothing(version):
    """A registry may not say at which version it pointed."""
    move = AliasMove(model="churn", alias="champion", version=None, at=NOW)
    told = changed("alias cleared", alias="champion", version=version)
    assert [RecordAlias(project="churn", move=move)] == list(react(told, FakeRead()))


def test_a_tag_is_nothing_to_us():
    """It says nothing of who uses the model."""
    assert [] == list(react(changed("tag set"), FakeRead()))


def test_a_version_of_no_known_run_is_only_noted():
    """Nothing on the board is about it."""
    assert [noted()] == list(react(changed(), FakeRead()))


def test_what_an_endpoint_serves_is_noted_and_shown():
    """On the work item of the run that made the version."""
    told = serving()
    read = FakeRead(
        versions={("churn", "churn-xgb", "3"): "r1"},
        runs={("churn", "r1"): [("churn-xgb", 1)]},
        items=[item("churn-xgb")],
    )
    event = ModelServed(door="mlflow/prod", serving=told)
    assert [RecordServing(project="churn", serving=told), ensured("churn-xgb")] == list(react(event, read))
    assert [] == list(react(ModelServed(door="mlflow/gone", serving=told), read))


SOURCE = "azureml:/subscriptions/s/workspaces/ws"
READING = Door(name="azure-ml/ws", project="churn", polled=True, reads=SOURCE)
EVENTS = Door(name="event-grid/ws", project="churn")


def test_a_version_without_a_run_is_looked_up_where_runs_are_read():
    """The event of a registered model does not name the run that made it."""
    read = FakeRead(doors=(READING, EVENTS))
    asked = FindVersion(door=READING.name, model="churn", version="3")
    event = changed(door=EVENTS.name, source=SOURCE)
    assert [noted(run_id=None), asked] == list(react(event, read))


@pytest.mark.parametrize(
    ("event", "versions"),
    [
        (changed(door=EVENTS.name), {}),
        (changed(door=EVENTS.name, source=SOURCE.replace("ws", "other")), {}),
        (changed(door=EVENTS.name, source=SOURCE, run_id="r1"), {}),
        (changed(door=EVENTS.name, source=SOURCE), {("churn", "churn", "3"): "r1"}),
    ],
)
def test_a_version_is_not_looked_up_in_vain(event, versions):
    """Where nobody reads its tracker, or its run is told or known."""
    effects = list(react(event, FakeRead(doors=(READING, EVENTS), versions=versions)))
    assert [] == [each for each in effects if isinstance(each, FindVersion)]
