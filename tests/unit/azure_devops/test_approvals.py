"""The approvals that runs of pipelines wait for."""

import msgspec
import pytest

from trainboard.azure_devops.approvals import Decision
from trainboard.azure_devops.calls import Call
from trainboard.errors import MissingError, PermanentError, TransientError

URL = "https://dev.azure.com/acme/churn%20model/_apis/pipelines/approvals"
READ = Call(doing="read approval a1", thing="approval a1")
WRITE = Call(doing="approve a1", writes=True, thing="approval a1")
PENDING = {"id": "a1", "status": "pending", "steps": [], "blockedApprovers": []}


def test_pending_approvals(organization, web):
    """A list of those that wait, with their steps, in the version that is no preview any more."""
    web.get(URL, json={"count": 1, "value": [PENDING]})
    found = organization.ask(
        READ, lambda clients: clients.approvals.get_approvals("churn model", state="pending", top=20)
    )
    assert [PENDING] == found
    request = web.calls[0].request
    assert {"$expand": "steps", "state": "pending", "top": "20"} == request.params
    assert "application/json;api-version=7.1-preview.1" == request.headers["Accept"]


def test_named_approvals(organization, web):
    """Several are read in one call."""
    web.get(URL, json={"count": 1, "value": [PENDING]})
    organization.ask(
        READ, lambda clients: clients.approvals.get_approvals("churn model", approval_ids=["a1", "a2"])
    )
    assert {"$expand": "steps", "approvalIds": "a1,a2"} == web.calls[0].request.params


def test_one_approval(organization, web):
    """By its id."""
    web.get(f"{URL}/a1", json=PENDING)
    assert PENDING == organization.ask(
        READ, lambda clients: clients.approvals.get_approval("churn model", "a1")
    )


@pytest.mark.parametrize(("body", "error"), [("null", MissingError), ("[]", TransientError)])
def test_no_approval(organization, web, body, error):
    """What is not there, and what makes no sense."""
    web.get(f"{URL}/a1", body=body, content_type="application/json")
    with pytest.raises(error):
        organization.ask(READ, lambda clients: clients.approvals.get_approval("churn model", "a1"))


def test_a_decision(organization, web):
    """It is sent as a list, with the words that people read at the run."""
    web.patch(URL, json={"count": 1, "value": [PENDING | {"status": "approved"}]})
    decisions = [Decision("a1", "approved", "By @ada in !12"), Decision("a2", "rejected")]
    done = organization.ask(
        WRITE, lambda clients: clients.approvals.update_approvals("churn model", decisions)
    )
    assert ["approved"] == [each["status"] for each in done]
    assert [
        {"approvalId": "a1", "status": "approved", "comment": "By @ada in !12"},
        {"approvalId": "a2", "status": "rejected"},
    ] == msgspec.json.decode(web.calls[0].request.body)


def test_a_decision_that_is_not_ours(organization, web):
    """Who is not among the approvers is told so."""
    web.patch(
        URL, status=403, json={"message": "You are not an approver.", "typeKey": "ApprovalUnauthorized"}
    )
    with pytest.raises(
        PermanentError, match=r"approve a1: Azure DevOps answered 403 \(You are not an approver\)"
    ):
        organization.ask(
            WRITE,
            lambda clients: clients.approvals.update_approvals("churn model", [Decision("a1", "approved")]),
        )
