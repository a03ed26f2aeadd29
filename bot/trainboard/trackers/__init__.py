"""Trackers hold work items. Each module here is one, all keep the contract in `Tracker`.

An adapter makes one call or answers one question. It neither remembers what it made nor tries
again later: what was made for which key is known to the store, and when to try again is the
engine's decision.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

import msgspec

from trainboard.item_changes import ChangePage
from trainboard.work_items import (
    Comment,
    NewIteration,
    NewWorkItem,
    TrackerIteration,
    WorkItem,
    WorkItemChange,
)


class Traits(msgspec.Struct, frozen=True, kw_only=True):
    """What a tracker can hold.

    `max_body_bytes` counts UTF-8 bytes of one body; `iteration_has_start` is False where a
    sprint's first day cannot be stored, `iteration_has_description` where its description cannot,
    `iteration_closes` where a sprint is over by its days alone.
    `max_assignees` counts the people whom one item can be given to.
    """

    max_body_bytes: int
    iteration_has_start: bool
    iteration_has_description: bool = True
    iteration_closes: bool = True
    max_title_characters: int = 250
    max_assignees: int = 10


class Tracker(Protocol):
    """One project's work items.

    Raises (any method):
        MissingError: the named thing is surely not there.
        PermanentError: the tracker refuses this for good.
        LimitedError: slow down; with the time that the tracker named.
        TransientError: nothing was done.
        DoubtError: only from `create_`, `update_` and `add_`: it may have been done.
    """

    name: str
    traits: Traits

    def create_item(self, new: NewWorkItem) -> WorkItem:
        """Make a work item with all that `new` says, in one call. Never repeated by itself."""
        ...

    def get_item(self, ref: str) -> WorkItem:
        """The work item as it stands now."""
        ...

    def update_item(self, ref: str, change: WorkItemChange) -> WorkItem:
        """Make `change` true. Labels that it does not name stay."""
        ...

    def list_items(self, *, label: str, since: datetime) -> Iterator[WorkItem]:
        """Open and closed items that carry `label` and changed at or after `since`, oldest made first."""
        ...

    def list_iteration_items(self, ref: str) -> Iterator[WorkItem]:
        """All items of the sprint, open and closed, whoever made them, with their estimates."""
        ...

    def list_backlog(self) -> Iterator[WorkItem]:
        """Open items in no sprint, whoever made them, with estimates and priorities, oldest made first."""

    def list_changes(self, mark: str) -> Iterator[ChangePage]:
        """What happened to all items after `mark`, page by page; the last page is complete.

        An empty mark asks for none, and for the mark of now. A change may come again, and in any order.
        """
        ...

    def create_comment(self, ref: str, body: str) -> Comment:
        """Add a comment. Never repeated by itself."""
        ...

    def update_comment(self, ref: str, comment_ref: str, body: str) -> Comment:
        """Replace the comment's text."""
        ...

    def list_comments(self, ref: str, *, since: datetime) -> Iterator[Comment]:
        """Comments that changed at or after `since`, oldest first."""
        ...

    def create_iteration(self, new: NewIteration) -> TrackerIteration:
        """Make a sprint. Never repeated by itself."""
        ...

    def update_iteration(self, ref: str, new: NewIteration) -> TrackerIteration:
        """Give the sprint another name, days and description."""
        ...

    def close_iteration(self, ref: str) -> None:
        """Close a sprint; all else of it stays. Where `iteration_closes` is False nothing is done."""
        ...

    def describe_iteration(self, ref: str, description: str) -> None:
        """Replace a sprint's description and nothing else, where it has one."""
        ...

    def list_iterations(self) -> Iterator[TrackerIteration]:
        """Every sprint, open and closed."""
        ...

    def add_child(self, parent_ref: str, child_ref: str) -> None:
        """Make one item the parent of another; True already is success."""
        ...
