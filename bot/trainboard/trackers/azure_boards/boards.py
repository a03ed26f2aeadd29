"""Calls about one project and one team, and what both define."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from trainboard.azure_devops.calls import Call
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.clients import Clients
from trainboard.azure_devops.kept import Kept
from trainboard.azure_devops.models import work
from trainboard.azure_devops.people import Account, read_me
from trainboard.errors import TransientError
from trainboard.trackers.azure_boards.escaping import check_segment
from trainboard.trackers.azure_boards.values import (
    SettingsJson,
    TeamFieldJson,
)

Shape = TypeVar("Shape")
Clock = Callable[[], datetime]

NOWHERE = "00000000-0000-0000-0000-000000000000"


class Boards:
    """The work items of a project, as a team sees them.

    Args:
        organization: sends the calls.
        project: the project's name.
        team: the team's name.
        clock: the time now, aware.

    Raises:
        ValueError: a name is none.
    """

    def __init__(self, organization: Organization, project: str, team: str, clock: Clock) -> None:
        self.organization = organization
        self.project = check_segment(project, "project")
        self.team = check_segment(team, "team")
        self._me = Kept(lambda: read_me(organization), clock)
        self._area = Kept(self._read_area, clock)
        self._backlog = Kept(self._read_backlog, clock)

    def ask(
        self,
        doing: str,
        send: Callable[[Clients], object],
        shape: type[Shape],
        *,
        writes: bool = False,
        thing: str = "",
    ) -> Shape:
        """Send one call, see `Call`. Raises as `trainboard.trackers.Tracker` says."""
        call = Call(doing=f"{doing} in {self.project}", writes=writes, thing=thing)
        return self.organization.read(call, send, shape)

    def to_context(self) -> Any:
        """The team as the package names it."""
        return work.TeamContext(project=self.project, team=self.team)

    def get_me(self) -> Account:
        """The account that signs in."""
        return self._me.get()

    def get_area(self) -> TeamFieldJson:
        """The field and the value by which an item is the team's; mostly its area path."""
        return self._area.get()

    def get_backlog(self) -> str:
        """The path of the iteration that holds what is in no sprint."""
        return self._backlog.get()

    def _read_area(self) -> TeamFieldJson:
        return self.ask(
            f"read the areas of team {self.team}",
            lambda to: to.work.get_team_field_values(self.to_context()),
            TeamFieldJson,
        )

    def _read_backlog(self) -> str:
        settings = self.ask(
            f"read the settings of team {self.team}",
            lambda to: to.work.get_team_settings(self.to_context()),
            SettingsJson,
        )
        found = settings.backlog_iteration
        if found.id == NOWHERE:
            raise TransientError(
                f"Team {self.team} of {self.project} has no backlog iteration: choose one in the project's "
                "settings, Team configuration, Iterations."
            )
        path = found.path or ""
        return f"{self.project}{path}" if path.startswith("\\") else path or self.project
