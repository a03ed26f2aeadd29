"""What every page needs: the plan as configured, the database, the moment, and what is wrong just now."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound

from trainboard.board_layout import Lack
from trainboard.deliveries import DeliveryState
from trainboard.iterations import Iteration, iteration, iteration_at, working_days
from trainboard.policy import Door, Project
from trainboard.store import cards, inbox, iterations
from trainboard.store.board import ReaderState, list_readers
from trainboard.store.database import Database
from trainboard.store.delivery_log import count_failed_effects


class Troubles(msgspec.Struct, frozen=True, kw_only=True):
    """What people should know before they believe a page."""

    readers: tuple[ReaderState, ...]
    dead_deliveries: int
    failed_effects: int
    lacks: tuple[Lack, ...] = ()
    settings: str = ""


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a sprint is, in working days; today counts as left."""

    total: int
    left: int

    @property
    def share(self) -> float:
        """The part that is over, 0 to 1."""
        return 1.0 if self.total == 0 else (self.total - self.left) / self.total


class Site:
    """Passed to every page.

    Args:
        database: the store.
        projects: by name, in the order of the configuration.
        doors: the configured sources by name.
        clock: answers the present moment, aware, in UTC.
        public_url: the address of the pages for others, without a slash at the end; "" where there is none.
        find_change: says what people should know of the settings file, "" for nothing.
    """

    def __init__(
        self,
        database: Database,
        projects: Mapping[str, Project],
        doors: Mapping[str, Door],
        clock: Callable[[], datetime],
        public_url: str = "",
        find_change: Callable[[], str] = lambda: "",
    ) -> None:
        self.database = database
        self.projects = projects
        self.doors = doors
        self.clock = clock
        self.public_url = public_url
        self._find_change = find_change

    def get_project(self, name: str) -> Project:
        """The project of that name.

        Raises:
            NotFound: none is configured.
        """
        project = self.projects.get(name)
        if project is None:
            raise NotFound("No project of that name is configured.")
        return project

    def choose_project(self, name: str | None) -> Project:
        """The project of that name, the first one without a name.

        Raises:
            NotFound: there is none.
        """
        if name is None and not self.projects:
            raise NotFound("No project is configured.")
        return self.get_project(next(iter(self.projects)) if name is None else name)

    def current(self, project: Project) -> Iteration:
        """The project's sprint now, by the calendar."""
        return iteration_at(project.sprint, self.clock())

    def get_sprint(self, connection: Connection, project: Project, number: int) -> Iteration:
        """Sprint `number` under the name that people gave it.

        Raises:
            NotFound: the calendar does not reach that far.
        """
        try:
            sprint = iteration(project.sprint, number)
        except OverflowError:
            raise NotFound("The calendar has no sprint of that number.") from None
        name = iterations.find_name(connection, project.name, number)
        return msgspec.structs.replace(sprint, name=name) if name else sprint

    def progress(self, project: Project, sprint: Iteration) -> Progress:
        """How far the sprint is today, where the team lives."""
        today = self.clock().astimezone(ZoneInfo(project.sprint.timezone)).date()
        days = working_days(project.sprint, sprint)
        return Progress(total=len(days), left=sum(each >= today for each in days))

    def list_readers(self, connection: Connection, project: str | None = None) -> tuple[ReaderState, ...]:
        """The run trackers that are polled, of one project or of all."""
        doors = [door.name for door in self.doors.values() if door.polled and project in {None, door.project}]
        return list_readers(connection, doors)

    def find_troubles(self, connection: Connection) -> Troubles:
        """What is wrong just now, for the top of every page."""
        readers = self.list_readers(connection)
        return Troubles(
            readers=tuple(reader for reader in readers if reader.unreachable_since is not None),
            dead_deliveries=inbox.count_states(connection).get(DeliveryState.DEAD, 0),
            failed_effects=count_failed_effects(connection),
            lacks=tuple(self._list_lacks(connection)),
            settings=self._find_change(),
        )

    def _list_lacks(self, connection: Connection) -> Iterator[Lack]:
        """What people must mend of project boards, as far as the sprints of today need it."""
        for project in self.projects.values():
            if project.board is None:
                continue
            current = self.current(project).number
            sprints = [self.get_sprint(connection, project, number) for number in (current, current + 1)]
            yield from cards.list_troubles(connection, project, sprints)
