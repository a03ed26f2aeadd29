"""Who is in a team, and what that lets them do.

Source: "Core", "Teams - Get Team Members With Extended Properties" of the Azure DevOps Services REST API
reference.
"""

from collections.abc import Iterable, Iterator

import msgspec

from trainboard.azure_devops.calls import Call, Many
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.people import Identity
from trainboard.comments import Role

AT_ONCE = 100


class MemberJson(msgspec.Struct, frozen=True, rename="camel"):
    """Somebody in a team; only of an administrator it is said that they are one."""

    identity: Identity
    is_team_admin: bool = False


def find_role(organization: Organization, project: str, teams: Iterable[str], person: str) -> Role:
    """What the person of that id is there: MAINTAIN administers a team, WRITE is in one, else ANYONE."""
    role = Role.ANYONE
    for team in teams:
        for member in _list_members(organization, project, team):
            if member.identity.id.casefold() == person.casefold():
                role = Role.WRITE
                if member.is_team_admin:
                    return Role.MAINTAIN
    return role


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
