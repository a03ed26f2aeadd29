"""Who may give which slash command."""

import re
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from trainboard import commands
from trainboard.command_policy import NOBODY, TEAM
from trainboard.grammar.declaration import Command
from trainboard.settings.section import Section
from trainboard.settings.values import MisfitError, Text, did_you_mean

ROLES = ("anyone", "author", "triage", "write", "maintain", "admin", NOBODY)

_GITHUB_TEAM = r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}"
_AZURE_TEAM = r"""(?!\s|[ .]*$)[^\x00-\x1f\x7f/:\\~&%;@'"?<>|#$*{},+=\[\]]{1,64}(?<!\s)"""
_USER = r"(?!@)[^\s\x00-\x1f\x7f]{1,256}"
_ALTERNATIVE = re.compile(f"{'|'.join(ROLES)}|team:(?:{_GITHUB_TEAM}|{_AZURE_TEAM})|user:{_USER}")
_TEXT_SCHEMA = {"type": "string", "pattern": f"^(?:{'|'.join(ROLES)}|team:.+|user:.+)$"}
_RULE_SCHEMA = {"anyOf": [_TEXT_SCHEMA, {"type": "array", "items": _TEXT_SCHEMA, "minItems": 1}]}


def _to_list(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _check(alternative: str) -> str:
    if not _ALTERNATIVE.fullmatch(alternative):
        near = did_you_mean(alternative, list(ROLES))
        raise ValueError(
            'must be a role, "nobody", "team:organisation/slug" or "team:name" for a team of GitHub or of '
            f'Azure DevOps, or "user:" and an id or a name{near}'
        )
    return alternative


def _stand_alone(rule: tuple[str, ...]) -> tuple[str, ...]:
    if NOBODY in rule and len(rule) > 1:
        raise ValueError('must not name anybody beside "nobody"')
    return rule


Rule = Annotated[
    tuple[Annotated[str, AfterValidator(_check)], ...],
    BeforeValidator(_to_list),
    AfterValidator(_stand_alone),
    Field(min_length=1),
    WithJsonSchema(_RULE_SCHEMA),
]
Path = tuple[str | int, ...]


class Commands(Section):
    """Who may give which slash command: what differs from the usual."""

    roles: dict[str, Rule] = Field(
        default={},
        description='Who may give a command, like `waive = "admin"` for the least role: `anyone`, '
        "`author`, `triage`, `write`, `maintain` or `admin`; `nobody` turns it off. A list holds "
        "alternatives, of which one suffices: roles, teams and accounts, "
        'like `promote = ["team:acme/ml-leads", "user:583231", "admin"]`.',
    )
    environments: dict[Text, dict[str, Rule]] = Field(
        default={},
        description="The same for what a command changes, by globs of environments: what stands in "
        "`[projects.commands.environments.production]` holds there in place of `roles`.",
    )
    people: dict[str, tuple[Text, ...]] = Field(
        default={},
        description='The only people who may give a command, like `promote = ["583231"]`, by their ids: a '
        "number on GitHub, a GUID in Azure DevOps. They need its role besides; an empty list lets nobody.",
    )
    bots: tuple[Text, ...] = Field(
        default=(),
        description="Ids of apps and services whose comments may command: a number on GitHub, a GUID in "
        "Azure DevOps. All others' are passed over.",
    )

    @model_validator(mode="after")
    def _commands_fit(self) -> "Commands":
        known = {command.name: command for command in commands.load()}
        lost = [
            (path, complaint)
            for path, name in self._list_names()
            if (complaint := _find_complaint(path, name, known))
        ]
        if lost:
            raise MisfitError(*lost)
        return self

    def list_teams(self) -> Iterator[tuple[Path, str]]:
        """Each team that a rule names, and where."""
        tables: list[tuple[Path, dict[str, Any]]] = [(("roles",), self.roles)]
        tables += [(("environments", glob), table) for glob, table in self.environments.items()]
        for above, table in tables:
            for name, rule in table.items():
                for each in rule:
                    if each.startswith(TEAM):
                        yield (*above, name), each.removeprefix(TEAM)

    def _list_names(self) -> Iterator[tuple[Path, str]]:
        for key, held in (("roles", self.roles), ("people", self.people)):
            yield from (((key, name), name) for name in held)
        for glob, table in self.environments.items():
            yield from ((("environments", glob, name), name) for name in table)


def _find_complaint(path: Path, name: str, known: dict[str, Command]) -> str:
    if name not in known:
        return f"is no command{did_you_mean(name, list(known))}"
    if path[0] == "environments" and not known[name].changes_environments:
        return "is a command that changes no environment"
    return ""
