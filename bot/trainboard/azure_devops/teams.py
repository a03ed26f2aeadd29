"""Who is in a team, and what that lets them do.

Source: "Core", "Teams - Get Team Members With Extended Properties" and "Projects - Get" of the Azure DevOps
Services REST API reference.
"""

from collections.abc import Iterator, Sequence

import msgspec

from trainboard.azure_devops.calls import Call, Many
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.people import Identity
from trainboard.comments import Role
from trainboard.errors import PermanentError

AT_ONCE = 100


class MemberJson(msgspec.Struct, frozen=True, rename="camel"):
    """Somebody in a team; only of an administrator it is said that they are one."""

    identity: Identity
    is_team_admin: bool = False


class TeamJson(msgspec.Struct, frozen=True):
    """A team by its id, because people rename it."""

    id: str


class ProjectJson(msgspec.Struct, frozen=True, rename="camel"):
    """A project, as far as its teams matter."""

    default_team: TeamJson | None = None


def find_role(organization: Organization, project: str, teams: Sequence[str], person: str) -> Role:
    """What the person of that id is there: MAINTAIN administers a team, WRITE is in one, else ANYONE.

    Where no team is named, the project's default one counts, which costs one call more.
    """
    role = Role.ANYONE
    if not person:
        return role
    for team in teams or [_read_default_team(organization, project)]:
        for member in _list_members(organization, project, team):
            if member.identity.id.casefold() == person.casefold():
                role = Role.WRITE
                if member.is_team_admin:
                    return Role.MAINTAIN
    return role


def _read_default_team(organization: Organization, project: str) -> str:
    call = Call(doing=f"find the default team of {project}", thing=f"project {project}")
    team = organization.read(call, lambda to: to.core.get_project(project), ProjectJson).default_team
    if team is None:
        raise PermanentError(f"{project} has no default team: choose one in the project's settings.")
    return team.id


def _list_members(organization: Organization, project: str, team: str) -> Iterator[MemberJson]:
    skip = 0
    while True:
        found = _read_page(organization, project, team, skip)
        yield from found
        if len(found) < AT_ONCE:
            return
        skip += AT_ONCE


def _read_page(organization: Organization, project: str, team: str, skip: int) -> list[MemberJson]:
    call = Call(doing=f"see who is in team {team} of {project}", thing=f"team {team}")
    return organization.read(
        call,
        lambda to: to.core.get_team_members_with_extended_properties(project, team, top=AT_ONCE, skip=skip),
        Many[MemberJson],
    ).value
