"""The stand-in runs pipelines as Azure Pipelines does."""

import pytest
import requests
from azure.devops.v7_1.build.models import Build, UpdateStageParameters
from azure.devops.v7_1.pipelines.models import RunPipelineParameters

from fakes.azure_devops.asking import refuse
from fakes.azure_devops.state import Identity


@pytest.fixture
def definition(org):
    code = org.add_repository("Churn", "code")
    return org.add_definition("Churn", "train", code, parameters=("dataset",), variables=("seed",))


@pytest.fixture
def environment(org):
    return org.add_environment("Churn", "Production", [org.ana])


def ask(org, method, path, **more):
    url = f"{org.url}/Churn/_apis/pipelines/approvals{path}"
    return requests.request(
        method, url, params={"api-version": "7.1"}, auth=("", org.token), timeout=5, **more
    )


def decide(org, approval, status, **more):
    return ask(org, "PATCH", "", json=[{"approvalId": approval.id, "status": status, **more}])


def test_pipeline_runs(org, clients, definition):
    """A run is a build; its stages are in the timeline."""
    wanted = RunPipelineParameters(
        resources={"repositories": {"self": {"refName": "refs/heads/topic"}}},
        template_parameters={"dataset": "2026-11"},
        variables={"seed": {"value": "7"}},
        stages_to_skip=["Deploy"],
    )
    run = clients.pipelines.run_pipeline(wanted, "Churn", definition.id)
    assert ("inProgress", "20261118.1") == (run.state, run.name)
    build = clients.build.get_build("Churn", run.id)
    assert ("refs/heads/topic", "inProgress", "train") == (
        build.source_branch,
        build.status,
        build.definition.name,
    )
    records = clients.build.get_build_timeline("Churn", run.id).records
    assert [("Stage", "Build", "pending")] == [(each.type, each.name, each.state) for each in records]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (RunPipelineParameters(template_parameters={"odd": "1"}), "Unexpected parameter 'odd'"),
        (RunPipelineParameters(variables={"odd": {"value": "1"}}), "can't set the following variables"),
        (RunPipelineParameters(stages_to_skip=["Odd"]), "Stage Odd"),
    ],
)
def test_undeclared_input_is_refused(org, clients, definition, wanted, words):
    """Only what the pipeline declares can be given to it, also in a preview."""
    for call in (clients.pipelines.run_pipeline, clients.pipelines.preview):
        assert words in refuse("PipelineValidationException", call, wanted, "Churn", definition.id)


def test_preview_runs_nothing(org, clients, definition):
    """It shows what would run."""
    shown = clients.pipelines.preview(RunPipelineParameters(), "Churn", definition.id)
    assert "- stage: Deploy" in shown.final_yaml
    assert [] == clients.pipelines.list_runs("Churn", definition.id)


def test_pipelines_and_runs_are_read(org, clients, definition):
    """One by one and in lists, runs the newest first."""
    builds = [org.queue(definition) for _ in range(2)]
    org.finish_build(builds[0])
    assert ["train"] == [each.name for each in clients.pipelines.list_pipelines("Churn")]
    assert "train" == clients.pipelines.get_pipeline("Churn", definition.id).name
    assert [2, 1] == [each.id for each in clients.pipelines.list_runs("Churn", definition.id)]
    run = clients.pipelines.get_run("Churn", definition.id, 1)
    assert ("completed", "succeeded") == (run.state, run.result)
    refuse("RunNotFoundException", clients.pipelines.get_run, "Churn", definition.id, 9)
    refuse("DefinitionNotFoundException", clients.pipelines.get_pipeline, "Churn", 9)


def test_builds_are_filtered(org, clock, clients, definition):
    """By time, result, branch and tag; a page announces the next by a header."""
    first = org.queue(definition, branch="refs/heads/topic")
    org.finish_build(first, "failed")
    clock.forward(days=1)
    second = org.queue(definition)
    org.finish_build(second)
    builds = clients.build
    assert [2, 1] == [each.id for each in builds.get_builds("Churn")]
    assert [1, 2] == [each.id for each in builds.get_builds("Churn", query_order="queueTimeAscending")]
    assert [2] == [each.id for each in builds.get_builds("Churn", min_time="2026-11-19T00:00:00Z")]
    assert [1] == [each.id for each in builds.get_builds("Churn", max_time="2026-11-19T00:00:00Z")]
    assert [1] == [each.id for each in builds.get_builds("Churn", result_filter="failed")]
    assert [1] == [each.id for each in builds.get_builds("Churn", branch_name="refs/heads/topic")]
    assert [] == builds.get_builds("Churn", definitions=[9])
    assert ["a"] == builds.add_build_tag("Churn", 1, "a")
    assert [1] == [each.id for each in builds.get_builds("Churn", tag_filters=["a"], build_ids=[1, 2])]
    assert ["a"] == builds.get_build_tags("Churn", 1)
    assert [] == builds.delete_build_tag("Churn", 1, "a")
    page = requests.get(f"{org.url}/Churn/_apis/build/builds?$top=1", auth=("", org.token), timeout=5)
    assert "1" == page.headers["x-ms-continuationtoken"]


def test_build_is_queued_and_cancelled(org, clients, definition):
    """A build can be asked for by its definition, and called off."""
    made = clients.build.queue_build(Build(definition={"id": definition.id}), "Churn")
    assert "notStarted" != made.status
    cancelled = clients.build.update_build(Build(status="cancelling"), "Churn", made.id)
    assert ("completed", "canceled") == (cancelled.status, cancelled.result)
    refuse("InvalidBuildException", clients.build.queue_build, Build(), "Churn")
    refuse("BuildNotFoundException", clients.build.get_build, "Churn", 9)


def test_definitions(org, clients, definition):
    """They tell which variables may be set."""
    assert ["train"] == [each.name for each in clients.build.get_definitions("Churn", name="train")]
    assert ["seed"] == list(clients.build.get_definition("Churn", definition.id).variables)


def test_what_belongs_to_a_build(org, clients, definition):
    """Its work items and artifacts."""
    build = org.queue(definition, work_items=[7])
    assert ["7"] == [each.id for each in clients.build.get_build_work_items_refs("Churn", build.id)]
    assert [] == clients.build.get_artifacts("Churn", build.id)


def test_stage_is_retried_and_cancelled(org, clients, definition):
    """A stage that has ended can run again; one that runs cannot."""
    build = org.queue(definition)
    org.finish_stage(build, "Build", "failed")
    retry = UpdateStageParameters(state="retry")
    clients.build.update_stage(retry, build.id, "Build", "Churn")
    assert (2, "inProgress") == (build.stages[0].attempt, build.stages[0].state)
    refuse("ArgumentException", clients.build.update_stage, retry, build.id, "Build", "Churn")
    clients.build.update_stage(UpdateStageParameters(state="cancel"), build.id, "Build", "Churn")
    assert "canceled" == build.stages[0].result
    refuse("StageNotFoundException", clients.build.update_stage, retry, build.id, "Odd", "Churn")
    refuse(
        "ArgumentException",
        clients.build.update_stage,
        UpdateStageParameters(state="odd"),
        1,
        "Build",
        "Churn",
    )


def test_stage_waits_for_approval(org, clients, definition, environment):
    """Whoever is asked agrees, and the stage goes on."""
    build = org.queue(definition)
    approval = org.wait_for_approval(build, "Deploy", environment, [org.bot])
    assert [approval.id] == [each["id"] for each in ask(org, "GET", "?state=pending").json()["value"]]
    assert "steps" not in ask(org, "GET", f"/{approval.id}").json()
    steps = ask(org, "GET", f"/{approval.id}?$expand=steps").json()["steps"]
    assert [org.bot.id] == [each["assignedApprover"]["id"] for each in steps]
    kinds = [each.type for each in clients.build.get_build_timeline("Churn", build.id).records]
    assert ["Stage", "Stage", "Checkpoint", "Checkpoint.Approval"] == kinds
    assert "approved" == decide(org, approval, "approved", comment="good").json()["value"][0]["status"]
    assert "inProgress" == build.find_stage("Deploy").state
    records = clients.task_agent.get_environment_deployment_execution_records("Churn", environment.id)
    assert [(build.id, "Deploy")] == [(each.owner.id, each.stage_name) for each in records]


def test_rejection_ends_the_stage(org, definition, environment):
    """A stage that was rejected has ended."""
    approval = org.wait_for_approval(org.queue(definition), "Deploy", environment, [org.bot])
    decide(org, approval, "rejected")
    assert ("completed", "rejected") == (approval.stage.state, approval.stage.result)
    assert 400 == decide(org, approval, "approved").status_code


def test_all_approvers_must_agree(org, definition, environment):
    """Until then the approval is pending, unless fewer are enough."""
    approval = org.wait_for_approval(org.queue(definition), "Deploy", environment, [org.bot, org.ana])
    decide(org, approval, "approved")
    assert "pending" == approval.status
    org.decide(approval, "approved", org.ana)
    assert "approved" == approval.status


@pytest.mark.parametrize(
    ("approvers", "blocked", "status", "found"),
    [
        (["ana"], [], "approved", 403),
        (["bot"], ["bot"], "approved", 403),
        (["bot"], [], "odd", 400),
        (["group"], [], "approved", 200),
    ],
)
def test_who_may_decide(org, definition, approvers, blocked, status, found):
    """Who is asked and not blocked, or a member of the group that is."""
    org.group = org.add_identity(Identity("Owners", "owners", "group", members=frozenset({org.bot.id})))
    approval = org.wait_for_approval(
        org.queue(definition),
        "Deploy",
        org.add_environment("Churn", "Production"),
        [getattr(org, name) for name in approvers],
        blocked=[getattr(org, name) for name in blocked],
    )
    assert found == decide(org, approval, status).status_code


def test_approval_is_handed_on(org, definition, environment):
    """Somebody else is asked then."""
    approval = org.wait_for_approval(org.queue(definition), "Deploy", environment, [org.bot])
    decide(org, approval, "pending", reassignTo={"id": org.ana.id})
    assert (org.ana, "pending") == (approval.steps[0].assigned, approval.status)
    assert [approval.id] == [each["id"] for each in ask(org, "GET", f"?userIds={org.ana.id}").json()["value"]]
    assert [] == ask(org, "GET", f"?userIds={org.bot.id}").json()["value"]


@pytest.mark.parametrize("body", [{"approvalId": "a"}, [{"approvalId": "a", "status": "approved"}]])
def test_unknown_approval_is_refused(org, definition, body):
    """So is a body that is no list."""
    assert ask(org, "PATCH", "", json=body).status_code in {400, 404}
    assert 404 == ask(org, "GET", "/a").status_code


def test_environments_and_checks(org, clients, environment):
    """An environment tells who must agree."""
    org.add_environment("Churn", "Staging")
    assert ["Production", "Staging"] == [each.name for each in clients.task_agent.get_environments("Churn")]
    assert "Staging" == clients.task_agent.get_environment_by_id("Churn", 2).name
    refuse("EnvironmentNotFoundException", clients.task_agent.get_environment_by_id, "Churn", 3)
    checks = clients.pipelines_checks
    found = checks.get_check_configurations_on_resource("Churn", "environment", environment.id)
    assert [("Approval", "Production")] == [(each.type.name, each.resource.name) for each in found]
    asked = [{"type": "environment", "id": "1"}, {"type": "environment", "id": "2"}]
    assert 1 == len(checks.query_check_configurations_on_resources(asked, "Churn"))
