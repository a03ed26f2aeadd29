"""A run of a pipeline ended."""

import pytest
from msgspec.structs import replace

from fakes.read import CHURN, NOW, FakeRead
from trainboard.effects import ReadResults
from trainboard.events import PipelineRunEnded
from trainboard.handlers.results import react
from trainboard.policy import Door
from trainboard.results import EndedRun

CODE = "github:acme/churn"
DOOR = Door(name="artifacts/ci", project="churn", artifacts=("trainboard-run*",))
TRAINS = replace(CHURN, code=CODE)
TESTS_NOTHING = replace(TRAINS, result_artifacts=())


def ended(pipeline):
    return EndedRun(code=CODE, commit="a" * 40, pipeline=pipeline, run=7, at=NOW)


@pytest.mark.parametrize(
    ("pipeline", "project", "doors", "wanted"),
    [
        ("github-actions/3", TRAINS, (), ("churn", "")),
        ("github-actions/3", TRAINS, (DOOR,), ("churn", "artifacts/ci")),
        ("github-actions/3", TESTS_NOTHING, (DOOR,), ("", "artifacts/ci")),
        ("github-actions/3", TESTS_NOTHING, (), None),
        ("azure-pipelines:acme/3", TRAINS, (), None),
        ("azure-pipelines:acme/3", TRAINS, (DOOR,), ("", "artifacts/ci")),
        ("github-actions/3", CHURN, (DOOR,), None),
    ],
)
def test_what_it_left_is_read_where_somebody_wants_any(pipeline, project, doors, wanted):
    """Results of tests out of GitHub's artifacts only: those of Azure Pipelines are summed up elsewhere."""
    run = ended(pipeline)
    told = list(react(PipelineRunEnded(run=run), FakeRead(projects=(project,), doors=doors)))
    expected = [ReadResults(run=run, project=wanted[0], door=wanted[1])] if wanted else []
    assert expected == told


@pytest.mark.parametrize(
    ("pipeline", "place"),
    [("github-actions/3", CODE), ("azure-pipelines:Acme/3", "azure-pipelines:acme")],
)
def test_where_it_was_left(pipeline, place):
    """In the repository of a workflow, or in the organisation of a pipeline, wherever its code lives."""
    assert place == ended(pipeline).place
