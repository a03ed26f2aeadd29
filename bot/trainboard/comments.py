"""Comments that may command something: where they stand, who wrote them, and what the bot answers."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from trainboard.approvals import Person
from trainboard.grammar.lines import CommandLine, Markup, list_told
from trainboard.triggers import Origin
from trainboard.work_items import Comment

Reaction = Literal["seen", "done", "refused"]


class Surface(StrEnum):
    """What a comment stands on. Issues are work items of GitHub."""

    ISSUE = "issue"
    PULL_REQUEST = "pull request"
    WORK_ITEM = "work item"


class Role(StrEnum):
    """The least that somebody must be to the repository or project; each may do what those before it may."""

    ANYONE = "anyone"
    AUTHOR = "author"
    TRIAGE = "triage"
    WRITE = "write"
    MAINTAIN = "maintain"
    ADMIN = "admin"

    def includes(self, other: "Role") -> bool:
        """True if whoever is this may do what `other` may."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(other)


class SeenItem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The item that a comment stands on, as whoever told of the comment saw it.

    `iteration` is the ref of its sprint in the tracker, None for one in no sprint; `sprint` the name of that
    where only this was told, empty for no sprint. `opened_by` is the id of
    whoever opened it, empty where nobody who can be trusted told. What was not told is UNSET, and None in
    place of all this: nothing was.
    """

    iteration: str | UnsetType | None = UNSET
    sprint: str | UnsetType = UNSET
    labels: tuple[str, ...] | UnsetType = UNSET
    assignees: tuple[str, ...] | UnsetType = UNSET
    opened_by: str = ""


class Hint(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A comment may command something: it has to be read from its platform before anything is done.

    `lines` are the command lines that somebody added with it, or by editing it, as `CommandLine.meaning`
    says; no other line of it counts. One of them names the bot where it `is_addressed`. `editor` is the id of
    who edited it. `at` is when.
    """

    origin: Origin
    comment: str
    at: datetime
    lines: tuple[str, ...]
    is_addressed: bool = False
    is_edit: bool = False
    editor: str = ""
    item: SeenItem | None = None


class WrittenComment(msgspec.Struct, frozen=True, kw_only=True):
    """A comment as its platform shows it now.

    `is_bot` tells that an app or a service wrote it, `ours` that the bot's own account did. `editor` is the
    id of who edited it last, None where nobody did or the platform does not tell.
    """

    ref: str
    text: str
    markup: Markup
    author: Person
    created_at: datetime
    is_bot: bool = False
    ours: bool = False
    editor: str | None = None


class CommandState(StrEnum):
    """What came of a command; `WAITING`: something of it is not known yet."""

    DONE = "done"
    TOLD = "told"
    WAITING = "waiting"
    UNCONFIRMED = "unconfirmed"
    REFUSED = "refused"

    @property
    def is_final(self) -> bool:
        """True if nothing more comes of it."""
        return self not in {CommandState.WAITING, CommandState.UNCONFIRMED}


class Obeyed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A command that somebody gave, and what came of it.

    `key` tells it from every other. `line` is where in its comment, `text` the line as it was read, `name`
    the command's. `said` is the Markdown that is answered, empty where a reaction says enough. `plan` is what
    it does, or would do once confirmed. `undo` are effects and facts, as JSON, that take it back. `awaited`
    are the keys of the effects whose end is not known yet.
    """

    key: str
    origin: Origin
    comment: str
    line: int
    text: str
    name: str
    person: Person
    at: datetime
    state: CommandState = CommandState.DONE
    said: str = ""
    plan: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()
    awaited: tuple[str, ...] = ()
    denied: bool = False


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a comment commands, as read from its platform: by whom, and what that person is there.

    `role` is None where it could not be found out, which `obstacle` explains in a sentence. `teams` tells of
    each that matters whether that person is in it, or says in a sentence why that could not be found out. Of
    a comment that `is_too_long` no line is read.
    """

    hint: Hint
    person: Person
    lines: tuple[CommandLine, ...]
    created_at: datetime
    role: Role | None = None
    obstacle: str = ""
    teams: dict[str, bool | str] = {}
    is_too_long: bool = False


def surface_of(origin: Origin) -> Surface:
    """What a comment there stands on."""
    if origin.is_pull_request:
        return Surface.PULL_REQUEST
    return Surface.ISSUE if origin.place.startswith("github:") else Surface.WORK_ITEM


def find_hint(origin: Origin, comment: Comment, item: SeenItem | None = None) -> Hint | None:
    """What the comment, written in Markdown, may command; None where it commands nothing.

    `item` is what it stands on, None where that was not seen.
    """
    lines = list_told(comment.body, Markup.MARKDOWN)
    if not lines:
        return None
    return Hint(
        origin=origin,
        comment=comment.ref,
        at=comment.created_at,
        lines=tuple(line.meaning for line in lines),
        is_addressed=any(line.is_prefixed for line in lines),
        item=item,
    )
