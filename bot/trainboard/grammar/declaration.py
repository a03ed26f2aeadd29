"""What a command is: its words, where it may stand, who may use it, and what it does."""

from collections.abc import Callable, Collection, Iterator, Mapping
from enum import StrEnum
from typing import TypeVar

import msgspec

from trainboard.command_policy import Rule
from trainboard.comments import Given, Role, Surface, surface_of
from trainboard.effects import AskRefactoring, EditItem, Effect
from trainboard.errors import PermanentError
from trainboard.facts import AnswerProblem, Fact, RecordLink, RecordPlanWord, RecordWaiver, TrackExperiment
from trainboard.grammar.near import list_near
from trainboard.grammar.values import Type, Value
from trainboard.linking import name_board
from trainboard.policy import Project
from trainboard.pull_requests import PullRequest
from trainboard.read import Read, TrackedItem
from trainboard.triggers import Origin

OTHERS = "[<name>=<value> …]"
T = TypeVar("T")


class CommandError(PermanentError):
    """A command cannot be obeyed. The sentence says why, in Markdown that does nothing."""


class Plan(msgspec.Struct, frozen=True):
    """What a command does, as a sentence in Markdown that completes "It will"."""

    said: str


class Answer(msgspec.Struct, frozen=True):
    """Markdown that is answered."""

    said: str


class Confirm(msgspec.Struct, frozen=True):
    """What the command does here wants a confirmation, though it is not dangerous everywhere."""


Undoing = (
    EditItem | RecordWaiver | RecordPlanWord | TrackExperiment | RecordLink | AnswerProblem | AskRefactoring
)
"""What can take back what a command did."""


class Undo(msgspec.Struct, frozen=True):
    """What takes back what the command does."""

    outcome: Undoing


Outcome = Plan | Answer | Confirm | Undo | Fact | Effect


class May(StrEnum):
    """Whether somebody may. Who could not be asked about may not, and is told so."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """Whether somebody may give a command, by which rule, and in which environments that holds.

    `is_for_named` tells that it is only for people whom the project names. `obstacle` says why it is not
    known, in words that may be anybody's.
    """

    may: May
    rule: Rule
    environment: str = ""
    is_for_named: bool = False
    obstacle: str = ""


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """An argument that a command takes.

    One that is no `option` is given by its place or as `name=value`, an option only as `name=value`, and one
    without a `type` is an option too: the flag `--name`. `many` takes one value or more. That, or a type that
    takes the rest, has the last place. `about` completes "it is".
    """

    name: str
    about: str
    type: Type | None = None
    required: bool = False
    option: bool = False
    many: bool = False

    @property
    def has_place(self) -> bool:
        """True if it may be given without its name."""
        return self.type is not None and not self.option

    @property
    def usage(self) -> str:
        """How it is written in a usage."""
        if self.type is None:
            return f"[--{self.name}]"
        free = f"<{self.type.name if self.option else self.name}>"
        words = "|".join([*self.type.choices, *([free] if self.type.is_open else [])])
        shown = f"{self.name}={words}" if self.option else f"{words}{' …' if self.many else ''}"
        return shown if self.required else f"[{shown}]"


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """A command, complete. `name` is in small letters, `summary` completes "It will".

    What is `dangerous` wants a confirmation. That, and what is `guarded`, is not run from an edited comment,
    nor late, nor where something was pushed after it was written. What is answered `in_place` replaces the
    answer before on the same item. `examples` are lines that
    the command takes. `others` says what any other `name=value` gives; where it is empty there is none.
    What `starts_pipelines` needs one that is declared. `of_others` tells that it looks at who may give other
    commands. `run` says what it does, and tells what follows from that; it raises CommandError where nothing
    can.
    """

    name: str
    summary: str
    run: "Callable[[Call, Asking], Iterator[Outcome]]"
    examples: tuple[str, ...]
    parameters: tuple[Parameter, ...] = ()
    others: str = ""
    surfaces: tuple[Surface, ...] = tuple(Surface)
    role: Role = Role.WRITE
    dangerous: bool = False
    guarded: bool = False
    in_place: bool = False
    starts_pipelines: bool = False
    of_others: bool = False

    @property
    def changes_environments(self) -> bool:
        """True if it may change an environment."""
        return self.starts_pipelines or self.find_parameter("environment") is not None

    @property
    def usage(self) -> str:
        """How it is written, in one line."""
        others = [OTHERS] if self.others else []
        return " ".join([f"/{self.name}", *(parameter.usage for parameter in self.parameters), *others])

    @property
    def is_guarded(self) -> bool:
        """True if it counts only for what its writer saw."""
        return self.guarded or self.dangerous

    @property
    def places(self) -> tuple[Parameter, ...]:
        """What is given by its place, in order."""
        return tuple(parameter for parameter in self.parameters if parameter.has_place)

    def find_parameter(self, name: str) -> Parameter | None:
        """The parameter of that name, in whatever letters."""
        return next((each for each in self.parameters if each.name == name.lower()), None)


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A command that somebody wrote, with the values of what they gave, by the parameters' names.

    `line` is where in the comment, from 1; `text` is the line. `others` are the texts of other names, as
    these were written.
    """

    command: Command
    line: int
    text: str
    values: Mapping[str, Value | tuple[Value, ...]] = {}
    others: Mapping[str, str] = {}

    def find(self, name: str, kind: type[T]) -> T | None:
        """The value of a parameter, None where it was not given.

        Raises:
            TypeError: the parameter is of another type.
        """
        value = self.values.get(name)
        if value is None or isinstance(value, kind):
            return value
        raise TypeError(
            f"/{self.command.name} has no {kind.__name__} in {name}: it is {type(value).__name__}."
        )


class Registry:
    """The commands that there are, by name."""

    def __init__(self, commands: tuple[Command, ...]) -> None:
        self._commands = {command.name: command for command in sorted(commands, key=lambda each: each.name)}

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands.values())

    def find(self, name: str) -> Command | None:
        """The command of that name, in whatever letters, with or without its slash."""
        return self._commands.get(name.removeprefix("/").lower())

    def list_near(self, name: str) -> list[str]:
        """The names that `name` may have been meant to be, the nearest first."""
        return list_near(name, self._commands)


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """Who gives a command, where, and what is known there.

    `key` tells this command from every other. `item` and `pull_request` are what the comment stands on, None
    where we know nothing of it. `judge` says whether whoever commands may give a command
    that changes these environments, or may give it anywhere where None are asked for.
    """

    registry: Registry
    judge: Callable[[Command, Collection[str] | None], Ruling]
    given: Given
    project: Project
    key: str
    read: Read
    item: TrackedItem | None = None
    pull_request: PullRequest | None = None

    def may(self, command: Command) -> May:
        """Whether whoever commands may give that command anywhere."""
        return self.judge(command, None).may

    def has_pipeline(self, command: Command) -> bool:
        """False for a command that starts pipelines where none is declared that it may start."""
        declared = (command.name in each.commands for each in self.project.pipelines)
        return not command.starts_pipelines or any(declared)

    @property
    def origin(self) -> Origin:
        """Where the comment stands."""
        return self.given.hint.origin

    @property
    def board(self) -> str:
        """The name by which work items there are known."""
        return name_board(self.origin.place)

    @property
    def surface(self) -> Surface:
        """What it stands on."""
        return surface_of(self.origin)

    @property
    def who(self) -> str:
        """The name of whoever commands."""
        return self.given.person.name
