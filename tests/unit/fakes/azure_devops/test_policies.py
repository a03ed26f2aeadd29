"""The stand-in's branch policies look at what those of Azure Repos look at."""

import pytest
from azure.devops.v7_1.git.models import GitPullRequestStatus, GitStatusContext

from fakes.azure_devops.asking import op, refuse
from fakes.azure_devops.policies import COMMENTS, ITEMS, REVIEWERS, STATUS

GATE = {"statusGenre": "trainboard", "statusName": "metric-gate"}
BUILD = "0609b952-1397-4640-95ec-e00a01b2c241"


@pytest.fixture
def pull(org):
    return org.person_opens_pull(org.add_repository("Churn", "code"), "A change", source="refs/heads/topic")


def set_status(clients, pull, state, iteration=None):
    context = GitStatusContext(genre="trainboard", name="metric-gate")
    status = GitPullRequestStatus(context=context, state=state, iteration_id=iteration)
    clients.git.create_pull_request_status(status, "code", pull.id, "Churn")


def list_states(org, clients, pull):
    artifact = f"vstfs:///CodeReview/CodeReviewId/{org.find_project('Churn').id}/{pull.id}"
    return [each.status for each in clients.policy.get_policy_evaluations("Churn", artifact)]


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("pending", "queued"),
        ("succeeded", "approved"),
        ("failed", "rejected"),
        ("notApplicable", "notApplicable"),
    ],
)
def test_status_policy(org, clients, pull, state, found):
    """A status that is required decides, and nothing is decided without one."""
    org.add_policy("Churn", STATUS, GATE)
    assert ["queued"] == list_states(org, clients, pull)
    set_status(clients, pull, state, 1)
    assert [found] == list_states(org, clients, pull)


def test_old_success_satisfies_without_an_iteration(org, clients, pull):
    """After a push only a status that named its iteration is forgotten."""
    org.add_policy("Churn", STATUS, GATE)
    set_status(clients, pull, "succeeded", 1)
    org.person_pushes(pull.repository, "refs/heads/topic")
    assert ["queued"] == list_states(org, clients, pull)
    set_status(clients, pull, "succeeded")
    org.person_pushes(pull.repository, "refs/heads/topic")
    assert ["approved"] == list_states(org, clients, pull)


def test_other_policies(org, clients, pull):
    """Votes, settled threads and linked work items are looked at."""
    for kind, settings in (
        (REVIEWERS, {"minimumApproverCount": 1}),
        (COMMENTS, {}),
        (ITEMS, {}),
        (BUILD, {}),
    ):
        org.add_policy("Churn", kind, settings, is_blocking=False)
    org.person_comments_on_pull(pull, "why?")
    assert ["queued"] * 4 == list_states(org, clients, pull)
    org.person_votes(pull, 10)
    pull.threads[0].status = "fixed"
    number = org.person_creates("Churn", "An item").id
    link = {"rel": "ArtifactLink", "url": pull.artifact, "attributes": {"name": "Pull Request"}}
    clients.work_item_tracking.update_work_item([op("/relations/-", link)], number)
    assert ["approved", "approved", "approved", "queued"] == list_states(org, clients, pull)


def test_evaluation_is_queued_again(org, clients, pull):
    """Until it is done its state is open."""
    org.add_policy("Churn", STATUS, GATE)
    set_status(clients, pull, "succeeded")
    artifact = f"vstfs:///CodeReview/CodeReviewId/{org.find_project('Churn').id}/{pull.id}"
    number = clients.policy.get_policy_evaluations("Churn", artifact)[0].evaluation_id
    assert "queued" == clients.policy.requeue_policy_evaluation("Churn", number).status
    refuse("PolicyEvaluationNotFoundException", clients.policy.requeue_policy_evaluation, "Churn", "odd")


def test_configurations(org, clients):
    """They are listed by their type."""
    org.add_policy("Churn", STATUS, GATE)
    org.add_policy("Churn", COMMENTS, {})
    found = clients.policy.get_policy_configurations("Churn", policy_type=STATUS)
    assert [(1, "Status", GATE)] == [(each.id, each.type.display_name, each.settings) for each in found]
    assert 2 == clients.policy.get_policy_configuration("Churn", 2).id
    refuse("PolicyConfigurationNotFoundException", clients.policy.get_policy_configuration, "Churn", 3)


@pytest.mark.parametrize(
    ("artifact", "key"),
    [
        ("vstfs:///Git/PullRequestId/a%2Fb%2F1", "InvalidArtifactIdException"),
        ("vstfs:///CodeReview/CodeReviewId/{project}/9", "GitPullRequestNotFoundException"),
    ],
)
def test_artifact_is_the_code_review(org, clients, artifact, key):
    """Not the pull request's own artifact, and one that is there."""
    artifact = artifact.format(project=org.find_project("Churn").id)
    refuse(key, clients.policy.get_policy_evaluations, "Churn", artifact)
