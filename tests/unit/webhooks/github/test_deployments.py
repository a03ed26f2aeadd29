"""GitHub: deployments, and the approvals that environments ask for."""

import json
from pathlib import Path

import pytest

from trainboard.errors import PayloadError
from trainboard.pull_requests import DeploymentState
from trainboard_webhooks import github

FIXTURES = Path(github.__file__).parent / "fixtures"


def fixture(name):
    return json.loads((FIXTURES / f"{name}.json").read_text())


STATUS = fixture("deployment_status__success")
REQUESTED, APPROVED = fixture("deployment_review__requested"), fixture("deployment_review__approved")


def parsed(kind, body):
    return list(github.parse("github", kind, json.dumps(body).encode()))


def deployment(**changes):
    body = STATUS | {"deployment_status": STATUS["deployment_status"] | changes}
    [event] = parsed("deployment_status", body)
    return event.deployment


def approvals(body):
    return [event.approval for event in parsed("deployment_review", body)]


RULE = fixture("deployment_protection_rule__requested")


def test_a_rule_of_our_app_waits_for_somebody():
    """Whom GitHub does not name; the run is found in the address for the answer."""
    [event] = parsed("deployment_protection_rule", RULE)
    asked, run = event.approval, "20900000402"
    assert (run, f"{run}/{RULE['deployment']['id']}") == (asked.run, asked.ref)
    assert ("pending", "production", RULE["sha"]) == (asked.state, asked.environment, asked.commit)
    assert ("github", ()) == (asked.desk, asked.approvers)
    assert asked.url == f"https://github.com/acme/churn/actions/runs/{run}"


def test_a_rule_on_a_server_of_ones_own_is_read():
    """Its API lies below another path."""
    path = "/repos/ACME/churn/actions/runs/12/deployment_protection_rule"
    told = RULE | {"deployment_callback_url": f"https://git.acme.example/api/v3{path}"}
    [event] = parsed("deployment_protection_rule", told)
    assert "12" == event.approval.run


@pytest.mark.parametrize(
    "address",
    [
        "https://api.github.com/repos/mallory/churn/actions/runs/12/deployment_protection_rule",
        "https://api.github.com/repos/acme/churn/actions/runs/12/../13/deployment_protection_rule",
        "https://api.github.com/repos/acme/churn/actions/runs/1e9/deployment_protection_rule",
        "https://api.github.com/repos/acme/churn/actions/runs/12",
        "https://api.github.com/?x=/repos/acme/churn/actions/runs/12/deployment_protection_rule",
        "",
    ],
)
def test_the_address_of_a_rule_must_be_the_repositorys(address):
    """Nothing is taken from another one, and nothing is ever sent there."""
    with pytest.raises(PayloadError, match="deployment_callback_url must be that of a run"):
        parsed("deployment_protection_rule", RULE | {"deployment_callback_url": address})


def test_a_rule_without_a_deployment_is_refused():
    """GitHub may send null there: then nothing says since when it waits."""
    with pytest.raises(PayloadError, match="deployment"):
        parsed("deployment_protection_rule", RULE | {"deployment": None})


def test_another_action_of_a_rule_is_nothing_to_us():
    """GitHub knows none so far."""
    assert [] == parsed("deployment_protection_rule", RULE | {"action": "of tomorrow"})


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ("queued", DeploymentState.WAITING),
        ("pending", DeploymentState.WAITING),
        ("waiting", DeploymentState.WAITING),
        ("in_progress", DeploymentState.RUNNING),
        ("success", DeploymentState.SUCCEEDED),
        ("failure", DeploymentState.FAILED),
        ("error", DeploymentState.FAILED),
        ("inactive", DeploymentState.REPLACED),
    ],
)
def test_state(told, state):
    """Each state of a deployment has ours."""
    assert state == deployment(state=told).state


def test_state_must_be_known():
    """Where a deployment stands is not guessed at."""
    with pytest.raises(PayloadError, match="state must be the state of a deployment"):
        deployment(state="somewhere")


@pytest.mark.parametrize(
    ("changes", "environment"),
    [({"environment": "production"}, "production"), ({"environment": None}, "staging")],
)
def test_a_status_may_name_another_environment(changes, environment):
    """The status knows better than the deployment."""
    assert environment == deployment(**changes).environment


@pytest.mark.parametrize(
    ("changes", "url"),
    [
        ({"log_url": "https://log"}, "https://log"),
        ({"log_url": "", "target_url": "https://target"}, "https://target"),
        ({"log_url": "", "target_url": ""}, "https://churn.staging.acme.example"),
        ({"log_url": None, "target_url": None, "environment_url": "javascript:x"}, ""),
    ],
)
def test_page_of_a_deployment(changes, url):
    """The page that tells how it went, else the place it went to."""
    assert url == deployment(**changes).url


def test_a_request_and_its_answer_are_one_approval():
    """The job that waited is the one that is answered for; each job by itself."""
    [asked], answered = approvals(REQUESTED), approvals(APPROVED)
    assert [asked.ref, "20900000402/61850000702"] == [it.ref for it in answered]
    assert [("production", "grace"), ("production-eu", "grace")] == [
        (it.environment, it.by) for it in answered
    ]


def test_the_job_that_an_answer_names_alone_counts():
    """Without a list of jobs, and without its environment, the job and the delivery's say enough."""
    job = {key: value for key, value in REQUESTED["workflow_job_run"].items() if key != "environment"}
    [found] = approvals(REQUESTED | {"workflow_job_run": job})
    assert ("20900000402/61850000701", "production") == (found.ref, found.environment)


def test_reviewers_without_a_name_are_left_out():
    """A reviewer that was deleted, or has no name, may answer nothing."""
    reviewers = [{"type": "User"}, {"type": "User", "reviewer": None}, {"type": "Team", "reviewer": {}}]
    [found] = approvals(REQUESTED | {"reviewers": [*reviewers, *REQUESTED["reviewers"]]})
    assert ("grace", "acme/ml-on-call") == found.approvers


def test_action_of_tomorrow_says_nothing():
    """Whatever else GitHub may tell of a review is no answer."""
    assert [] == approvals(REQUESTED | {"action": "postponed"})
