"""Comments in Azure DevOps that are told of and are not there any more."""

import re
from datetime import UTC, datetime

import pytest

from fakes.azure_devops import AzureDevOps
from fakes.clock import FakeClock
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.credentials import TokenCredential
from trainboard.azure_devops.locations import name_account
from trainboard.budgets.memory import MemoryBudgets
from trainboard.conversations.azure_boards import AzureBoardsConversation
from trainboard.errors import MissingError
from trainboard.trackers.azure_boards import AzureBoardsTracker
from trainboard.triggers import Origin

WHERE = {"project": "Churn"}


@pytest.fixture
def azure():
    with AzureDevOps(FakeClock(datetime(2026, 1, 5, 9, tzinfo=UTC))).running() as azure:
        azure.add_project("Churn")
        yield azure


@pytest.fixture
def conversation(azure):
    organization = Organization(
        url=azure.url,
        credential=TokenCredential(azure.token),
        budget=MemoryBudgets(azure.clock).of(name_account(azure.url), ()),
        clock=azure.clock,
    )
    tracker = AzureBoardsTracker(organization=organization, **WHERE, team="Churn Team", clock=azure.clock)
    yield AzureBoardsConversation(
        organization=organization, **WHERE, teams=["Churn Team"], tracker=tracker, clock=azure.clock
    )
    organization.close()


def test_a_deleted_comment_that_is_shown_all_the_same_is_missing(azure, conversation, monkeypatch):
    """A server may answer with what is left of it."""
    item = azure.person_creates("Churn", "Try a wider tree")
    comment = azure.person_comments(item.id, "/close")
    comment.is_deleted = True
    monkeypatch.setattr("fakes.azure_devops.comments._find", lambda *_: comment)
    with pytest.raises(MissingError, match=re.escape(f"comment {comment.id} of work item {item.id}")):
        conversation.read_comment(Origin(place="azure-boards:acme/Churn", ref=str(item.id)), str(comment.id))
