"""What somebody is in Azure DevOps, by its teams."""

from datetime import UTC, datetime

import pytest

from fakes.azure_devops import AzureDevOps
from fakes.azure_devops.state import Identity
from fakes.clock import FakeClock
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.credentials import TokenCredential
from trainboard.azure_devops.locations import KnownLocations, name_account
from trainboard.azure_devops.people import Author
from trainboard.azure_devops.teams import AT_ONCE, find_role
from trainboard.budgets.memory import MemoryBudgets
from trainboard.comments import Role
from trainboard.errors import TransientError


@pytest.fixture
def azure():
    azure = AzureDevOps(FakeClock(datetime(2026, 1, 5, 9, tzinfo=UTC)))
    azure.add_project("Churn")
    with azure.running():
        yield azure


@pytest.fixture
def organization(azure):
    opened = Organization(
        url=azure.url,
        credential=TokenCredential(azure.token),
        budget=MemoryBudgets(azure.clock).of(name_account(azure.url), ()),
        clock=azure.clock,
        locations=KnownLocations(azure.url, azure.identity_url),
    )
    yield opened
    opened.close()


def team_of(azure):
    return azure.find_team(azure.find_project("Churn"), None)


@pytest.mark.parametrize("teams", [["Churn Team"], []])
def test_members_write_and_administrators_maintain(azure, organization, teams):
    """Of the named teams, or of the project's default one; ids are compared without their case."""
    team = team_of(azure)
    team.members[:] = [azure.ana, azure.ben]
    team.admins = {azure.ana.id}
    found = [find_role(organization, "Churn", teams, each.id.upper()) for each in (azure.ana, azure.ben)]
    assert [Role.MAINTAIN, Role.WRITE] == found


def test_the_default_team_may_have_any_name(azure, organization):
    """Its id is asked for, because people rename it."""
    team = team_of(azure)
    team.members[:] = [azure.ben]
    team.name = "Machine learners"
    assert Role.WRITE is find_role(organization, "Churn", [], azure.ben.id)


def test_all_pages_are_read(azure, organization):
    """The last member of a large team is one too."""
    crowd = [Identity(f"P{number}", f"p{number}@acme.example") for number in range(2 * AT_ONCE)]
    team_of(azure).members[:] = [*crowd, azure.ben]
    assert Role.WRITE is find_role(organization, "Churn", [], azure.ben.id)


def test_nobody_is_nobody(azure, organization, monkeypatch):
    """Somebody without an id is not in a team that has a member without one."""
    team_of(azure).members[:] = [azure.ben]
    monkeypatch.setattr("fakes.azure_devops.projects.identity_ref", lambda *_: {"displayName": "Ben"})
    assert Role.ANYONE is find_role(organization, "Churn", [], "")


def test_a_team_that_is_not_there_makes_nobody_a_stranger(azure, organization):
    """Whoever might be in it is asked about again."""
    with pytest.raises(TransientError):
        find_role(organization, "Churn", ["Renamed"], azure.ben.id)


@pytest.mark.parametrize(
    ("descriptor", "expected"),
    [("aad.1", False), ("msa.1", False), ("", False), ("aadsp.1", True), ("svc.1", True), ("s2s.1", True)],
)
def test_services_are_known_by_their_descriptor(descriptor, expected):
    """Service principals, build services and Azure DevOps itself."""
    assert expected is Author(id="1", descriptor=descriptor).is_service
