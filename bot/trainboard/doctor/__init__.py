"""Checks of an installation. Each module here is one: it has `check(subject)`, which yields findings.

They read and ask; they change nothing, and make no database where there is none.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from msgspec.structs import replace
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from trainboard.boards import Board
from trainboard.conversations import Conversation
from trainboard.diagnosis import Examinable, Finding, failing, note
from trainboard.errors import LimitedError, TrainboardError
from trainboard.experiments import RunReader
from trainboard.hooks import Hooks
from trainboard.ledgers import Ledger
from trainboard.monitors import Monitor
from trainboard.pipelines import PipelineReader, PipelineStarter
from trainboard.policy import Project
from trainboard.posting import Post
from trainboard.repositories import Repository
from trainboard.sign_in import Way
from trainboard.store.database import Database
from trainboard.trackers import Tracker


class NoDatabaseError(Exception):
    """The SQLite file is not there."""


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """How people sign in: over which servers; `closed` ways let nobody in, `open` ones everybody."""

    public_url: str
    ways: Mapping[str, Way]
    closed: Collection[str] = ()
    open: Collection[str] = ()


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is examined.

    `configuration` says in words where the settings came from. `trackers` and `repositories` make those of
    the projects, by the project's name, and raise if the settings do not suffice; so do `pipelines`, by
    their own. `hooks` are those that we keep working, by source, `obstacle_to_hooks` says why some cannot be
    kept, and `senders` are the memories of senders. `starters` start pipelines, by the place of those,
    `conversations` are where people command, by place in small letters, `monitors` tell of alerts, by source,
    `posts` are where reports are sent to, by target, `boards` show work items, by the project's name.
    `issuers` sign tokens of jobs; each counts its keys, or raises. `readers` read run trackers, by source.
    `apps` are those as which the bot signs in. `sign_in` is None where nobody signs in.
    """

    configuration: str
    projects: Collection[Project]
    database: Database
    trackers: Callable[[], Mapping[str, Tracker]]
    repositories: Callable[[], Mapping[str, Repository]]
    pipelines: Callable[[], Mapping[str, PipelineReader]]
    hooks: Callable[[], Mapping[str, Hooks]]
    obstacle_to_hooks: str | None
    senders: Callable[[], Collection[Ledger]]
    clock: Callable[[], datetime]
    starters: Callable[[], Mapping[str, PipelineStarter]] = dict
    conversations: Callable[[], Mapping[str, Conversation]] = dict
    monitors: Callable[[], Mapping[str, Monitor]] = dict
    posts: Callable[[], Mapping[str, Post]] = dict
    boards: Callable[[], Mapping[str, Board]] = dict
    issuers: Callable[[], Mapping[str, Callable[[], int]]] = dict
    readers: Callable[[], Mapping[str, RunReader]] = dict
    apps: Callable[[], Collection[Examinable]] = tuple
    sign_in: Callable[[], SignIn | None] = lambda: None

    @property
    def has_database(self) -> bool:
        """False if the SQLite file is not there."""
        return not self.database.is_sqlite or Path(self.database.url.removeprefix("sqlite:///")).exists()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection to the database, which must be there.

        Raises:
            NoDatabaseError: it is not; none is made.
            SQLAlchemyError: it does not answer, or has another schema.
        """
        if not self.has_database:
            raise NoDatabaseError
        with self.database.read() as connection:
            yield connection


def examine(subject: Subject) -> Iterator[Finding]:
    """What all checks find, in the order of their names."""
    for name in sorted(info.name for info in iter_modules(__path__)):
        check = import_module(f"{__name__}.{name}").check
        for finding in _run(check, subject):
            yield replace(finding, check=name)


def _run(check: Callable[[Subject], Iterator[Finding]], subject: Subject) -> Iterator[Finding]:
    try:
        yield from check(subject)
    except NoDatabaseError:
        yield Finding(message="Nothing to look at: there is no database yet.")
    except SQLAlchemyError:
        yield note("Not looked at: the database does not answer.", "See what the check of the database says.")
    except LimitedError as error:
        yield note(str(error), "Ask again later. The bot waits by itself.")
    except TrainboardError as error:
        yield failing(str(error), "Do what it says, then ask again.")
