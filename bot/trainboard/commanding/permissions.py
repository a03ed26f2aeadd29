"""Who may give a command: what the platform says that they are, against what the command asks for."""

from trainboard.comments import Given, Role
from trainboard.grammar.declaration import Command, May
from trainboard.policy import NOBODY, Project


def find_rule(command: Command, project: Project) -> str:
    """The least role that the project asks for, or `NOBODY` where it turned the command off."""
    return project.command_roles.get(command.name, str(command.role))


def may_give(command: Command, given: Given, project: Project) -> May:
    """Whether whoever wrote the comment may. Where it could not be found out they may not."""
    rule = find_rule(command, project)
    if rule == NOBODY:
        return May.NO
    needed = Role(rule)
    if needed is Role.ANYONE or (needed is Role.AUTHOR and _is_author(given)):
        return May.YES
    if given.role is None:
        return May.UNKNOWN
    return May.YES if given.role.includes(needed) else May.NO


def _is_author(given: Given) -> bool:
    item = given.hint.item
    return item is not None and item.opened_by == given.person.id
