"""A model registry changed."""

from fakes.read import NOW, FakeRead, item
from trainboard.effects import EnsureExperimentItem
from trainboard.events import ModelChanged
from trainboard.facts import RecordModel
from trainboard.handlers.models import react


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


def test_the_run_of_a_version_is_known_from_before():
    """An alias tells no run; the version did."""
    read = FakeRead(
        versions={("churn", "churn", "3"): "r1"},
        runs={("churn", "r1"): [("churn-xgb", 1)]},
        items=[item("churn-xgb")],
    )

    assert [noted(alias="champion"), ensured("churn-xgb")] == list(
        react(changed("alias set", alias="champion"), read)
    )


def test_a_cleared_alias_is_taken_from_the_version():
    """It is noted as cleared and as nothing else."""
    assert [noted(cleared_alias="champion")] == list(
        react(changed("alias cleared", alias="champion"), FakeRead())
    )


def test_a_version_of_no_known_run_is_only_noted():
    """Nothing on the board is about it."""
    assert [noted()] == list(react(changed(), FakeRead()))
