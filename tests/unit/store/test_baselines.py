"""What the runs of an experiment can be compared with is found in the database."""

from msgspec.structs import replace

from fakes.board import NOW, SPRINT, registered
from fakes.experiments import run
from trainboard.facts import RecordRun
from trainboard.runs import ExperimentName
from trainboard.store import baselines, runs


def told(write, id_, experiment, project="churn"):
    """Somebody told of that run."""
    report = replace(run(id_), experiment=ExperimentName(name=experiment))
    runs.record(write, RecordRun(project=project, number=SPRINT, planned=True, at=NOW, report=report))


def found(write, *names):
    """The ids of the runs behind those names."""
    listed = baselines.list_of(write, "churn", "xgb", names)
    return {name: report.run.id for name, report in listed.items()}


def test_a_run_of_any_experiment_of_the_project_can_be_named(write):
    """Of another project it cannot."""
    told(write, "r1", "xgb")
    told(write, "r2", "forest")
    told(write, "r3", "xgb", project="other")
    assert {"run:r1": "r1", "run:r2": "r2"} == found(write, "run:r1", "run:r2", "run:r3", "run:gone")


def test_an_alias_stands_for_the_run_that_made_its_version(write):
    """The champion is the alias of that name; what nobody names is not looked for."""
    told(write, "r1", "xgb")
    registered(write, "churn", "1", "r1", alias="champion")
    assert {"champion": "r1", "alias:champion": "r1"} == found(
        write, "champion", "alias:champion", "alias:prod"
    )
    assert {} == found(write)


def test_an_alias_of_several_models_stands_for_none_of_them(write):
    """Nothing is guessed; and models of other experiments do not count."""
    for id_, experiment, model in (("r1", "xgb", "a"), ("r2", "xgb", "b"), ("r3", "forest", "c")):
        told(write, id_, experiment)
        registered(write, model, "1", id_, alias="champion" if model != "c" else "prod")
    assert {} == found(write, "champion", "alias:champion", "alias:prod")
