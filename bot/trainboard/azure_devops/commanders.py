"""Who may command in a project of Azure DevOps: the same of its work items and of its pull requests."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from trainboard.approvals import Person
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.kept import Kept
from trainboard.azure_devops.people import read_me
from trainboard.azure_devops.teams import check_team, examine, find_role, is_in_team, is_team_name
from trainboard.comments import Role
from trainboard.diagnosis import Finding
from trainboard.triggers import Origin


class Commanders:
    """That part of `trainboard.conversations.Conversation`. Who we are costs one call more once a day.

    Args:
        organization: shared by all that live there.
        project: the project's name.
        teams: the teams whose members may command, of which each is asked in turn; none: the default one.
        clock: the time now, aware.
    """

    def __init__(
        self, organization: Organization, project: str, teams: Sequence[str], clock: Callable[[], datetime]
    ) -> None:
        self._organization = organization
        self._project = project
        self._teams = tuple(teams)
        self._me = Kept(lambda: read_me(organization), clock)

    def find_role(self, origin: Origin, person: Person) -> Role:  # noqa: ARG002  the project's
        """One call for a hundred members, until one of the teams has the person as an administrator."""
        return find_role(self._organization, self._project, self._teams, person.id)

    def is_in_team(self, origin: Origin, person: Person, team: str) -> bool:  # noqa: ARG002  the project's
        """As in `trainboard.azure_devops.teams`."""
        return is_team_name(team) and is_in_team(self._organization, self._project, team, person.id)

    def check_team(self, team: str) -> bool:
        """As in `trainboard.azure_devops.teams`."""
        return is_team_name(team) and check_team(self._organization, self._project, team)

    def examine(self) -> Iterator[Finding]:
        """Whether it can be seen who is in the teams that may command, and in the groups in these."""
        return examine(self._organization, self._project, self._teams)
