"""Types and states of work items. What they are called is the process's business: the server says it."""

from collections.abc import Sequence
from threading import Lock

from trainboard.azure_devops.calls import Many
from trainboard.azure_devops.kept import Kept
from trainboard.errors import PermanentError
from trainboard.trackers.azure_boards.boards import Boards, Clock
from trainboard.trackers.azure_boards.values import STEPS, TEXT, BacklogJson, Level, Named, TypeJson
from trainboard.work_items import ClosedAs, ItemState, Progress

CLOSED = ("Completed", "Removed")
_BUG = "bug"
_ENDS: dict[str, ClosedAs] = {"Completed": "done", "Removed": "not planned"}
OPEN = ("Proposed", "InProgress", "Resolved")
_PROGRESS: dict[str, Progress] = {
    "Proposed": "open",
    "InProgress": "started",
    "Resolved": "started",
    "Completed": "done",
    "Removed": "cancelled",
}


class Process:
    """What the project's process defines; each thing is read once a day.

    Args:
        boards: the project and the team.
        preferred: the type of items that are made without one; None lets the team's backlog decide.
        clock: the time now, aware.
    """

    def __init__(self, boards: Boards, preferred: str | None, clock: Clock) -> None:
        self._boards = boards
        self._preferred = preferred
        self._clock = clock
        self._types = Kept(self._read_types, clock)
        self._level = Kept(self._read_level, clock)
        self._definitions: dict[str, Kept[TypeJson]] = {}
        self._lock = Lock()

    def get_type(self, wanted: str | None) -> str:
        """The type to make an item of, as the process spells it.

        Raises:
            PermanentError: the project has no such type.
        """
        wanted = wanted or self._preferred
        if wanted is None:
            return self._get_default()
        known = self._types.get()
        for name in known:
            if name.casefold() == wanted.casefold():
                return name
        raise PermanentError(
            f"{self._boards.project} has no work item type {wanted!r}: choose one of {', '.join(known)}."
        )

    def get_bug_type(self) -> str:
        """The type of bugs; the usual type where the process has none."""
        known = (name for name in self._types.get() if name.casefold() == _BUG)
        return next(known, None) or self.get_type(None)

    def list_planned_types(self) -> list[str]:
        """What a sprint is planned in: the types that the backlog holds, that of new items, and bugs."""
        level = self._level.get()
        known = [each.name for each in level.work_item_types]
        return list(dict.fromkeys([*known, self.get_type(None), self.get_bug_type()]))

    def list_open_states(self, types: Sequence[str]) -> list[str]:
        """The names of the states in which items of any of these types are open."""
        states = (state for name in types for state in self._keep(name).get().states)
        return list(dict.fromkeys(state.name for state in states if state.category not in CLOSED))

    def has_field(self, type_name: str, field: str) -> bool:
        """True if items of that type have the field."""
        return any(each.reference_name == field for each in self._keep(type_name).get().field_instances)

    def get_closing(self, type_name: str, state: str) -> ClosedAs | None:
        """How an item of that type ended that is in that state, None if it did not."""
        return _ENDS.get(self._find_category(type_name, state) or "")

    def get_progress(self, type_name: str, state: str) -> Progress:
        """How far an item of that type and state is. A state that the process lost counts as open."""
        return _PROGRESS.get(self._find_category(type_name, state) or "", "open")

    def get_text_field(self, type_name: str) -> str:
        """Where items of that type keep their text: the form of a bug shows steps and no description.

        Source: "Bug management", "Capture bugs".
        """
        return STEPS if self.has_field(type_name, STEPS) else TEXT

    def to_state(self, type_name: str, state: str) -> ItemState:
        """Whether an item of that type and state is open. A state that the process lost counts as open."""
        if self._find_category(type_name, state) is None:
            self._keep(type_name).forget()
        return "closed" if self._find_category(type_name, state) in CLOSED else "open"

    def get_state(self, type_name: str, wanted: ItemState, closed_as: ClosedAs = "done") -> str:
        """The state to put an item of that type into: the first that was completed, or that is proposed.

        What is not planned is removed, where the type has such a state.

        Source: "About workflow states in backlogs and boards", "State categories".

        Raises:
            PermanentError: the type has none.
        """
        states = self._keep(type_name).get().states
        closed = CLOSED[::-1] if closed_as == "not planned" else CLOSED[:1]
        for category in OPEN if wanted == "open" else closed:
            for state in states:
                if state.category == category:
                    return state.name
        raise PermanentError(
            f"The type {type_name} of {self._boards.project} has no state that means {wanted}, it has "
            f"{', '.join(f'{state.name} ({state.category})' for state in states)}. Give the process one."
        )

    def _find_category(self, type_name: str, state: str) -> str | None:
        states = self._keep(type_name).get().states
        return next((each.category for each in states if each.name.casefold() == state.casefold()), None)

    def _keep(self, type_name: str) -> Kept[TypeJson]:
        with self._lock:
            key = type_name.casefold()
            if key not in self._definitions:
                self._definitions[key] = Kept(lambda: self._read_definition(type_name), self._clock)
            return self._definitions[key]

    def _read_definition(self, type_name: str) -> TypeJson:
        return self._boards.ask(
            f"read what type {type_name} is made of",
            lambda to: to.work_item_tracking.get_work_item_type(self._boards.project, type_name),
            TypeJson,
        )

    def _read_types(self) -> list[str]:
        found = self._boards.ask(
            "read the types of work items",
            lambda to: to.work_item_tracking.get_work_item_types(self._boards.project),
            Many[Named],
        )
        return [each.name for each in found.value if not each.is_disabled]

    def _read_level(self) -> Level:
        return self._boards.ask(
            f"read the backlogs of team {self._boards.team}",
            lambda to: to.work.get_backlog_configurations(self._boards.to_context()),
            BacklogJson,
        ).requirement_backlog

    def _get_default(self) -> str:
        level = self._level.get()
        for choice in (level.default_work_item_type, *level.work_item_types):
            if choice is not None:
                return choice.name
        raise PermanentError(
            f"The backlog of team {self._boards.team} of {self._boards.project} has no work item type: "
            "give it one in the process, or name one in work_item_type."
        )
