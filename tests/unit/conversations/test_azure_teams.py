"""What somebody is in Azure DevOps, by its teams."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fakes.azure_devops import AzureDevOps, faults, refusals
from fakes.azure_devops.faults import Fault
from fakes.azure_devops.state import Identity
from fakes.clock import FakeClock
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.credentials import TokenCredential
from trainboard.azure_devops.groups import AT_ONCE as GROUPS_AT_ONCE
from trainboard.azure_devops.groups import MOST
from trainboard.azure_devops.locations import KnownLocations, name_account
from trainboard.azure_devops.people import Author
from trainboard.azure_devops.teams import AT_ONCE, examine, find_role, is_in_team
from trainboard.budgets.memory import MemoryBudgets
from trainboard.comments import Role
from trainboard.diagnosis import Grade
from trainboard.errors import MissingError, PermanentError, TransientError

FORBIDDEN = faults.refusal(refusals.forbidden("The token has not the scope."))


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
def test_members_write_and_administrators_administer(azure, organization, teams):
    """Of the named teams, or of the project's default one; ids are compared without their case."""
    team = team_of(azure)
    team.members[:] = [azure.ana, azure.ben]
    team.admins = {azure.ana.id}
    found = [find_role(organization, "Churn", teams, each.id.upper()) for each in (azure.ana, azure.ben)]
    assert [Role.ADMIN, Role.WRITE] == found


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


def group(azure, name, *members):
    """A group that holds people and other groups."""
    ids = frozenset(each.id for each in members)
    return azure.add_identity(Identity(name, name.lower(), kind="group", members=ids))


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_who_is_in_a_group_that_is_in_the_team_is_in_the_team(azure, organization, depth):
    """Also through groups in groups; one call tells."""
    inner = azure.ben
    for level in range(depth):
        inner = group(azure, f"Level {level}", inner)
    team_of(azure).members[:] = [azure.ana, inner]
    assert Role.WRITE is find_role(organization, "Churn", ["Churn Team"], azure.ben.id.upper())
    assert is_in_team(organization, "Churn", "Churn Team", azure.ben.id)
    assert 2 == azure.calls().count("GET identity.identities")


def test_who_is_in_no_group_of_the_team_is_a_stranger(azure, organization):
    """Sure enough, for all that it is in others."""
    group(azure, "Others", azure.ben)
    team_of(azure).members[:] = [group(azure, "Leads", azure.ana)]
    assert Role.ANYONE is find_role(organization, "Churn", [], azure.ben.id)
    assert not is_in_team(organization, "Churn", "Churn Team", azure.ben.id)
    assert not is_in_team(organization, "Churn", "Churn Team", "")


def test_groups_in_a_circle_end(azure, organization):
    """Each is in the other, and Ben in one."""
    one, other = (Identity(name, name, kind="group") for name in ("one", "other"))
    one = azure.add_identity(replace(one, members=frozenset({other.id, azure.ben.id})))
    azure.add_identity(replace(other, members=frozenset({one.id})))
    team_of(azure).members[:] = [other]
    assert Role.WRITE is find_role(organization, "Churn", [], azure.ben.id)


def test_a_group_administers_nothing(azure, organization):
    """Whatever the team says of it: its people are in the team."""
    leads = group(azure, "Leads", azure.ben)
    team = team_of(azure)
    team.members[:], team.admins = [leads], {leads.id}
    assert Role.WRITE is find_role(organization, "Churn", [], azure.ben.id)


def test_groups_are_not_asked_about_who_is_in_the_team_itself(azure, organization):
    """A token without the scope for identities tells as much as before."""
    team_of(azure).members[:] = [group(azure, "Leads", azure.ana), azure.ben]
    azure.faults.add(FORBIDDEN, path="Identities", times=9)
    assert Role.WRITE is find_role(organization, "Churn", [], azure.ben.id)


@pytest.mark.parametrize("fault", [FORBIDDEN, faults.unauthorized(), faults.sign_in_page()])
def test_a_refused_look_at_groups_makes_nobody_a_stranger(azure, organization, fault):
    """Nor a member: nobody knows, and the scope that is missing is named."""
    team_of(azure).members[:] = [group(azure, "Leads", azure.ben)]
    for ask in (find_role, is_in_team):
        azure.faults.add(fault, path="Identities")
        teams = "Churn Team" if ask is is_in_team else ["Churn Team"]
        with pytest.raises(PermanentError, match=r"vso\.identity"):
            ask(organization, "Churn", teams, azure.ben.id)


@pytest.mark.parametrize("fault", [faults.close(), faults.server_error(), faults.hang()])
def test_silence_about_groups_makes_nobody_a_stranger(azure, organization, fault):
    """It is asked again."""
    team_of(azure).members[:] = [group(azure, "Leads", azure.ben)]
    azure.faults.add(fault, path="Identities")
    with pytest.raises(TransientError):
        find_role(organization, "Churn", [], azure.ben.id)


@pytest.mark.parametrize(
    "told",
    [
        '{"count": 2, "value": [null, null]}',
        '{"count": 1, "value": [{"id": "BEN", "descriptor": "x"}]}',
        '{"count": 1, "value": [{"id": "BEN", "memberOf": null}, {"id": "LEADS", "descriptor": "y"}]}',
        '{"count": 1, "value": [{"id": "BEN", "memberOf": [""]}]}',
        '{"count": 1, "value": [{"id": "BEN", "memberOf": [""]}, {"id": "LEADS", "descriptor": ""}]}',
    ],
)
def test_half_an_answer_about_groups_is_none(azure, organization, told):
    """Nobody is let in by it, and nobody is told that they are out."""
    leads = group(azure, "Leads", azure.ben)
    team_of(azure).members[:] = [leads]
    body = told.replace("BEN", azure.ben.id).replace("LEADS", leads.id)
    azure.faults.add(Fault(200, body), path="Identities")
    with pytest.raises(PermanentError, match="does not tell who is in the groups"):
        find_role(organization, "Churn", [], azure.ben.id)


@pytest.mark.parametrize("told", ["[]", '{"value": {"id": 1}}', '{"count": 1, "value": ["leads"]}', "<p>"])
def test_an_answer_of_no_known_shape_is_none(azure, organization, told):
    """It is asked again."""
    team_of(azure).members[:] = [group(azure, "Leads", azure.ben)]
    azure.faults.add(Fault(200, told), path="Identities")
    with pytest.raises(TransientError):
        find_role(organization, "Churn", [], azure.ben.id)


def test_many_groups_are_asked_about_in_few_calls(azure, organization):
    """And more than anybody plans with, not at all."""
    groups = [group(azure, f"Group {number}") for number in range(2 * GROUPS_AT_ONCE)]
    team = team_of(azure)
    team.members[:] = [*groups, group(azure, "Leads", azure.ben)]
    assert Role.WRITE is find_role(organization, "Churn", [], azure.ben.id)
    assert 3 == azure.calls().count("GET identity.identities")
    team.members[:] = [group(azure, f"Group {number}") for number in range(MOST + 1)]
    with pytest.raises(PermanentError, match=f"More than {MOST} groups"):
        find_role(organization, "Churn", [], azure.ben.id)
    assert 3 == azure.calls().count("GET identity.identities")


def test_a_team_that_a_rule_names_and_that_is_not_there_is_missing(azure, organization):
    """Other than for a role nobody waits for it: rules are written by hand."""
    with pytest.raises(MissingError, match="Renamed"):
        is_in_team(organization, "Churn", "Renamed", azure.ben.id)


def test_a_look_tells_whether_groups_can_be_seen(azure, organization):
    """And which team is not there."""
    team_of(azure).members[:] = [group(azure, "Leads", azure.ben)]
    azure.faults.add(FORBIDDEN, path="Identities")
    wrong, right, lost = (
        finding
        for teams in (["Churn Team"], [], ["Renamed"])
        for finding in examine(organization, "Churn", teams)
    )
    assert [Grade.NOTE, Grade.OK, Grade.NOTE] == [wrong.grade, right.grade, lost.grade]
    assert "vso.identity" in wrong.message
    assert "Renamed" in lost.message


@pytest.mark.parametrize(
    ("descriptor", "expected"),
    [("aad.1", False), ("msa.1", False), ("", False), ("aadsp.1", True), ("svc.1", True), ("s2s.1", True)],
)
def test_services_are_known_by_their_descriptor(descriptor, expected):
    """Service principals, build services and Azure DevOps itself."""
    assert expected is Author(id="1", descriptor=descriptor).is_service
