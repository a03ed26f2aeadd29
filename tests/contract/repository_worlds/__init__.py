"""Worlds in which a repository can be tried: each module here opens one kind."""

import pkgutil
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Protocol

import pytest

from trainboard.repositories import Gate, Repository


class World(Protocol):
    """A repository, the people who work there, and what its platform shows.

    `author` is the name by which its pull requests are told, `neutral` the state in which a gate that is
    neutral shows.
    """

    repository: Repository
    author: str
    neutral: str

    def person_opens(self, title: str, *, text: str = "", paths: tuple[str, ...] = ()) -> int:
        """Somebody opens a pull request from branch `try` to `main`. Returns its number."""
        ...

    def person_pushes(self, number: int, *paths: str) -> str:
        """Somebody pushes a commit that changes files too. Returns the commit."""
        ...

    def person_builds_on(self, commit: str) -> str:
        """Somebody's commit has that one before it. Returns the new one."""
        ...

    def person_tags(self, name: str, commit: str) -> None:
        """Somebody puts an annotated tag on a commit."""
        ...

    def person_writes(self, number: int, path: str, text: str | None) -> str:
        """Somebody pushes a commit that leaves this text in a file, or none of it. Returns the commit."""
        ...

    def person_merges(self, path: str, text: str) -> None:
        """A file has this text on `main`, before the next pull request is opened."""
        ...

    def person_ends(self, number: int, *, merged: bool) -> None:
        """Somebody merges a pull request, or closes it."""
        ...

    def person_comments(self, number: int, body: str) -> None:
        """Somebody comments on a pull request."""
        ...

    def find_gate(self, number: int, gate: Gate) -> tuple[str, str] | None:
        """State and title that people see of a gate on its commit, in our words; None if there is none."""
        ...

    def count_writes(self) -> int:
        """How many requests so far were meant to change something."""
        ...

    def is_blocked(self, number: int) -> bool:
        """Whether a comment waits to be resolved before the pull request can be merged."""
        ...

    def outage(self) -> AbstractContextManager[None]:
        """Inside the `with` the repository cannot be reached."""
        ...


def list_worlds() -> list[pytest.param]:
    """Every world as a parameter of a fixture."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    return [pytest.param(module.open_world, id=name) for name, module in zip(names, modules, strict=True)]
