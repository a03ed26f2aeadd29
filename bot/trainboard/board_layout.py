"""What a project board has: fields, iterations, options. And what of it our sprints and states need."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Literal

import msgspec

from trainboard.iterations import Iteration
from trainboard.rendering.terminal import make_line

BoardState = Literal["todo", "doing", "done"]
_LONGEST_NAME = 60
BOARD_STATES: tuple[BoardState, ...] = ("todo", "doing", "done")


class BoardPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """Which board shows a project's work items, and how.

    `name` is the full name of the board, `github-project:owner/number`. A field of which the name is empty is
    left alone. `todo`, `doing` and `done` are the names of the options of the status field. `items` says
    whose are put on the board: those that the bot made, or all of the sprint.
    """

    name: str
    iteration_field: str = "Iteration"
    status_field: str = "Status"
    todo: str = "Todo"
    doing: str = "In Progress"
    done: str = "Done"
    items: Literal["ours", "all"] = "ours"

    def name_option(self, state: BoardState) -> str:
        """What the board calls the state."""
        names: dict[BoardState, str] = {"todo": self.todo, "doing": self.doing, "done": self.done}
        return names[state]


class BoardIteration(msgspec.Struct, frozen=True, kw_only=True):
    """An iteration as the board has it, of so many calendar days."""

    ref: str
    title: str
    start: date
    days: int


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One value of the status field."""

    ref: str
    name: str


class IterationField(msgspec.Struct, frozen=True, kw_only=True):
    """The field of iterations, with all of these, the completed ones too."""

    ref: str
    iterations: tuple[BoardIteration, ...] = ()


class StatusField(msgspec.Struct, frozen=True, kw_only=True):
    """The field of states."""

    ref: str
    options: tuple[Option, ...] = ()


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """The board as it was read. A field is None where the board has none of that name and kind.

    `fields` are the names of all fields.
    """

    ref: str
    title: str = ""
    url: str = ""
    closed: bool = False
    writable: bool = True
    fields: tuple[str, ...] = ()
    iteration_field: IterationField | None = None
    status_field: StatusField | None = None

    def find_iteration(self, sprint: Iteration) -> BoardIteration | None:
        """The iteration that begins with the sprint, or has its name and shares days with it."""
        held = self.iteration_field.iterations if self.iteration_field else ()
        same_day = next((each for each in held if each.start == sprint.start), None)
        return same_day or next((each for each in held if _is_alike(each, sprint)), None)

    def find_option(self, name: str) -> Option | None:
        """The option of that name, in whatever letters."""
        held = self.status_field.options if self.status_field else ()
        return next((each for each in held if each.name.casefold() == name.casefold()), None)


class Placement(msgspec.Struct, frozen=True, kw_only=True):
    """How a work item shall stand on its board; `sprint` is the number of ours, None for none."""

    ref: str
    state: BoardState
    sprint: int | None = None


class Lack(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the board does not have; `fix` says how a person adds it."""

    message: str
    fix: str


def list_lacks(layout: Layout, policy: BoardPolicy, sprints: Sequence[Iteration]) -> Iterator[Lack]:
    """What of that which the policy and the sprints need is not on the board."""
    if layout.closed:
        yield Lack(message=f"The board {policy.name} is closed.", fix="Open it again, or name another one.")
    if not layout.writable:
        yield Lack(
            message=f"We may see the board {policy.name}, and not change it.",
            fix="Give the account of the bot the role Write in the project.",
        )
    yield from _list_lacking_options(layout, policy)
    if not policy.iteration_field:
        return
    if layout.iteration_field is None:
        yield _lacking_field(layout, policy.name, policy.iteration_field, "iteration")
        return
    for sprint in sprints:
        if layout.find_iteration(sprint) is None:
            yield lacking_iteration(policy, sprint)


def lacking_iteration(policy: BoardPolicy, sprint: Iteration) -> Lack:
    """That the board has no iteration for the sprint."""
    days, name = (sprint.end - sprint.start).days + 1, make_line(sprint.name)
    return Lack(
        message=f"The board {policy.name} has no iteration for {name}, which begins on {sprint.start}.",
        fix=f"Add one of {days} days in the browser, in the project's settings of {policy.iteration_field}. "
        "Never by the API: that makes all iterations anew, and clears the iteration of every item.",
    )


def _list_lacking_options(layout: Layout, policy: BoardPolicy) -> Iterator[Lack]:
    if not policy.status_field:
        return
    if layout.status_field is None:
        yield _lacking_field(layout, policy.name, policy.status_field, "single select")
        return
    known = _join(each.name for each in layout.status_field.options)
    for state in BOARD_STATES:
        name = policy.name_option(state)
        if layout.find_option(name) is None:
            yield Lack(
                message=f"The field {policy.status_field} of the board {policy.name} has no option {name!r}.",
                fix=f"Write one that it has into trainboard.toml, as {state!r} in [projects.board]: {known}.",
            )


def _lacking_field(layout: Layout, board: str, name: str, kind: str) -> Lack:
    return Lack(
        message=f"The board {board} has no field {name!r} of the kind {kind}.",
        fix=f"Write its name into [projects.board] of trainboard.toml. There are: {_join(layout.fields)}.",
    )


def _join(names: Iterable[str]) -> str:
    return ", ".join(make_line(name)[:_LONGEST_NAME] for name in names) or "none"


def _is_alike(held: BoardIteration, sprint: Iteration) -> bool:
    ends = held.start + timedelta(days=held.days - 1)
    shares_days = held.start <= sprint.end and sprint.start <= ends
    return shares_days and held.title.strip().casefold() == sprint.name.strip().casefold()
