"""Repositories that are called otherwise now, and what the settings still call them.

Addresses are full names, `github:owner/name`; letters do not tell them apart.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from trainboard.events import RepositoryMoved
from trainboard.policy import Project


class Outdated(msgspec.Struct, frozen=True):
    """A project whose `key`, `tracker` or `code`, is an address that was given up; `move` is the last one."""

    project: str
    key: str
    address: str
    move: RepositoryMoved


def list_former(moves: Iterable[RepositoryMoved], address: str) -> tuple[str, ...]:
    """What the repository that has the address now was called before, the last name first."""
    former, name = [], address
    for move in sorted(moves, key=lambda each: each.at, reverse=True):
        if move.new.casefold() == name.casefold():
            name = move.old
            former.append(name)
    return tuple(each for each in dict.fromkeys(former) if each.casefold() != address.casefold())


def find_last(moves: Iterable[RepositoryMoved], address: str) -> RepositoryMoved | None:
    """The last move of the repository that had the address, None if it has it still."""
    name, last = address, None
    for move in sorted(moves, key=lambda each: each.at):
        if move.old.casefold() == name.casefold():
            name, last = move.new, move
    return None if name.casefold() == address.casefold() else last


def list_outdated(moves: Sequence[RepositoryMoved], projects: Iterable[Project]) -> Iterator[Outdated]:
    """What has to be changed in the settings; `code` is left out where it is the tracker."""
    for project in projects:
        places = {"tracker": project.tracker} | (
            {"code": project.code} if project.code and project.code != project.tracker else {}
        )
        for key, address in places.items():
            if move := find_last(moves, address):
                yield Outdated(project.name, key, address, move)


def say_what(outdated: Outdated) -> str:
    """What happened, and what comes of it."""
    name, move = outdated.address, outdated.move
    return f"{name} is called {move.new} now: what its webhooks tell belongs to no project."


def say_what_to_do(outdated: Outdated) -> str:
    """What to change, and what comes of that."""
    change = f'Write {outdated.key} = "{outdated.move.new}" for the project {outdated.project!r}'
    return f"{change} in trainboard.toml and start the bot anew; what is known of it moves along."
