"""The tables of what binds work items, pull requests and runs to each other beside people's words.

`code` is always in small letters.
"""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainboard.store.models import Table


class ToldLinkRow(Table):
    """What a person or a tracker said last of a pull request and a work item; `source` says which of them.

    `code` leaves out the repository where the number alone tells the pull request.
    """

    __tablename__ = "told_links"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    code: Mapped[str]
    number: Mapped[int]
    tracker: Mapped[str]
    ref: Mapped[str]
    source: Mapped[str] = mapped_column(String(16))
    linked: Mapped[bool]
    by: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("code", "number", "tracker", "ref", "source"),
        Index("ix_told_links_tracker_ref", "tracker", "ref"),
        Index("ix_told_links_number", "number"),
    )


class ItemParentRow(Table):
    """Which work item is below which, as told last; `linked` is false for what is no more."""

    __tablename__ = "item_parents"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    tracker: Mapped[str]
    ref: Mapped[str]
    parent_tracker: Mapped[str]
    parent: Mapped[str]
    linked: Mapped[bool]
    at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("tracker", "ref", "parent_tracker", "parent"),
        Index("ix_item_parents_parent_tracker_parent", "parent_tracker", "parent"),
    )


class MovedItemRow(Table):
    """Work items that were carried to another tracker, and what they are called there."""

    __tablename__ = "moved_items"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    tracker: Mapped[str]
    ref: Mapped[str]
    new_tracker: Mapped[str]
    new_ref: Mapped[str]

    __table_args__ = (
        UniqueConstraint("tracker", "ref"),
        Index("ix_moved_items_new_tracker_new_ref", "new_tracker", "new_ref"),
    )


class PullRequestCommitRow(Table):
    """Every commit that was told to be a pull request's head, and when it first was, as far as known."""

    __tablename__ = "pull_request_commits"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    code: Mapped[str]
    number: Mapped[int]
    commit: Mapped[str]
    told_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("code", "number", "commit"),
        Index("ix_pull_request_commits_code_commit", "code", "commit"),
    )


class RunCommitRow(Table):
    """At which commit of which repository a run trained; none for a run whose tree was dirty."""

    __tablename__ = "run_commits"

    project: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str]
    commit: Mapped[str]

    __table_args__ = (Index("ix_run_commits_code_commit", "code", "commit"),)


class RunWordRow(Table):
    """What jobs said of runs of a tracker, each by the job's own `source` and `run_id`.

    What the tracker said itself is kept beside it, by the run's own source and id, once the two are joined.
    """

    __tablename__ = "run_words"

    project: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    tracker: Mapped[str] = mapped_column(String(16))
    tracker_run: Mapped[str]
    document: Mapped[str]

    __table_args__ = (Index("ix_run_words_project_tracker_tracker_run", "project", "tracker", "tracker_run"),)


class RepositoryStateRow(Table):
    """Whether a repository can be written to, as told last."""

    __tablename__ = "repository_states"

    code: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
