"""What Azure DevOps tells of the tests of a run."""

import pytest

from fakes.azure_devops.faults import Fault
from fakes.clock import FakeClock
from trainboard.pipelines.azure_pipelines.results import RunJson, list_latest, to_tally
from trainboard.pipelines.azure_pipelines.runs import BuildJson, Named
from trainboard.result_files import Coverage, Tally

HEAD = "a" * 40
CODE = "azure-repos:acme/Churn/churn"


class TestResults:
    """What the tests of a run found, once it ended."""

    def read(self, reader, project, build):
        """The results that are told."""
        told = [each for part in reader.read_run(project, build.id) for each in part]
        return [each.results for each in told if hasattr(each, "results")]

    def test_outcomes(self, azure, reader, project):
        """Each test counts by how it ended, whoever published it; failed ones are named."""
        build = azure.queue(azure.pipeline, commit=HEAD, branch="refs/heads/main")
        azure.publish_tests(build, [("a", "Passed"), ("b", "Failed"), ("c", "Timeout")], coverage=(8, 10))
        azure.publish_tests(build, [("d", "NotExecuted"), ("e", "Passed")], stage="Deploy")
        azure.finish_build(build, "failed")

        [found] = self.read(reader, project, build)
        assert Tally(passed=2, failed=1, errors=1, skipped=1, failing=("b", "c")) == found.tests
        assert Coverage(covered=8, valid=10) == found.coverage
        assert (CODE, HEAD, f"azure-pipelines:acme/{azure.pipeline.id}", build.id, "main") == (
            found.code,
            found.commit,
            found.pipeline,
            found.run,
            found.branch,
        )

    def test_nothing_is_asked_before_the_end(self, azure, reader, project):
        """Nor is anything told of a run without tests."""
        build = azure.queue(azure.pipeline, commit=HEAD)
        assert [] == self.read(reader, project, build)
        assert "GET test.runs" not in azure.calls()
        azure.finish_build(build)
        assert [] == self.read(reader, project, build)

    def test_a_later_attempt_of_a_job(self, azure, reader, project):
        """It replaces what the job published before, and nothing else."""
        build = azure.queue(azure.pipeline, commit=HEAD)
        azure.publish_tests(build, [("a", "Failed")], attempt=1)
        azure.publish_tests(build, [("b", "Passed")], stage="Deploy")
        azure.publish_tests(build, [("a", "Passed")], attempt=2)
        azure.finish_build(build)
        [found] = self.read(reader, project, build)
        assert Tally(passed=2) == found.tests

    def test_without_the_right_to_see_tests(self, azure, reader, project):
        """They are not known, and all else of the run is told."""
        build = azure.queue(azure.pipeline, commit=HEAD)
        azure.publish_tests(build, [("a", "Passed")])
        azure.finish_build(build)
        azure.faults.add(Fault(status=403), path="_apis/test/Runs")
        told = [each for part in reader.read_run(project, build.id) for each in part]
        assert {"CheckReported"} == {type(each).__name__ for each in told}

    def test_coverage_that_cannot_be(self, azure, reader, project):
        """It is told as not read."""
        build = azure.queue(azure.pipeline, commit=HEAD)
        build.coverage = (11, 10)
        azure.finish_build(build)
        [found] = self.read(reader, project, build)
        assert (None, None, 1) == (found.tests, found.coverage, found.unread)

    @pytest.mark.parametrize(("ref", "branch"), [("refs/tags/v1", ""), ("refs/heads/a/b", "a/b"), (None, "")])
    def test_branches(self, ref, branch):
        """A tag is none."""
        now = FakeClock()()
        build = BuildJson(id=1, definition=Named(), project=Named(), queue_time=now, source_branch=ref)
        assert branch == build.branch


def test_runs_of_tests_without_details():
    """Without outcomes, those that did not pass have failed unless they were not run."""
    run = RunJson(id=1, total_tests=10, passed_tests=6, unanalyzed_tests=1)
    assert Tally(passed=6, failed=1, skipped=3) == to_tally(run)


def test_runs_of_tests_of_nobody():
    """Where no job is told, none replaces another."""
    runs = [RunJson(id=1), RunJson(id=2)]
    assert runs == list(list_latest(runs))
