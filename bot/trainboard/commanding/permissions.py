"""Who may give a command: what the platform says that they are, against what the project asks for."""

import re
from collections.abc import Collection, Iterable, Iterator

from trainboard.command_policy import NOBODY, TEAM, USER, PlacedRule
from trainboard.comments import Given, Role
from trainboard.effects import DecideApproval, StartPipeline
from trainboard.grammar.declaration import Asking, Call, Command, May, Ruling
from trainboard.policy import Project

_ENVIRONMENT = "environment"
_ID = re.compile(r"[0-9]+|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_RANKS = (May.NO, May.UNKNOWN, May.YES)


def judge(
    command: Command, environments: Collection[str] | None, *, given: Given, project: Project
) -> Ruling:
    """Whether whoever wrote the comment may. Where it could not be found out they may not.

    Args:
        command: what is given.
        environments: what it changes, as `CommandPolicy.list_rules` takes it; None: whether they may give it
            anywhere.
        given: by whom.
        project: where.
    """
    policy, usual = project.commands, str(command.role)
    if environments is None:
        rules = [policy.find_rule(command.name, usual), *policy.list_placed(command.name)]
        found = max((_apply(each, given) for each in rules), key=_rank)
    else:
        rules = policy.list_rules(command.name, usual, environments)
        found = min((_apply(each, given) for each in rules), key=_rank)
    named = policy.people.get(command.name)
    if named is None or found.rule == (NOBODY,) or given.person.id.casefold() in named:
        return found
    return Ruling(may=May.NO, rule=found.rule, environment=found.environment, is_for_named=True)


def judge_before(call: Call, asking: Asking) -> Ruling:
    """Whether they may give it where they say, or anywhere where they say nothing.

    What it changes is only known once it is worked out, and `judge_changes` judges that.
    """
    named = call.find(_ENVIRONMENT, str) if call.command.find_parameter(_ENVIRONMENT) else None
    return asking.judge(call.command, [named] if named else None)


def judge_changes(call: Call, asking: Asking, changes: Iterable[object]) -> Ruling:
    """Whether they may make those changes by that command."""
    environments = [name for each in changes for name in _list_environments(each, asking.project)]
    return asking.judge(call.command, list(dict.fromkeys(environments)))


def list_teams(calls: Iterable[Call], project: Project) -> list[str]:
    """The teams of which it matters to these commands who is in them."""
    commands = [call.command for call in calls]
    of_all = any(command.of_others for command in commands)
    return project.commands.list_teams(None if of_all else {command.name for command in commands})


def _rank(ruling: Ruling) -> int:
    return _RANKS.index(ruling.may)


def _apply(placed: PlacedRule, given: Given) -> Ruling:
    """One alternative suffices."""
    answers = [_ask(alternative, given) for alternative in placed.rule]
    may, obstacle = max(answers, key=lambda answer: _RANKS.index(answer[0]))
    return Ruling(may=may, rule=placed.rule, environment=placed.environment, obstacle=obstacle)


def _ask(alternative: str, given: Given) -> tuple[May, str]:
    """Whether the alternative lets the person, and why that is not known."""
    if alternative == NOBODY:
        return May.NO, ""
    if alternative.startswith(USER):
        return _is_user(alternative.removeprefix(USER), given), ""
    if alternative.startswith(TEAM):
        found = given.teams.get(alternative.removeprefix(TEAM), "Nobody was asked about that team.")
        return (May.UNKNOWN, found) if isinstance(found, str) else (May.YES if found else May.NO, "")
    return _has_role(Role(alternative), given), given.obstacle


def _is_user(named: str, given: Given) -> May:
    """A number or a GUID is an id and never a name, for people choose their names."""
    known = given.person.id if _ID.fullmatch(named) else given.person.name
    return May.YES if known.casefold() == named.casefold() else May.NO


def _has_role(needed: Role, given: Given) -> May:
    if needed is Role.ANYONE or (needed is Role.AUTHOR and _is_author(given)):
        return May.YES
    if given.role is None:
        return May.UNKNOWN
    return May.YES if given.role.includes(needed) else May.NO


def _is_author(given: Given) -> bool:
    item = given.hint.item
    return item is not None and item.opened_by == given.person.id


def _list_environments(change: object, project: Project) -> Iterator[str]:
    """What a change changes; an empty name where that is not known."""
    match change:
        case DecideApproval(environment=name):
            yield name
        case StartPipeline():
            pipeline = project.find_pipeline(change.pipeline)
            parameters = pipeline.parameters if pipeline else ()
            names = [each.name for each in parameters if each.type == _ENVIRONMENT]
            given = [each.text for each in change.arguments if each.name in names]
            yield from filter(None, [change.environment, *given])
            if not any([change.environment, *given]):
                yield ""
