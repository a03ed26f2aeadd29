"""Approvals that runs wait for: how they stand, and whose word counts."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from fakes.code import NOW, approval, check, deployment
from trainboard.approvals import (
    LONGEST_WAIT,
    OF_REPOSITORY,
    ApprovalError,
    Decision,
    DecisionState,
    Person,
    choose,
    credit,
    list_answered,
    name_desk,
)
from trainboard.pull_requests import CheckState, DeploymentState
from trainboard.triggers import Origin

LATER = NOW + timedelta(minutes=5)
RULE = approval(ref="17/4", run="17", environment="production", desk=OF_REPOSITORY)


def decision(state=DecisionState.PASSED_ON, **fields):
    """Ada's word on the approval `1`."""
    values = {
        "key": "comment-1",
        "code": RULE.code,
        "approval": "1",
        "environment": "production",
        "verdict": "approved",
        "person": Person(id="1", name="ada"),
        "origin": Origin(place=RULE.code, ref="7", is_pull_request=True),
        "at": NOW,
    } | fields
    return Decision(state=state, **values)


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({"state": CheckState.CANCELLED, "series": "cd", "run": 17}, "timed out"),
        ({"state": CheckState.RUNNING, "series": "cd", "run": 17}, "pending"),
        ({"state": CheckState.FAILED, "series": "cd", "run": 18}, "pending"),
        ({"state": CheckState.FAILED, "run": 17}, "pending"),
        ({"state": CheckState.FAILED, "series": "cd", "run": 17, "at": NOW - timedelta(hours=1)}, "pending"),
    ],
)
def test_nobody_answers_when_the_run_has_ended(said, state):
    """What was asked for before that, and not what another attempt asks for later."""
    ended = check(**{"at": LATER} | said)
    asked = approval(run="17")

    assert [replace(asked, state=state, at=asked.at if state == "pending" else LATER)] == list_answered(
        [asked], [check(), ended], [], LATER
    )


def test_an_answer_stands_when_the_run_has_ended():
    """Who gave it is history."""
    answered = approval(run="17", state="approved", by="ada")
    ended = check(state=CheckState.PASSED, series="cd", run=17, at=LATER)

    assert [answered] == list_answered([answered], [ended], [], LATER)


@pytest.mark.parametrize(
    ("ago", "state"), [(LONGEST_WAIT - timedelta(seconds=1), "pending"), (LONGEST_WAIT, "timed out")]
)
def test_nothing_is_awaited_for_ever(ago, state):
    """Also where nobody tells how its run ended."""
    asked = approval(run="17")
    [found] = list_answered([asked], [], [], asked.at + ago)
    assert state == found.state


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (DeploymentState.WAITING, "pending"),
        (DeploymentState.RUNNING, "approved"),
        (DeploymentState.SUCCEEDED, "approved"),
        (DeploymentState.FAILED, "pending"),
    ],
)
def test_a_rule_whose_deployment_goes_on_was_let_through(state, expected):
    """By an administrator, of which GitHub tells nothing; another deployment says nothing of it."""
    mine = deployment(ref="4", environment="production", state=state, at=LATER)
    other = deployment(ref="5", environment="production", state=DeploymentState.SUCCEEDED, at=LATER)
    [found] = list_answered([RULE], [], [mine, other], LATER)
    assert expected == found.state


def test_a_review_is_told_by_itself():
    """So that a deployment of the same commit by another run answers nothing."""
    asked = replace(RULE, desk="")
    gone_on = deployment(ref="4", environment="production", state=DeploymentState.SUCCEEDED, at=LATER)
    assert [asked] == list_answered([asked], [], [gone_on], LATER)


def test_a_desk_is_the_repository_or_an_organisation():
    """In small letters, for platforms tell no letters apart there."""
    assert ["github:acme/churn", "azure-pipelines:acme", ""] == [
        name_desk(replace(RULE, code="github:Acme/churn")),
        name_desk(replace(RULE, desk="azure-pipelines:Acme")),
        name_desk(replace(RULE, desk="")),
    ]


STAGING, PRODUCTION = (approval(ref=name, environment=name) for name in ("staging", "production"))


@pytest.mark.parametrize(
    ("waiting", "environment", "expected"),
    [
        ([PRODUCTION], "", [PRODUCTION]),
        ([PRODUCTION], "Production", [PRODUCTION]),
        ([STAGING, PRODUCTION], "staging", [STAGING]),
        ([PRODUCTION, replace(PRODUCTION, ref="2")], "", [PRODUCTION, replace(PRODUCTION, ref="2")]),
        ([approval(run="17")], "17", [approval(run="17")]),
    ],
)
def test_what_is_meant_is_chosen(waiting, environment, expected):
    """By its environment, and by the run where it guards something else."""
    assert expected == choose(waiting, environment)


@pytest.mark.parametrize(
    ("waiting", "environment", "said"),
    [
        ([], "", "Nothing waits for an approval here."),
        ([replace(PRODUCTION, state="approved")], "production", "Nothing waits for an approval here."),
        ([STAGING, PRODUCTION], "", "Say which approval is meant: production, staging."),
        ([STAGING, PRODUCTION], "prod", "Say which approval is meant: production, staging."),
    ],
)
def test_what_cannot_be_meant_is_refused(waiting, environment, said):
    """With what waits."""
    with pytest.raises(ApprovalError, match=said):
        choose(waiting, environment)


@pytest.mark.parametrize(
    ("state", "said", "by"),
    [
        ("approved", [decision()], "ada"),
        ("rejected", [decision()], "the bot"),
        ("approved", [decision(DecisionState.REFUSED)], "the bot"),
        ("approved", [], "the bot"),
        (
            "approved",
            [decision(at=LATER, person=Person(id="2", name="bob")), decision()],
            "bob",
        ),
    ],
)
def test_an_answer_is_the_persons_whose_word_it_was(state, said, by):
    """Not that of the bot, by which the platform knows it; of several, the last one's."""
    answered = approval(state=state, by="the bot")
    assert [replace(answered, by=by)] == credit([answered], said)
