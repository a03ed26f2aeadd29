"""Comments on GitHub, where its answers say less or more than usual."""

import pytest
from msgspec import to_builtins
from msgspec.structs import replace

from fakes.github import OTHER
from fakes.github.fixtures import clock, fake
from trainboard.approvals import Person
from trainboard.budgets.memory import MemoryBudgets
from trainboard.comments import Role
from trainboard.conversations.github import GitHubConversation
from trainboard.errors import MissingError, PermanentError, TransientError
from trainboard.github.credentials import TokenCredential
from trainboard.triggers import Origin

__all__ = ["clock", "fake"]

BEN = Person(id=str(OTHER.id), name=OTHER.login)
ISSUE = Origin(place="github:acme/churn", ref="1")


@pytest.fixture
def conversation(fake, clock):
    """That of acme/churn, for a token."""
    made = GitHubConversation(
        repository="acme/churn",
        credential=TokenCredential(fake.token, MemoryBudgets(clock)),
        teams=TokenCredential(fake.token, MemoryBudgets(clock)),
        api_url=fake.api_url,
        clock=clock,
    )
    yield made
    made.close()


@pytest.mark.parametrize(
    ("permission", "role_name", "expected"),
    [
        ("admin", "admin", Role.ADMIN),
        ("write", "maintain", Role.MAINTAIN),
        ("write", "write", Role.WRITE),
        ("read", "triage", Role.TRIAGE),
        ("read", "read", Role.ANYONE),
        ("none", "", Role.ANYONE),
        ("write", "data scientist", Role.WRITE),
        ("admin", "", Role.ADMIN),
    ],
)
def test_a_server_that_names_no_abilities_names_roles(fake, conversation, permission, role_name, expected):
    """And one that names no role that we know, a level."""
    told = {"permission": permission, "role_name": role_name, "user": {"id": OTHER.id}}
    fake.next_fault(200, body=told)
    assert expected is conversation.find_role(ISSUE, BEN)


def test_roles_are_not_remembered(fake, conversation):
    """Each question is one call, and no other is made."""
    fake.churn.roles[BEN.name] = "write"
    asked = [conversation.find_role(ISSUE, BEN) for _ in range(2)]
    assert [Role.WRITE] * 2 == asked
    assert ["GET /repos/acme/churn/collaborators/ben/permission"] * 2 == fake.calls()


TEAM = "acme/ml-leads"


def test_a_membership_costs_two_calls_and_is_not_remembered(fake, conversation):
    """The name is looked up too; of a stranger it is asked whether the team is there."""
    fake.teams["ml-leads"] = {BEN.name: "active"}
    path = "GET /orgs/acme/teams/ml-leads"
    assert conversation.is_in_team(ISSUE, BEN, TEAM)
    by_name = [f"{path}/memberships/ben", "GET /repos/acme/churn/collaborators/ben/permission"]
    assert by_name == fake.calls()
    fake.teams["ml-leads"].clear()
    assert not conversation.is_in_team(ISSUE, BEN, TEAM)
    assert [f"{path}/memberships/ben", path] == fake.calls()[2:]


@pytest.mark.parametrize("state", ["pending", "", "invited"])
def test_whoever_was_only_invited_is_not_in_the_team(fake, conversation, state):
    """Only an active member is."""
    fake.teams["ml-leads"] = {BEN.name: state}
    assert not conversation.is_in_team(ISSUE, BEN, TEAM)


@pytest.mark.parametrize("status", [403, 422, 451])
def test_a_refusal_is_no_stranger(fake, conversation, status):
    """Nobody knows, and the permission is named."""
    fake.teams["ml-leads"] = {BEN.name: "active"}
    for ask in (lambda: conversation.is_in_team(ISSUE, BEN, TEAM), lambda: conversation.check_team(TEAM)):
        fake.next_fault(status, body={"message": "Resource not accessible"}, path="/teams/")
        with pytest.raises(PermanentError, match="Members: read") as caught:
            ask()
        assert not isinstance(caught.value, MissingError)


@pytest.mark.parametrize("body", ["", "null", "[]", "{}", '{"state": 1}', "<html>"])
def test_an_answer_of_no_known_shape_is_no_member(fake, conversation, body):
    """It is asked again."""
    fake.next_fault(200, body=body, path="/teams/")
    with pytest.raises(TransientError):
        conversation.is_in_team(ISSUE, BEN, TEAM)


def test_no_name_makes_another_address(fake, conversation):
    """Whatever people are called."""
    fake.teams["ml-leads"] = {}
    evil = Person(id="9", name="../../../user?x=#")
    assert not conversation.is_in_team(ISSUE, evil, TEAM)
    asked = fake.calls()[0]
    assert "GET /orgs/acme/teams/ml-leads/memberships/..%2F..%2F..%2Fuser%3Fx%3D%23" == asked


def test_a_pull_request_is_told_from_an_issue(fake, conversation):
    """Of all that was said anywhere in the repository."""
    since = fake.now
    for title, is_pull in (("An issue", False), ("A pull request", True)):
        fake.person_comments(fake.person_opens(fake.churn, title, is_pull=is_pull), "/close")
    found = [to_builtins(hint.origin) for hint in conversation.list_written(since)]
    issue = to_builtins(ISSUE)
    assert [issue, issue | {"ref": "2", "is_pull_request": True}] == found


def test_a_number_in_the_name_of_a_repository_makes_no_pull_request(fake, clock):
    """Even where the owner is called pull."""
    repository = fake.add_repository("pull/1")
    credential = TokenCredential(fake.token, MemoryBudgets(clock))
    conversation = GitHubConversation(
        repository="pull/1", credential=credential, teams=credential, clock=clock
    )
    since = fake.now
    fake.person_comments(fake.person_opens(repository, "An issue"), "/close")
    [hint] = conversation.list_written(since)
    assert replace(ISSUE, place="github:pull/1") == hint.origin
    conversation.close()
