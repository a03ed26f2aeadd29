"""How the bot is doing, for people: its queues, whom it reads, its hooks, what platforms still grant it."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import flask
import msgspec
from sqlalchemy import Connection

from trainboard.budgets.accounts import Account
from trainboard.hooks import HookState
from trainboard.store import budgets, hook_states, inbox, outbox
from trainboard.web.health import EFFECT_STATES, LONGEST_WAIT_SECONDS
from trainboard.web.site import Site


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """What an account of a platform may still do.

    `windows` are the names of what we keep to, with what is used of each and what it holds. `remaining` are
    calls that the platform grants, None where it did not say. For `blocked_seconds` nothing is sent.
    """

    account: str
    windows: tuple[tuple[str, int, int], ...]
    remaining: float | None
    blocked_seconds: float
    deferred: int

    @property
    def is_near(self) -> bool:
        """True if a window is nearly full, or nothing may be sent."""
        return bool(self.blocked_seconds) or any(used * 10 >= most * 9 for _, used, most in self.windows)


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """How much stands where, and since when the oldest that is due waits."""

    deliveries: Mapping[str, int]
    effects: Mapping[str, int]
    oldest: datetime | None

    def is_late(self, now: datetime) -> bool:
        """True if nobody seems to work on it."""
        return self.oldest is not None and (now - self.oldest).total_seconds() > LONGEST_WAIT_SECONDS


class HooksOfSource(msgspec.Struct, frozen=True, kw_only=True):
    """The hooks of a source by state, and how often one was mended."""

    source: str
    states: tuple[tuple[str, int], ...]
    repairs: int

    @property
    def all_work(self) -> bool:
        """True if each of them does, or was switched off by people."""
        fine = {HookState.WORKING.value, HookState.SWITCHED_OFF.value}
        return all(state in fine for state, _ in self.states)


def add(blueprint: flask.Blueprint, site: Site) -> None:
    """Add the address of this page to `blueprint`."""
    blueprint.add_url_rule("/health", "health", lambda: _render(site))


def list_limits(accounts: Mapping[str, Account], now: datetime) -> Iterator[Limit]:
    """Each account as it stands."""
    for name, state in accounts.items():
        yield Limit(
            account=name,
            windows=tuple(
                (each.window.name.replace("_", " of one "), each.used, each.window.most)
                for each in state.list_used(now)
            ),
            remaining=state.find_remaining(now),
            blocked_seconds=state.blocked_seconds(now),
            deferred=sum(state.deferred),
        )


def _render(site: Site) -> str:
    now = site.clock()
    with site.database.read() as connection:
        limits = list(list_limits(budgets.list_all(connection), now))
        queue = _queue(connection, now)
        readers = site.list_readers(connection)
        hooks = list(_list_hooks(connection))
        troubles = site.find_troubles(connection)
    return flask.render_template(
        "health.html",
        site=site,
        limits=limits,
        queue=queue,
        readers=readers,
        hooks=hooks,
        troubles=troubles,
        now=now,
    )


def _queue(connection: Connection, now: datetime) -> Queue:
    effects = outbox.count_states(connection)
    return Queue(
        deliveries=inbox.count_states(connection),
        effects={state: effects.get(state, 0) for state in EFFECT_STATES},
        oldest=inbox.oldest_waiting(connection, now),
    )


def _list_hooks(connection: Connection) -> Iterator[HooksOfSource]:
    found = hook_states.count_states(connection)
    for source, repairs in sorted(hook_states.count_repairs(connection).items()):
        states = sorted((state, amount) for (name, state), amount in found.items() if name == source)
        yield HooksOfSource(source=source, states=tuple(states), repairs=repairs)
