"""Worlds in which runs of pipelines leave artifacts: each module here opens one kind."""

import pkgutil
from importlib import import_module
from typing import Protocol

import pytest

from trainboard.pipelines import Artifacts
from trainboard.results import EndedRun

COMMIT = "a" * 40


class World(Protocol):
    """A pipeline whose runs have ended, what they left, and what was asked of the platform."""

    artifacts: Artifacts

    def run(self) -> EndedRun:
        """A new run of `COMMIT` that left nothing yet."""
        ...

    def leave(self, run: EndedRun, name: str, content: bytes, *, gone: bool = False) -> None:
        """The run leaves an archive under a name; it may be listed and be had no more."""
        ...

    def forget(self, run: EndedRun) -> EndedRun:
        """The run as it would be told, and there is none any more."""
        ...

    def asked(self) -> int:
        """How many calls were made to the platform's API."""
        ...

    def break_next(self) -> None:
        """The next call to the platform's API fails, and the one after it does not."""
        ...


def list_worlds() -> list[pytest.param]:
    """Every world as a parameter of a fixture."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    return [pytest.param(module.open_world, id=name) for name, module in zip(names, modules, strict=True)]
