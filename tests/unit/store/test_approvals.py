"""Approvals and what people said of them, as they are kept."""

from datetime import timedelta

from msgspec.structs import replace

from fakes.code import CODE, HEAD, NOW, approval, deployment
from fakes.code import pull_request as any_pull_request
from trainboard.approvals import LONGEST_WAIT, OF_REPOSITORY, Decision, DecisionState, Person
from trainboard.facts import RecordApproval, RecordDeployment, RecordPullRequest
from trainboard.pull_requests import DeploymentState
from trainboard.store import approvals, pull_requests
from trainboard.triggers import Origin

ASKED = approval(commit=HEAD, ref="17/4", run="17", environment="production", desk=OF_REPOSITORY)
DECISION = Decision(
    key="comment-1",
    code=CODE,
    approval="17/4",
    environment="production",
    verdict="approved",
    person=Person(id="1", name="ada"),
    origin=Origin(place=CODE, ref="7", is_pull_request=True),
    at=NOW,
)


def record(write, *told):
    for each in told:
        pull_requests.record(write, RecordApproval(approval=each))


def find(write, now=NOW):
    return approvals.find(write, "github:ACME/churn", "17/4", now)


def test_a_word_is_kept_with_what_became_of_it(write):
    """By its key; of an approval all of them, in the order in which they were said."""
    later = replace(DECISION, key="comment-0", at=NOW + timedelta(minutes=1))
    for each in (later, DECISION, replace(DECISION, key="other", approval="18/5")):
        approvals.put_decision(write, each)
    refused = replace(DECISION, state=DecisionState.REFUSED, reason="Not she.")
    approvals.put_decision(write, refused)

    assert refused == approvals.find_decision(write, "comment-1")
    assert None is approvals.find_decision(write, "comment-9")
    assert [refused, later] == approvals.list_decisions(write, "github:ACME/churn", ["17/4"])


def test_an_answer_that_was_passed_on_is_the_persons(write):
    """Also where the platform tells that the bot gave it."""
    record(write, ASKED, replace(ASKED, state="approved", by="the bot"))
    assert "the bot" == find(write).by
    approvals.put_decision(write, replace(DECISION, state=DecisionState.PASSED_ON))
    assert "ada" == find(write).by
    assert ["ada"] == [each.by for each in approvals.list_all(write, CODE, NOW)]


def test_a_rule_whose_deployment_goes_on_is_pending_no_more(write):
    """As GitHub tells of deployments, and not of rules."""
    record(write, ASKED)
    assert "pending" == find(write).state
    going = deployment(
        ref="4",
        commit=HEAD,
        environment="production",
        state=DeploymentState.RUNNING,
        at=NOW + timedelta(minutes=1),
    )
    pull_requests.record(write, RecordDeployment(deployment=going))
    assert "approved" == find(write).state


def test_an_approval_without_an_end_is_shown_anew_once_nobody_waits_any_more(write):
    """On the pull request of its commit, from the moment on at which platforms give up."""
    pull_requests.record(write, RecordPullRequest(pull_request=any_pull_request(head=HEAD)))
    record(write, ASKED)
    over = ASKED.at + LONGEST_WAIT
    assert [] == pull_requests.list_silent(write, over - timedelta(seconds=1))
    [(shown, since)] = pull_requests.list_silent(write, over)
    assert (any_pull_request().number, over) == (shown.number, since)
    assert "timed out" == find(write, over).state


def test_an_approval_that_was_answered_is_not_overdue(write):
    """However long ago that was."""
    pull_requests.record(write, RecordPullRequest(pull_request=any_pull_request(head=HEAD)))
    record(write, replace(ASKED, state="approved"))
    assert [] == pull_requests.list_silent(write, ASKED.at + 2 * LONGEST_WAIT)
