"""Who may give which slash command: what a project has agreed on.

A rule holds alternatives, of which one suffices: the name of a role, `nobody`, `user:` with a name or an id,
or `team:` with a team's name.
"""

from collections.abc import Collection, Iterable, Mapping
from fnmatch import fnmatchcase

import msgspec

NOBODY = "nobody"
TEAM, USER = "team:", "user:"

Rule = tuple[str, ...]


class PlacedRule(msgspec.Struct, frozen=True):
    """A rule, and the glob of the environments in which it holds; empty where it holds everywhere."""

    rule: Rule
    environment: str = ""


class CommandPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """Who may give commands.

    `rules` are by command, where that is not for its usual role. `environments` are by the glob of an
    environment and by command: what they say holds there in place of `rules`. `people` are the ids, in small
    letters, of the only people who may give a command; they must be let by the rules besides. `bots` are the
    ids of apps and services that may give commands.
    """

    rules: Mapping[str, Rule] = {}
    environments: Mapping[str, Mapping[str, Rule]] = {}
    people: Mapping[str, frozenset[str]] = {}
    bots: frozenset[str] = frozenset()

    def find_rule(self, command: str, usual: str) -> PlacedRule:
        """What holds where no environment has a rule of its own."""
        return PlacedRule(self.rules.get(command, (usual,)))

    def list_rules(self, command: str, usual: str, environments: Collection[str]) -> list[PlacedRule]:
        """The rules that must all let whoever gives the command.

        Args:
            command: its name.
            usual: its usual role.
            environments: what it changes, empty for one that is not known: all rules hold there. None at all
                for a command that changes nothing there.
        """
        everywhere = self.find_rule(command, usual)
        found: list[PlacedRule] = [] if environments else [everywhere]
        for name in environments:
            fitting = self.list_placed(command, name)
            found += fitting if fitting and name else [everywhere, *fitting]
        return list(dict.fromkeys(found))

    def list_placed(self, command: str, environment: str = "") -> list[PlacedRule]:
        """The rules that an environment has for the command; those of all of them where none is named."""
        return [
            PlacedRule(table[command], glob)
            for glob, table in self.environments.items()
            if command in table
            if not environment or fnmatchcase(environment.casefold(), glob.casefold())
        ]

    def list_teams(self, commands: Collection[str] | None) -> list[str]:
        """The teams that rules of these commands name, each once; of all commands where None are given."""
        tables: Iterable[Mapping[str, Rule]] = (self.rules, *self.environments.values())
        return list(
            dict.fromkeys(
                each.removeprefix(TEAM)
                for table in tables
                for command, rule in table.items()
                if commands is None or command in commands
                for each in rule
                if each.startswith(TEAM)
            )
        )
