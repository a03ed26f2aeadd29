"""Who may give a command: what the platform says that they are, against what the command asks for."""

from trainboard.comments import Given, Role
from trainboard.grammar.declaration import Command, May
from trainboard.policy import NAMED, NOBODY, Project


def find_rule(command: Command, project: Project) -> str:
    """The least role that the project asks for, `NOBODY` where it turned the command off, or `NAMED`."""
    role = _find_role(command, project)
    return NAMED if command.name in project.command_people and role != NOBODY else role


def may_give(command: Command, given: Given, project: Project) -> May:
    """Whether whoever wrote the comment may. Where it could not be found out they may not."""
    role = _find_role(command, project)
    named = project.command_people.get(command.name)
    if role == NOBODY or (named is not None and given.person.id.casefold() not in named):
        return May.NO
    needed = Role(role)
    if needed is Role.ANYONE or (needed is Role.AUTHOR and _is_author(given)):
        return May.YES
    if given.role is None:
        return May.UNKNOWN
    return May.YES if given.role.includes(needed) else May.NO


def _find_role(command: Command, project: Project) -> str:
    return project.command_roles.get(command.name, str(command.role))


def _is_author(given: Given) -> bool:
    item = given.hint.item
    return item is not None and item.opened_by == given.person.id
