"""Where work items and code live: one module for each world."""

from contextlib import AbstractContextManager
from typing import Any, Protocol

from sqlalchemy import Connection

from crashes.clock import SharedClock
from crashes.worlds.azure_devops import AzureDevOpsWorld
from crashes.worlds.emulate import EmulateWorld
from crashes.worlds.github import GitHubWorld
from crashes.worlds.local import LocalWorld


class World(Protocol):
    """A platform that outlives the bot.

    `is_here` tells that it is held by the process that opens it, and copied when that forks.
    """

    is_here: bool

    def make_clock(self) -> SharedClock:
        """The time there, which nobody moved yet."""

    def opened(self, talk, clock: SharedClock, **project: Any) -> AbstractContextManager:
        """A team on it, as those of `fakes.teams`; `talk` starts its bot with the sections given."""

    def look(self, team: Any, connection: Connection) -> dict[str, list[Any]]:
        """What there is, by its kind."""


WORLDS = {
    "local": LocalWorld,
    "github": GitHubWorld,
    "azure-devops": AzureDevOpsWorld,
    "emulate": EmulateWorld,
}
