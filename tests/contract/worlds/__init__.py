"""The worlds that the tracker contract is tested in: one module each, found by its folder.

A module has `open_world(request)`, a context manager that yields a fresh `World`; `request` is pytest's,
for fixtures that it needs. It may have `MARKS`, a list of pytest marks for all its cases.
"""

import pkgutil
from contextlib import AbstractContextManager
from datetime import datetime
from importlib import import_module
from typing import Protocol

import pytest

from trainboard.trackers import Tracker


class World(Protocol):
    """A tracker with nothing in it yet, and the people who use it too.

    `assignee` is somebody whom an item can be given to; `can_nest` is False where a stand-in knows no
    children; `knows_people` is False where everything in the tracker is the bot's own; `tells_changes` is
    False where it has nothing to tell of what happened.
    """

    tracker: Tracker
    assignee: str
    can_nest: bool
    knows_people: bool
    tells_changes: bool

    def pass_time(self) -> datetime:
        """A moment, aware: all so far was made before it, all that follows is made at or after it."""
        ...

    def list_titles(self) -> list[str]:
        """The titles that a person sees in the tracker, oldest first, however they came there."""
        ...

    def person_opens(self, title: str, *, label: str) -> str:
        """Somebody makes an item with a label. Returns its ref."""
        ...

    def person_edits(self, ref: str, body: str) -> None:
        """Somebody replaces an item's text."""
        ...

    def person_closes(self, ref: str) -> None:
        """Somebody closes an item."""
        ...

    def person_gives_up(self, ref: str) -> None:
        """Somebody closes an item that nobody is going to work on."""
        ...

    def person_labels(self, ref: str, label: str) -> None:
        """Somebody adds a label."""
        ...

    def person_comments(self, ref: str, body: str) -> None:
        """Somebody comments on an item."""
        ...

    def person_renames(self, iteration: str, name: str) -> None:
        """Somebody gives a sprint another name."""
        ...

    def outage(self) -> AbstractContextManager[None]:
        """Inside the `with` the tracker cannot be reached, or not be read."""
        ...


def list_worlds() -> list[pytest.param]:
    """Every world as a parameter of a fixture."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    return [
        pytest.param(module.open_world, marks=getattr(module, "MARKS", []), id=name)
        for name, module in zip(names, modules, strict=True)
    ]
