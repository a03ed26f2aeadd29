"""What Azure DevOps tells of the tests of a run."""

import pytest

from fakes.azure_devops.artifacts import publish
from fakes.azure_devops.faults import Fault
from fakes.clock import FakeClock
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.credentials import TokenCredential
from trainboard.azure_devops.locations import name_account
from trainboard.budgets.memory import MemoryBudgets
from trainboard.errors import MissingError
from trainboard.pipelines.azure_pipelines.artifacts import AzureArtifacts
from trainboard.pipelines.azure_pipelines.results import RunJson, list_latest, to_tally
from trainboard.pipelines.azure_pipelines.runs import BuildJson, Named, RepositoryJson
from trainboard.result_files import Coverage, Tally
from trainboard.results import EndedRun

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
        assert {"CheckReported", "PipelineRunEnded"} == {type(each).__name__ for each in told}

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


class TestEnd:
    """That a run ended, with what Azure DevOps says of where it comes from."""

    def read(self, reader, project, build):
        told = [each for part in reader.read_run(project, build.id) for each in part]
        return [each.run for each in told if hasattr(each, "run")]

    def test_it_is_told_once_it_ended(self, azure, reader, project):
        """With its attempt, that of the stage that was tried most often."""
        build = azure.queue(azure.pipeline, commit=HEAD)
        assert [] == self.read(reader, project, build)
        build.find_stage("Build").attempt = 3
        azure.finish_build(build)
        [run] = self.read(reader, project, build)
        assert (CODE, HEAD, "ado:acme/Churn", "pushed", "main", 3, azure.ana.display_name) == (
            run.code,
            run.commit,
            run.source,
            run.ran,
            run.branch,
            run.attempt,
            run.by,
        )

    @pytest.mark.parametrize(
        ("fields", "ran", "number"),
        [
            ({"source_branch": "refs/heads/main"}, "pushed", None),
            ({"source_branch": "refs/tags/v1"}, "pushed", None),
            ({"source_branch": "refs/heads/main", "trigger_info": {"ci.sourceSha": HEAD}}, "pushed", None),
            ({"source_branch": "refs/pull/5/merge", "reason": "pullRequest"}, "proposed", 5),
            ({"source_branch": "refs/pull/5/merge", "reason": "manual"}, "proposed", 5),
            ({"source_branch": "refs/pull/5/head", "reason": "manual"}, "proposed", 5),
            ({"source_branch": "refs/heads/x", "trigger_info": {"pr.isFork": "True"}}, "foreign", None),
            ({"source_branch": "refs/heads/x", "trigger_info": {"pr.isFork": "False"}}, "proposed", None),
            (
                {
                    "source_branch": "refs/heads/x",
                    "parameters": f'{{"system.pullRequest.sourceCommitId": "{HEAD}"}}',
                },
                "proposed",
                None,
            ),
            (
                {"source_branch": "refs/pull/5/merge", "repository": RepositoryJson(type="GitHub")},
                "foreign",
                5,
            ),
        ],
    )
    def test_whose_code_ran(self, fields, ran, number):
        """Whatever it was asked for by; of code on GitHub it must be told that it is of no fork."""
        build = BuildJson(id=1, definition=Named(), project=Named(), queue_time=FakeClock()(), **fields)
        assert (ran, number) == (build.ran, build.pull_request)

    def test_files_in_a_container_are_not_given_out(self, azure):
        """They are told as missing, with what to do."""
        build = azure.queue(azure.pipeline, commit=HEAD)
        azure.finish_build(build)
        publish(azure, build, "trainboard-run", b"zip!", kind="Container")
        organization = Organization(
            url=azure.url,
            credential=TokenCredential(azure.token),
            budget=MemoryBudgets(azure.clock).of(name_account(azure.url), ()),
            clock=azure.clock,
        )
        artifacts = AzureArtifacts(organization)
        run = EndedRun(
            code=CODE,
            commit=HEAD,
            pipeline=f"azure-pipelines:acme/{azure.pipeline.id}",
            run=build.id,
            at=azure.now,
            source="ado:acme/Churn",
        )
        [found] = artifacts.list_artifacts(run)
        with pytest.raises(MissingError, match="PublishPipelineArtifact"):
            artifacts.read_artifact(found, 100)
        organization.close()
