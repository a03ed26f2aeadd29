"""Worlds in which a run waits for an approval that the bot can answer: each module here opens one kind."""

import pkgutil
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Protocol

import pytest

from trainboard.approvals import Person
from trainboard.pipelines import ApprovalDesk
from trainboard.pull_requests import Approval


class World(Protocol):
    """A run that waits, Ana who may answer for it, and Ben who may not."""

    desk: ApprovalDesk
    approval: Approval
    ana: Person
    ben: Person

    def answers(self) -> list[tuple[str, str]]:
        """Verdict and comment of what the platform was told."""
        ...

    def puts_into_group(self, person: Person, *, nested: bool) -> None:
        """A group that the person is in is asked, and nobody else."""
        ...

    def forbids_own(self, person: Person) -> None:
        """The run is the person's own, and the platform lets nobody approve their own."""
        ...

    def answered_elsewhere(self) -> None:
        """Somebody answered it on the platform."""
        ...

    def vanishes(self) -> None:
        """The run is gone."""
        ...

    def locks_us_out(self) -> None:
        """The platform does not let the bot answer any more."""
        ...

    def lose_answer(self) -> None:
        """The next answer is heard, and nobody tells so."""
        ...

    def outage(self) -> AbstractContextManager[None]:
        """Inside the `with` the platform cannot be reached."""
        ...


def list_worlds() -> list[pytest.param]:
    """The opener of each world."""
    names = [info.name for info in pkgutil.iter_modules(__path__)]
    return [pytest.param(import_module(f"{__name__}.{name}").open_world, id=name) for name in names]
