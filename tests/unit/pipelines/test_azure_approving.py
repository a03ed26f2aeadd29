"""Approvals of Azure Pipelines: whose word the bot passes on there, and when it would not be heard."""

import pytest

from contract.desk_worlds.azure_pipelines import AzureWorld
from fakes.azure_devops import AzureDevOps
from fakes.azure_devops.state import Identity
from fakes.clock import FakeClock


@pytest.fixture
def world():
    with AzureDevOps(FakeClock()).running() as azure:
        yield AzureWorld(azure)


def objection(world, person=None):
    return world.desk.look(world.approval, person or world.ana).objection


def test_a_bot_that_is_not_asked_would_not_be_heard(world):
    """Azure DevOps takes answers of approvers only, and the bot lends nobody its name elsewhere."""
    del world.waiting.steps[1]
    assert objection(world).startswith("The bot is not among the approvers")


def test_a_bot_in_a_group_that_is_asked_is_heard(world):
    """It needs no part of its own."""
    both = frozenset([world.ana.id.lower(), world.azure.bot.id])
    leads = Identity("Leads", "leads", kind="group", members=both)
    world.azure.add_identity(leads)
    del world.waiting.steps[1]
    world.waiting.steps[0].assigned = leads
    assert "" == objection(world)


def test_all_whom_the_bot_speaks_for_count_once(world):
    """Two must agree: the bot passed Ben's word on, and has no other part to answer with."""
    world.waiting.least = 3
    world.azure.decide(world.waiting, "approved", world.azure.bot)
    standing = world.desk.look(world.approval, world.ana)
    assert ("pending", "approved") == (standing.state, standing.answer)
    assert standing.objection.startswith("The bot's part of it is answered already")


def test_a_person_counts_once(world):
    """Who answered in Azure DevOps is not counted again as the bot."""
    world.waiting.least = 2
    world.azure.decide(world.waiting, "approved", world.azure.ana)
    assert "has answered it in Azure DevOps already" in objection(world)


def test_a_group_that_is_gone_is_nobody(world):
    """Azure DevOps answers null for it."""
    world.waiting.steps[0].assigned = Identity("Gone", "gone", kind="group")
    assert f"{world.ana.name} is not among those" in objection(world)


def test_who_we_are_is_asked_once(world):
    """However many approvals there are; without groups nobody is looked up."""
    for _ in range(2):
        assert "" == objection(world)
    asked = [call for call in world.azure.calls("GET") if "approvals" not in call]
    assert 1 == len([call for call in asked if "location.connection" in call])
    assert [] == [call for call in asked if "identity" in call]
