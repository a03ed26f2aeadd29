"""Effects made true. A module here that applies a kind of effect names it.

It has `APPLIES`, an effect type, and `apply(effect, outside)`. It may be called again after
a crash at any line: what it does twice must be the same as what it does once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import structlog

from trainboard.applying.closed import is_closed, name_place, note_closed
from trainboard.boards import Board
from trainboard.conversations import Conversation
from trainboard.deliveries import Delivery
from trainboard.effects import Effect
from trainboard.errors import ReadOnlyError
from trainboard.experiments import RunReader
from trainboard.hooks import Hooks
from trainboard.ledgers import Ledger, Message
from trainboard.markers import Markers
from trainboard.monitors import (
    Monitor,
)
from trainboard.pipelines import (
    ApprovalDesk,
    Artifacts,
    PipelineReader,
    PipelineStarter,
)
from trainboard.policy import Door, Keep, Project
from trainboard.posting import Post
from trainboard.repositories import Repository
from trainboard.run_origins import RunOrigin
from trainboard.runs import RunReport
from trainboard.store.database import Database
from trainboard.trackers import Tracker
from trainboard.wikis import Wiki

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Outside:
    """What the appliers reach: our database, trackers and repositories by project, readers by door.

    A project is missing in `repositories` where its pull requests cannot be reached. `monitors` are those
    whose alerts can be read, by door, `pipelines` those whose runs can be read, by their name. `ledgers` are
    the memories of senders by source, `identify` reads what such a message is about or raises PayloadError,
    `read_report` what a run of a pipeline left in a file of the name that is given last, as the report of
    that origin, or raises it too; `keep` says for how long rows are kept. `wake` tells the engine that a
    mailbox became due; `page_url` answers the address of a page of the dashboard, None where it has no public
    one. `former_names` are those of trackers and repositories that had another one. `starters` start
    pipelines, by the place of those. `artifacts` are what runs left, by the place of the run, where results
    of tests and reports are looked for, `desks` where people's words on approvals are passed on, by their
    name. `conversations` are where people command, by the place in small letters. `posts` are where reports
    are sent to, by the name of the target, and `wikis` where they are pages, by project. `boards` show the
    work items of projects, by the project's name. `pace` is the time between two edits of one work item.
    """

    database: Database
    projects: Mapping[str, Project]
    doors: Mapping[str, Door]
    trackers: Mapping[str, Tracker]
    repositories: Mapping[str, Repository]
    readers: Mapping[str, RunReader]
    monitors: Mapping[str, Monitor]
    pipelines: Mapping[str, PipelineReader]
    ledgers: Mapping[str, Ledger]
    hooks: Mapping[str, Hooks]
    identify: Callable[[str, Message], Delivery]
    read_report: Callable[[bytes, RunOrigin, str], RunReport]
    keep: Keep
    marker_secret: bytes
    clock: Callable[[], datetime]
    wake: Callable[[str, datetime], None]
    page_url: Callable[[str], str | None]
    former_names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    artifacts: Mapping[str, Artifacts] = field(default_factory=dict)
    starters: Mapping[str, PipelineStarter] = field(default_factory=dict)
    desks: Mapping[str, ApprovalDesk] = field(default_factory=dict)
    conversations: Mapping[str, Conversation] = field(default_factory=dict)
    posts: Mapping[str, Post] = field(default_factory=dict)
    wikis: Mapping[str, Wiki] = field(default_factory=dict)
    boards: Mapping[str, Board] = field(default_factory=dict)
    pace: timedelta = timedelta(0)

    def markers(self, project: str) -> Markers:
        """The marks that are true in the project's tracker."""
        return self.markers_in(self.trackers[project].name)

    def markers_in(self, name: str) -> Markers:
        """The marks that are true in the tracker or the repository of that name."""
        return Markers(self.marker_secret, name, self.former_names.get(name, ()))


Apply = Callable[[Effect, Outside], None]


def apply(effect: Effect, outside: Outside) -> None:
    """Make `effect` true, except in a place that takes no writes.

    Raises:
        TrainboardError: its class says whether to wait, to look, or to give up.
    """
    place = name_place(effect, outside.projects)
    if place is not None and is_closed(place, outside.database, outside.clock()):
        _log.info("let go: the place takes no writes", place=place)
        return
    try:
        _appliers()[type(effect)](effect, outside)
    except ReadOnlyError:
        if place is not None:
            note_closed(place, outside.database, outside.clock())
        raise


@cache
def _appliers() -> dict[type, Apply]:
    modules = (import_module(info.name) for info in iter_modules(__path__, f"{__name__}."))
    return {module.APPLIES: module.apply for module in modules if hasattr(module, "APPLIES")}
