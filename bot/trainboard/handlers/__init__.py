"""Event in, facts and effects out. Every module here handles one noun and names the events it takes.

A module has `HANDLES`, a tuple of event types, and `react(event, read)`. A new module is found by
itself; two that handle the same event both run, in the order of their names.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from trainboard.effects import Effect
from trainboard.events import Event
from trainboard.facts import Fact
from trainboard.read import Read

Outcome = Fact | Effect
React = Callable[[Event, Read], Iterable[Outcome]]


def react(event: Event, read: Read) -> Iterator[Outcome]:
    """What `event` asks for, in the order in which it must be done; nothing if it is nothing to us."""
    for handler in _handlers().get(type(event), ()):
        yield from handler(event, read)


@cache
def _handlers() -> dict[type, tuple[React, ...]]:
    found: dict[type, tuple[React, ...]] = {}
    for info in iter_modules(__path__, f"{__name__}."):
        module = import_module(info.name)
        for event_type in module.HANDLES:
            found[event_type] = (*found.get(event_type, ()), module.react)
    return found
