"""Who is in a team, and what that lets them do.

A team may have groups in it, and these others: whoever is in one is in the team, and administers nothing.

Source: "Core", "Teams - Get Team Members With Extended Properties" and "Projects - Get" of the Azure DevOps
Services REST API reference.
"""

import re
from collections.abc import Iterator, Sequence

import msgspec

from trainboard.azure_devops.calls import Call, Many
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.faults import MissingTeamError
from trainboard.azure_devops.groups import is_in_any
from trainboard.azure_devops.people import Member
from trainboard.comments import Role
from trainboard.diagnosis import Finding, note
from trainboard.errors import LimitedError, MissingError, PermanentError, TrainboardError

AT_ONCE = 100
_NAME = re.compile(r"""[^\x00-\x1f\x7f/:\\~&%;@'"?<>|#$*{},+=\[\]]{1,64}""")
"""Source: "Naming restrictions and conventions", "Team names"."""


class MemberJson(msgspec.Struct, frozen=True, rename="camel"):
    """Somebody in a team; only of an administrator it is said that they are one."""

    identity: Member
    is_team_admin: bool = False


class TeamJson(msgspec.Struct, frozen=True):
    """A team by its id, because people rename it."""

    id: str


class ProjectJson(msgspec.Struct, frozen=True, rename="camel"):
    """A project, as far as its teams matter."""

    default_team: TeamJson | None = None


def find_role(organization: Organization, project: str, teams: Sequence[str], person: str) -> Role:
    """What the person of that id is there: ADMIN administers a team, WRITE is in one, else ANYONE.

    Where no team is named, the project's default one counts, which costs one call more. So it does where
    groups are in the teams, and the person is in none of these by themselves.

    Raises:
        PermanentError: who is in a group cannot be found out.
    """
    role, groups = Role.ANYONE, dict[str, None]()
    if not person:
        return role
    for team in teams or [_read_default_team(organization, project)]:
        for member in _list_members(organization, project, team):
            if _is(member, person):
                role = Role.WRITE
                if member.is_team_admin:
                    return Role.ADMIN
            elif member.identity.is_group:
                groups[member.identity.id] = None
    if role is Role.ANYONE and groups and is_in_any(organization, person, list(groups)):
        return Role.WRITE
    return role


def is_team_name(name: str) -> bool:
    """True for a name that a team can have, whether or not there is one."""
    return _NAME.fullmatch(name) is not None and bool(name.strip(" ."))


def is_in_team(organization: Organization, project: str, team: str, person: str) -> bool:
    """True if the person of that id is in the team, also through groups. Calls as those of `find_role`.

    Raises:
        MissingError: there is no such team, or we may not see it.
        PermanentError: who is in a group cannot be found out.
    """
    groups = []
    for member in _list_known_members(organization, project, team):
        if person and _is(member, person):
            return True
        if member.identity.is_group:
            groups.append(member.identity.id)
    return bool(person and groups) and is_in_any(organization, person, groups)


def check_team(organization: Organization, project: str, team: str) -> bool:
    """True if we see who is in the team and in the groups in it. Calls as those of `find_role`.

    Raises:
        MissingError: there is no such team, or we may not see it.
        PermanentError: who is in a group cannot be found out.
    """
    members = _list_known_members(organization, project, team)
    groups = [each.identity.id for each in members if each.identity.is_group]
    if groups:
        is_in_any(organization, groups[0], groups)
    return True


def examine(organization: Organization, project: str, teams: Sequence[str]) -> Iterator[Finding]:
    """Whether it can be seen who is in the teams that may command, and in the groups in these."""
    for team in teams or [_read_default_team(organization, project)]:
        try:
            check_team(organization, project, team)
        except LimitedError:
            raise
        except TrainboardError as error:
            yield note(str(error), f"Until then commands of people in {project} may be refused.")
        else:
            yield Finding(message=f"We see who is in team {team} of {project}.")


def _is(member: MemberJson, person: str) -> bool:
    return member.identity.id.casefold() == person.casefold()


def _list_known_members(organization: Organization, project: str, team: str) -> Iterator[MemberJson]:
    try:
        yield from _list_members(organization, project, team)
    except MissingTeamError as error:
        raise MissingError(str(error)) from error


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
