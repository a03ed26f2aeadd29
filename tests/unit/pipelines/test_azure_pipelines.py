"""What Azure Pipelines tell of a run: its commit, its stages, what it deployed, and approvals."""

import json
from datetime import timedelta

import msgspec
import pytest

from fakes.azure_devops.faults import Fault
from fakes.clock import FakeClock
from trainboard.errors import MissingError, PermanentError, TransientError
from trainboard.pipelines.azure_pipelines.runs import (
    BuildJson,
    DeployedJson,
    Named,
    RecordJson,
    RepositoryJson,
    judge_deployment,
    judge_run,
    judge_stage,
)
from trainboard.pull_requests import AwaitedApproval, CheckState, DeploymentState

HEAD, MERGE = "a" * 40, "b" * 40
CODE = "azure-repos:acme/Churn/churn"


def checks(told):
    """Names of checks with their states."""
    return {each.check.name: str(each.check.state) for each in told if hasattr(each, "check")}


def whole(reader, project, run):
    """All parts of what is told of a run."""
    return [told for part in reader.read_run(project, run) for told in part]


def deployments(told):
    return [each.deployment for each in told if hasattr(each, "deployment")]


class TestRun:
    """A run and its stages are checks of the commit."""

    def test_stages_stand_beside_their_run(self, azure, reader, project):
        """Each by its name; what has not begun waits in the queue."""
        build = azure.queue(azure.pipeline, commit=HEAD)
        azure.clock.forward(minutes=1)
        azure.start_stage(build, "Build")
        told = whole(reader, project, build.id)

        assert {"ci": "running", "ci / Build": "running", "ci / Deploy": "queued"} == checks(told)
        assert [(CODE, HEAD, build.id, f"azure-pipelines:acme#{build.id}")] * 3 == [
            (each.check.code, each.check.commit, each.check.run, each.check.suite) for each in told
        ]
        assert [f"azure-pipelines:acme/{azure.pipeline.id}", "", ""] == [each.check.series for each in told]
        assert f"https://dev.azure.com/acme/Churn/_build/results?buildId={build.id}" == told[0].check.url
        assert [azure.clock() - timedelta(minutes=1), azure.clock()] == [each.check.at for each in told[:2]]

    def test_a_stage_that_is_tried_again_is_another_attempt(self, azure, reader, project):
        """And so is the run, which ended before."""
        build = azure.queue(azure.pipeline, commit=HEAD)
        azure.start_stage(build, "Build")
        azure.finish_stage(build, "Build", "failed")
        azure.finish_build(build, "failed")
        first = whole(reader, project, build.id)
        build.find_stage("Build").attempt, build.state, build.result = 2, "inProgress", None
        azure.start_stage(build, "Build")
        second = whole(reader, project, build.id)

        assert ({"ci": "failed", "ci / Build": "failed", "ci / Deploy": "queued"}, [1, 1, 1]) == (
            checks(first),
            [each.check.attempt for each in first if hasattr(each, "check")],
        )
        assert ({"ci": "running", "ci / Build": "running", "ci / Deploy": "queued"}, [2, 2, 1]) == (
            checks(second),
            [each.check.attempt for each in second],
        )

    def test_a_run_that_has_not_started_has_no_stages(self, azure, reader, project):
        """They are not asked for."""
        build = azure.queue(azure.pipeline, commit=HEAD)
        build.state = "notStarted"
        assert {"ci": "queued"} == checks(whole(reader, project, build.id))
        assert "GET build.timeline" not in azure.calls()

    def test_the_only_stage_has_no_name(self, azure, reader, project):
        """It is the run."""
        pipeline = azure.add_definition("Churn", "lint", azure.repository, stages=("__default",))
        build = azure.queue(pipeline, commit=HEAD)
        assert {"lint": "running"} == checks(whole(reader, project, build.id))

    def test_a_run_without_a_timeline_has_no_stages(self, azure, reader, project):
        """As one whose file could not be read."""
        build = azure.queue(azure.pipeline, commit=HEAD)
        azure.finish_build(build, "failed")
        azure.faults.add(Fault(status=200, body="null"), path="(?i)/timeline")
        assert {"ci": "failed"} == checks(whole(reader, project, build.id))

    def test_a_build_of_a_pull_request_is_of_its_newest_commit(self, azure, reader, project):
        """And deploys nothing, so that no environment is looked at."""
        build = azure.queue(
            azure.pipeline,
            commit=MERGE,
            branch="refs/pull/1/merge",
            reason="pullRequest",
            trigger_info={"pr.sourceSha": HEAD},
        )
        told = whole(reader, project, build.id)
        assert {HEAD} == {each.check.commit for each in told}
        assert ["GET build.builds", "GET build.timeline"] == azure.calls()

    def test_what_cannot_be_named_is_left_out(self, azure, reader, project):
        """A merge that is on no branch is no commit of anybody."""
        build = azure.queue(azure.pipeline, commit=MERGE, branch="refs/pull/1/merge")
        awaited = AwaitedApproval(ref="1")
        assert ([], []) == (
            whole(reader, project, build.id),
            reader.read_approval(project, build.id, awaited),
        )

    def test_of_code_that_does_not_matter_nothing_more_is_read(self, azure, reader, project):
        """An organisation tells of the runs of all repositories."""
        pipeline = azure.add_definition("Churn", "site", azure.add_repository("Churn", "site"))
        build = azure.queue(pipeline, commit=HEAD)
        assert [] == whole(reader, project, build.id)
        assert ["GET build.builds"] == azure.calls()

    def test_a_run_that_is_gone_is_missing(self, reader, project):
        """Nothing is made up."""
        with pytest.raises(MissingError, match="read run 99 of a pipeline"):
            list(reader.read_run(project, 99))


class TestDeployment:
    """What a run deployed."""

    def test_a_stage_that_names_an_environment_deploys(self, azure, reader, project):
        """From its beginning to its end."""
        build = azure.queue(azure.pipeline, commit=HEAD)
        azure.start_stage(build, "Deploy", azure.staging)
        [running] = deployments(whole(reader, project, build.id))
        azure.clock.forward(minutes=3)
        azure.finish_stage(build, "Deploy")
        [ended] = deployments(whole(reader, project, build.id))

        assert (DeploymentState.RUNNING, DeploymentState.SUCCEEDED) == (running.state, ended.state)
        assert (f"{build.id}/Deploy/1/staging", "staging", CODE, HEAD) == (
            ended.ref,
            ended.environment,
            ended.code,
            ended.commit,
        )
        assert (running.ref, timedelta(minutes=3)) == (ended.ref, ended.at - running.at)

    def test_what_other_runs_deployed_is_theirs(self, azure, reader, project):
        """An environment tells of all of them."""
        other = azure.queue(azure.pipeline, commit=MERGE)
        azure.start_stage(other, "Deploy", azure.staging)
        build = azure.queue(azure.pipeline, commit=HEAD)
        assert [] == deployments(whole(reader, project, build.id))

    def test_checks_stand_where_environments_may_not_be_seen(self, azure, reader, project):
        """A token needs a scope for them that it may lack."""
        build = azure.queue(azure.pipeline, commit=HEAD)
        azure.faults.add(Fault(status=403, body="{}"), path="/environments")
        parts = reader.read_run(project, build.id)
        assert ["ci", "ci / Build", "ci / Deploy"] == list(checks(next(parts)))
        with pytest.raises(PermanentError, match="list the environments"):
            next(parts)

    def test_an_approval_holds_a_deployment(self, azure, reader, project):
        """The stage and the run wait for somebody; then the deployment goes on under the same name."""
        build = azure.queue(azure.pipeline, commit=HEAD)
        approval = azure.wait_for_approval(build, "Deploy", azure.production, [azure.ana])
        awaited = AwaitedApproval(ref=approval.id, stage="Deploy", environment="production")
        told, [waiting, held] = (
            whole(reader, project, build.id),
            reader.read_approval(project, build.id, awaited),
        )
        azure.clock.forward(hours=1)
        azure.decide(approval, "approved", azure.ana)
        [approved] = reader.read_approval(project, build.id, awaited)
        [running] = deployments(whole(reader, project, build.id))

        assert "waiting for somebody" == checks(told)["ci"] == checks(told)["ci / Deploy"]
        assert ("pending", (azure.ana.unique_name,), "", str(build.id)) == (
            waiting.approval.state,
            waiting.approval.approvers,
            waiting.approval.by,
            waiting.approval.run,
        )
        assert ("approved", azure.ana.unique_name) == (approved.approval.state, approved.approval.by)
        assert (DeploymentState.WAITING, DeploymentState.RUNNING) == (held.deployment.state, running.state)
        assert (held.deployment.ref, True) == (running.ref, held.deployment.at < running.at)

    @pytest.mark.parametrize(
        ("status", "state", "deployed"),
        [
            ("rejected", "rejected", [DeploymentState.CANCELLED]),
            ("failed", "rejected", [DeploymentState.CANCELLED]),
            ("canceled", "skipped", [DeploymentState.CANCELLED]),
            ("timedOut", "timed out", [DeploymentState.CANCELLED]),
            ("skipped", "skipped", []),
            ("completed", "approved", []),
            ("uninitiated", "pending", [DeploymentState.WAITING]),
        ],
    )
    def test_without_a_yes_nothing_waits_for_ever(self, azure, reader, project, status, state, deployed):
        """What is not approved is not deployed."""
        build = azure.queue(azure.pipeline, commit=HEAD)
        approval = azure.wait_for_approval(build, "Deploy", azure.production, [azure.ana])
        approval.status = status
        awaited = AwaitedApproval(ref=approval.id, stage="Deploy", environment="production")
        told = reader.read_approval(project, build.id, awaited)
        assert (state, deployed) == (told[0].approval.state, [each.state for each in deployments(told)])

    def test_an_approval_of_something_else_deploys_nothing(self, azure, reader, project):
        """It may guard an agent pool."""
        build = azure.queue(azure.pipeline, commit=HEAD)
        approval = azure.wait_for_approval(build, "Deploy", azure.production, [azure.ana])
        told = reader.read_approval(project, build.id, AwaitedApproval(ref=approval.id, stage="Deploy"))
        assert [""] == [each.approval.environment for each in told]

    def test_whoever_is_blocked_is_no_approver(self, azure, reader, project):
        """As who asked for the run, where that is forbidden."""
        build = azure.queue(azure.pipeline, commit=HEAD)
        approval = azure.wait_for_approval(
            build, "Deploy", azure.production, [azure.ana], blocked=[azure.ana]
        )
        [told] = reader.read_approval(project, build.id, AwaitedApproval(ref=approval.id))
        assert () == told.approval.approvers

    def test_gibberish_is_tried_again(self, azure, reader, project):
        """An approval without a time is not what Azure DevOps promises."""
        build = azure.queue(azure.pipeline, commit=HEAD)
        azure.faults.add(Fault(status=200, body='{"id": "1", "status": "pending"}'), path="/approvals/")
        with pytest.raises(TransientError, match="not the JSON that Azure DevOps promises"):
            reader.read_approval(project, build.id, AwaitedApproval(ref="1"))


def test_what_may_be_null_is_left_out(azure, reader, project):
    """An approval without steps has no approvers; a job of no stage deployed all the same."""
    build = azure.queue(azure.pipeline, commit=HEAD)
    approval = {"id": "1", "status": "pending", "createdOn": "2026-11-18T10:00:00.1234567Z"}
    bare = json.dumps(approval | {"steps": None, "blockedApprovers": None})
    azure.faults.add(Fault(status=200, body=bare), path="/approvals/")
    job = {"owner": {"id": build.id}, "stageName": None, "stageAttempt": None, "result": "succeeded"}
    azure.faults.add(Fault(status=200, body=json.dumps({"count": 1, "value": [job]})), path="(?i)records")

    [told] = reader.read_approval(project, build.id, AwaitedApproval(ref="1"))
    assert ((), "") == (told.approval.approvers, told.approval.by)
    assert [f"{build.id}//1/staging"] == [each.ref for each in deployments(whole(reader, project, build.id))]


class TestWords:
    """What states and results mean."""

    @pytest.mark.parametrize(
        ("status", "result", "stages", "state"),
        [
            ("notStarted", None, [], CheckState.QUEUED),
            ("postponed", None, [], CheckState.QUEUED),
            ("inProgress", None, [], CheckState.RUNNING),
            ("cancelling", None, [CheckState.PASSED], CheckState.RUNNING),
            ("inProgress", None, [CheckState.PASSED, CheckState.WAITING], CheckState.WAITING),
            ("inProgress", None, [CheckState.RUNNING, CheckState.WAITING], CheckState.RUNNING),
            ("completed", "succeeded", [], CheckState.PASSED),
            ("completed", "partiallySucceeded", [], CheckState.PASSED),
            ("completed", "failed", [], CheckState.FAILED),
            ("completed", "canceled", [], CheckState.CANCELLED),
            ("completed", "of tomorrow", [], CheckState.NEUTRAL),
            ("completed", None, [], CheckState.NEUTRAL),
        ],
    )
    def test_run(self, status, result, stages, state):
        """A run that ended has ended; one that goes on waits only if nothing in it runs."""
        build = BuildJson(
            id=1,
            definition=Named(),
            project=Named(),
            queue_time=FakeClock()(),
            status=status,
            result=result,
        )
        assert state == judge_run(build, stages)

    @pytest.mark.parametrize(
        ("stage", "checkpoint", "state"),
        [
            ("pending", None, CheckState.QUEUED),
            ("pending", "inProgress", CheckState.WAITING),
            ("pending", "completed", CheckState.QUEUED),
            ("inProgress", None, CheckState.RUNNING),
            ("inProgress", "completed", CheckState.RUNNING),
            ("completed", "completed", CheckState.NEUTRAL),
        ],
    )
    def test_stage(self, stage, checkpoint, state):
        """It waits while its checkpoint is open."""
        checkpoints = [RecordJson(state=checkpoint)] if checkpoint else []
        assert state == judge_stage(RecordJson(state=stage), checkpoints)

    @pytest.mark.parametrize(
        ("results", "state"),
        [
            (["succeeded"], DeploymentState.SUCCEEDED),
            (["succeeded", "failed"], DeploymentState.FAILED),
            (["canceled", "succeeded"], DeploymentState.CANCELLED),
            (["skipped"], DeploymentState.CANCELLED),
            (["of tomorrow"], DeploymentState.FAILED),
            (["failed", None], DeploymentState.WAITING),
        ],
    )
    def test_deployment(self, results, state):
        """Several jobs of a stage are one deployment, as good as the worst, once all have ended."""
        assert state == judge_deployment([DeployedJson(owner=Named(), result=each) for each in results])

    @pytest.mark.parametrize(
        ("repository", "code"),
        [
            (RepositoryJson(type="TfsGit", name="churn"), CODE),
            (RepositoryJson(type="TfsGit"), None),
            (RepositoryJson(type="GitHub", id="acme/churn"), "github:acme/churn"),
            (RepositoryJson(type="GitHub", id="churn"), None),
            (RepositoryJson(type="TfsVersionControl", name="churn"), None),
            (None, None),
        ],
    )
    def test_repository(self, repository, code):
        """Azure Repos and GitHub have names for us."""
        build = BuildJson(
            id=1,
            definition=Named(),
            project=Named(name="Churn"),
            queue_time=FakeClock()(),
            repository=repository,
        )
        assert code == build.find_code("acme")

    @pytest.mark.parametrize(
        ("parts", "commit"),
        [
            ({"source_version": HEAD.upper()}, HEAD),
            ({"source_version": "C312"}, None),
            ({}, None),
            ({"source_version": MERGE, "source_branch": "refs/pull/1/merge"}, None),
            ({"source_version": MERGE, "trigger_info": {"pr.sourceSha": HEAD}}, HEAD),
            ({"source_version": MERGE, "trigger_info": {"ci.sourceSha": HEAD}}, MERGE),
            (
                {"source_version": MERGE, "parameters": f'{{"system.pullRequest.sourceCommitId": "{HEAD}"}}'},
                HEAD,
            ),
            ({"source_version": MERGE, "parameters": "{"}, MERGE),
            ({"source_version": MERGE, "trigger_info": {"pr.sourceSha": 5}}, None),
        ],
    )
    def test_commit(self, parts, commit):
        """What the pull request would bring, or else what was built."""
        build = BuildJson(id=1, definition=Named(), project=Named(), queue_time=FakeClock()())
        assert commit == msgspec.structs.replace(build, **parts).find_commit()
