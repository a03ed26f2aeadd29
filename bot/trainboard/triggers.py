"""Runs of pipelines that the bot starts: what may be started, with which parameters, and what came of it.

An operator declares pipelines; whoever asks names one of them and gives values for its parameters. Nothing
that is asked for becomes a path, a ref or a word of a shell: values travel as values.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Literal

import msgspec

from trainboard.errors import PermanentError
from trainboard.pull_requests import Check, CheckState

Value = str | bool | int | float
PipelineKind = Literal["workflow", "repository-dispatch", "azure-pipeline", "local"]
ParameterType = Literal["string", "boolean", "number", "choice", "environment"]

LONGEST_TEXT = 1000
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_ENVIRONMENT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,98}[A-Za-z0-9._-])?")
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,3})?")
_WHOLE = re.compile(r"[+-]?[0-9]+")
_LARGEST = 2.0**53
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_YES, _NO = frozenset({"true", "yes", "on"}), frozenset({"false", "no", "off"})


class ArgumentError(PermanentError):
    """What was asked for is not what the pipeline takes. The sentence names the parameter."""


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """A value that a pipeline takes.

    `choices` are the values of a choice, and those of an environment if there are any. `default` stands in
    where nobody gives one; without it a parameter that is not `required` is left to the pipeline. On Azure
    Pipelines `is_variable` makes it a variable of the run.
    """

    name: str
    type: ParameterType = "string"
    choices: tuple[str, ...] = ()
    default: Value | None = None
    required: bool = False
    is_variable: bool = False

    def read(self, given: Value) -> Value:
        """The value that `given` stands for.

        Raises:
            ArgumentError: it is none of this parameter's.
        """
        text = _to_text(given)
        match self.type:
            case "boolean":
                return self._pick(_read_boolean(text), text, "must be true or false")
            case "number":
                return self._pick(_read_number(text), text, "must be a number")
            case "string":
                fits = len(text) <= LONGEST_TEXT and not _CONTROL.search(text)
                wanted = f"must be one line of at most {LONGEST_TEXT:,} characters"
                return self._pick(text if fits else None, text, wanted)
            case _:
                return self._choose(text)

    def _choose(self, text: str) -> Value:
        if self.choices:
            wanted = f"must be one of {', '.join(self.choices)}"
            return self._pick(text if text in self.choices else None, text, wanted)
        wanted = "must be the name of an environment"
        return self._pick(text if _ENVIRONMENT.fullmatch(text) else None, text, wanted)

    def _pick(self, value: Value | None, text: str, wanted: str) -> Value:
        if value is None:
            raise ArgumentError(f"{self.name} {wanted}, and {_quote(text)} is not.")
        return value


class Pipeline(msgspec.Struct, frozen=True, kw_only=True):
    """What may be started, under the name by which people call it.

    `place` is where it is: `github:owner/name`, `azure-pipelines:organisation/Project` or `local:project`.
    `target` is the file of a workflow, the type of a repository's event, or the number of a pipeline. `ref`
    is the branch or tag that it runs on. `marker` and `commit` name the parameters that carry our mark and
    the commit; empty where it takes none. `skippable` are stages that may be left out, `commands` those
    that may start it.
    """

    name: str
    kind: PipelineKind
    place: str
    target: str
    ref: str = ""
    marker: str = ""
    commit: str = ""
    parameters: tuple[Parameter, ...] = ()
    skippable: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()

    @property
    def takes_commit(self) -> bool:
        """False for a workflow without a parameter for it: GitHub runs the newest commit of a branch."""
        return self.kind != "workflow" or bool(self.commit)

    def fill(self, given: Mapping[str, Value]) -> "tuple[Argument, ...]":
        """The values of its parameters, in their order.

        Raises:
            ArgumentError: one is unknown, missing or none of its parameter's.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                known_ones = self._say_parameters()
                raise ArgumentError(f"{self.name} takes no parameter {_quote(name)}. {known_ones}")
        values = {name: self._value_of(parameter, given) for name, parameter in known.items()}
        return tuple(Argument(name, value) for name, value in values.items() if value is not None)

    def check_commit(self, commit: str | None) -> str | None:
        """The commit in small letters.

        Raises:
            ArgumentError: it is no whole one, or the pipeline takes none.
        """
        if commit is None:
            return None
        if not _COMMIT.fullmatch(commit.lower()):
            raise ArgumentError(f"The commit must be a whole one, and {_quote(commit)} is not.")
        if not self.takes_commit:
            raise ArgumentError(f"{self.name} takes no commit: it runs the newest one of {self.ref}.")
        return commit.lower()

    def check_skipped(self, stages: Sequence[str]) -> tuple[str, ...]:
        """The stages, each once.

        Raises:
            ArgumentError: one may not be left out.
        """
        for stage in stages:
            if stage not in self.skippable:
                allowed = ", ".join(self.skippable) or "none"
                raise ArgumentError(f"{self.name} may not leave out stage {_quote(stage)}, but {allowed}.")
        return tuple(dict.fromkeys(stages))

    def _value_of(self, parameter: Parameter, given: Mapping[str, Value]) -> Value | None:
        value = given.get(parameter.name, parameter.default)
        if value is None and parameter.required:
            raise ArgumentError(f"{self.name} needs the parameter {parameter.name}.")
        return None if value is None else parameter.read(value)

    def _say_parameters(self) -> str:
        names = ", ".join(parameter.name for parameter in self.parameters)
        return f"It takes {names}." if names else "It takes none."


class Argument(msgspec.Struct, frozen=True, array_like=True):
    """A parameter's value."""

    name: str
    value: Value

    @property
    def text(self) -> str:
        """The value as the platforms write it."""
        return _to_text(self.value)


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One run that shall be: of `pipeline`, with `marker` by which it is known again."""

    pipeline: Pipeline
    marker: str
    arguments: tuple[Argument, ...] = ()
    commit: str | None = None
    skipped: tuple[str, ...] = ()
    by: str = ""


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Where a run was asked for: a pull request, or a work item with its tracker and ref."""

    place: str
    ref: str
    is_pull_request: bool = False


class TriggerState(StrEnum):
    """What came of asking for a run; `UNSURE`: nobody can tell whether it was started."""

    ASKED = "asked"
    STARTED = "started"
    REFUSED = "refused"
    UNSURE = "unsure"


class RunName(msgspec.Struct, frozen=True):
    """A run of a platform: `place` is a repository, `azure-pipelines:organisation` or `local:project`."""

    place: str
    run: str


class Trigger(msgspec.Struct, frozen=True, kw_only=True):
    """A run that somebody asked for, and what is known of it.

    `reason` says why it was not started, or what the doubt is. `url` leads to the run, or where there is
    doubt to where it would stand. `environment` is what it changes, empty where nobody said. `check` is how
    the run stood at `check_at`.
    """

    key: str
    project: str
    pipeline: str
    origin: Origin
    by: str
    at: datetime
    state: TriggerState = TriggerState.ASKED
    reason: str = ""
    run: RunName | None = None
    url: str = ""
    environment: str = ""
    check: CheckState | None = None
    check_at: datetime | None = None
    attempt: int = 0

    def follow(self, check: Check) -> "Trigger":
        """The trigger as its run stands, unless something later is known."""
        known = (self.attempt, self.check is not None and self.check.ended, self.check_at)
        news = (check.attempt, check.state.ended, check.at)
        if self.check_at is not None and known[:2] == news[:2] and self.check_at >= check.at:
            return self
        if known[:2] > news[:2]:
            return self
        return msgspec.structs.replace(
            self, check=check.state, check_at=check.at, attempt=check.attempt, url=check.url or self.url
        )


def make_marker(secret: bytes, key: str) -> str:
    """What a run carries so that it is known again, and that nobody else can make."""
    return "tb-" + hmac.new(secret, f"run:{key}".encode(), hashlib.sha256).hexdigest()[:20]


def name_run(check: Check) -> RunName | None:
    """The run that the check speaks for as a whole; None for one that speaks for a part of it."""
    if not check.series:
        return None
    place, _, run = check.suite.rpartition("#")
    return RunName(place or check.code.casefold(), run if place else str(check.run))


def _read_boolean(text: str) -> bool | None:
    word = text.casefold()
    return (word in _YES) if word in _YES | _NO else None


def _read_number(text: str) -> int | float | None:
    """Larger ones than these would not survive a JavaScript on their way."""
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    if abs(value) > _LARGEST:
        return None
    return int(text) if _WHOLE.fullmatch(text) else value


def _to_text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quote(text: str) -> str:
    shown = _CONTROL.sub(" ", text)
    return f'"{shown[:60]}…"' if len(shown) > 60 else f'"{shown}"'  # noqa: PLR2004
