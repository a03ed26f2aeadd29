"""Worlds in which pipelines can be started: each module here opens one kind."""

import pkgutil
from contextlib import AbstractContextManager
from datetime import datetime
from importlib import import_module
from typing import Protocol

import pytest

from trainboard.pipelines import PipelineStarter
from trainboard.triggers import Pipeline


class World(Protocol):
    """A pipeline that takes `dataset` and `dry_run`, and what its platform shows of its runs."""

    starter: PipelineStarter
    pipeline: Pipeline
    tells_run: bool

    def now(self) -> datetime:
        """The time there."""
        ...

    def list_started(self) -> list[dict[str, str]]:
        """The values that each run got, as text and without mark and commit, in the order of their starts."""
        ...

    def add_commit(self) -> str:
        """Somebody pushes a commit that a run can be of."""
        ...

    def list_commits(self) -> list[str | None]:
        """The commit that each run was asked to be of."""
        ...

    def lose_answer(self) -> None:
        """The next start is done, and its answer gets lost."""
        ...

    def breaks(self, how: str) -> None:
        """The pipeline is `gone`, `disabled` or `forbidden` from now on; LookupError where that cannot be."""
        ...

    def outage(self) -> AbstractContextManager[None]:
        """Inside the `with` the platform cannot be reached."""
        ...


def list_worlds() -> list[pytest.param]:
    """Every world as a parameter of a fixture."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    return [pytest.param(module.open_world, id=name) for name, module in zip(names, modules, strict=True)]
