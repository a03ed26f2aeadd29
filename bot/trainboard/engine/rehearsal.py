"""What a delivery would do if it were worked on now. Nothing of it stays."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import NoReturn

import msgspec
from sqlalchemy import Connection

from trainboard.deliveries import Delivery
from trainboard.effects import Effect
from trainboard.engine import facts
from trainboard.events import Event
from trainboard.facts import Fact
from trainboard.handlers import react
from trainboard.policy import Door, Project
from trainboard.store import changes, history
from trainboard.store.changes import Change
from trainboard.store.database import Database
from trainboard.store.history import Standing
from trainboard.store.reading import StoreRead


class Noted(msgspec.Struct, frozen=True, kw_only=True):
    """A fact, and what it would change; nothing if it is known, or something later is."""

    fact: Fact
    changes: tuple[Change, ...]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """An effect that would be asked for.

    `before` tells that the delivery asked for it already; `standing` is the latest one of its key, None
    if there is none.
    """

    effect: Effect
    before: bool
    standing: Standing | None


class Rehearsal(msgspec.Struct, frozen=True, kw_only=True):
    """All that would come of a delivery. `dropped` are keys of effects that it asked for before."""

    events: tuple[Event, ...]
    facts: tuple[Noted, ...]
    effects: tuple[Asked, ...]
    dropped: tuple[str, ...]


class Rehearser:
    """Tries deliveries in transactions that are undone.

    Args:
        database: where they are.
        parse: the events of a delivery.
        projects: by name.
        doors: the configured sources by name.
        clock: answers the present moment, aware, in UTC.
    """

    def __init__(
        self,
        database: Database,
        parse: Callable[[Delivery], Iterable[Event]],
        projects: Mapping[str, Project],
        doors: Mapping[str, Door],
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._parse = parse
        self._projects = projects
        self._doors = doors
        self._clock = clock

    def rehearse(self, number: int, delivery: Delivery) -> Rehearsal:
        """What `delivery`, which is number `number` in the inbox, would do.

        Raises:
            PayloadError: its body is not what its source promises, so that it would be dead.
        """
        events = tuple(self._parse(delivery))
        try:
            with self._database.write() as connection:
                self._try_and_undo(connection, number, events)
        except _UndoError as undo:
            return undo.rehearsal

    def _try_and_undo(self, connection: Connection, number: int, events: tuple[Event, ...]) -> NoReturn:
        raise _UndoError(self._try(connection, number, events))

    def _try(self, connection: Connection, number: int, events: tuple[Event, ...]) -> Rehearsal:
        read = StoreRead(connection, self._projects, self._doors, self._clock())
        noted: list[Noted] = []
        wanted: dict[str, Effect] = {}
        for event in events:
            for outcome in react(event, read):
                if isinstance(outcome, Effect):
                    wanted[outcome.key] = outcome
                else:
                    noted.append(_note(connection, outcome, read.now))
        before = history.list_asked_keys(connection, number)
        asked = tuple(
            Asked(effect=effect, before=key in before, standing=history.find_standing(connection, key))
            for key, effect in wanted.items()
        )
        dropped = tuple(key for key in before if key not in wanted)
        return Rehearsal(events=events, facts=tuple(noted), effects=asked, dropped=dropped)


class _UndoError(Exception):
    def __init__(self, rehearsal: Rehearsal) -> None:
        super().__init__("the transaction is undone")
        self.rehearsal = rehearsal


def _note(connection: Connection, fact: Fact, now: datetime) -> Noted:
    before = changes.list_rows(connection, fact)
    facts.record(connection, fact, now)
    return Noted(fact=fact, changes=changes.compare(fact, before, changes.list_rows(connection, fact)))
