"""A run of a pipeline changed."""

import pytest

from fakes.read import NOW, FakeRead
from trainboard.effects import ReadPipelineRun
from trainboard.events import PipelineRunChanged
from trainboard.handlers.pipelines import react
from trainboard.pull_requests import AwaitedApproval


@pytest.mark.parametrize(
    "approval", [None, AwaitedApproval(ref="a", stage="Deploy", environment="production")]
)
def test_the_run_is_read(approval):
    """Or the approval that it waits for."""
    place = {"pipelines": "azure-pipelines:acme", "project": "p", "run": 7, "approval": approval}
    assert [ReadPipelineRun(**place)] == list(react(PipelineRunChanged(at=NOW, **place), FakeRead()))
