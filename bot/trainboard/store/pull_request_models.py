"""The tables of pull requests and of what is said of commits. `code` is always in small letters."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainboard.store.models import Table


class PullRequestRow(Table):
    """Pull requests as merged from all that was said."""

    __tablename__ = "pull_requests"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    code: Mapped[str]
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    head: Mapped[str]
    merged_as: Mapped[str | None]
    reverts: Mapped[int | None]
    at: Mapped[datetime]
    document: Mapped[str]

    __table_args__ = (
        UniqueConstraint("code", "number"),
        Index("ix_pull_requests_code_head", "code", "head"),
        Index("ix_pull_requests_code_merged_as", "code", "merged_as"),
        Index("ix_pull_requests_code_reverts", "code", "reverts"),
        Index("ix_pull_requests_number", "number"),
    )


class PullRequestStatusRow(Table):
    """What the bot last showed on a pull request.

    `comment` is the ref of its comment, empty where somebody deleted it. `text`, `pressing` and `gate` are
    fingerprints of what was written, `paths` what the paths of the change told when it stood as `paths_of`
    says.
    """

    __tablename__ = "pull_request_status"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    code: Mapped[str]
    number: Mapped[int]
    comment: Mapped[str | None]
    text: Mapped[str]
    pressing: Mapped[str]
    gate: Mapped[str]
    paths_of: Mapped[str]
    paths: Mapped[str]

    __table_args__ = (UniqueConstraint("code", "number"),)


class NotebookReviewRow(Table):
    """What is to be said of a notebook that a pull request changes."""

    __tablename__ = "notebook_reviews"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    code: Mapped[str]
    number: Mapped[int]
    path: Mapped[str]
    document: Mapped[str]

    __table_args__ = (UniqueConstraint("code", "number", "path"),)


class PullRequestLinksRow(Table):
    """When a pull request last said which work items of a tracker it belongs to, also if it named none."""

    __tablename__ = "pull_request_links"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    code: Mapped[str]
    number: Mapped[int]
    tracker: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("code", "number", "tracker"),)


class LinkedItemRow(Table):
    """A work item that a pull request belongs to; `ref` is its number in the tracker."""

    __tablename__ = "linked_items"

    links: Mapped[int] = mapped_column(
        ForeignKey("pull_request_links.id", ondelete="CASCADE"), primary_key=True
    )
    ref: Mapped[str] = mapped_column(primary_key=True, index=True)


class CheckRow(Table):
    """Checks of commits, each as its latest attempt stands."""

    __tablename__ = "checks"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    code: Mapped[str]
    commit: Mapped[str]
    suite: Mapped[str]
    name: Mapped[str]
    at: Mapped[datetime]
    document: Mapped[str]

    __table_args__ = (UniqueConstraint("code", "commit", "suite", "name"),)


class DeploymentRow(Table):
    """Deployments as they stand; `commit` is None where nobody said what was deployed.

    `environment` is in small letters: names that differ in nothing else are one.
    """

    __tablename__ = "deployments"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    code: Mapped[str]
    ref: Mapped[str]
    environment: Mapped[str]
    state: Mapped[str] = mapped_column(String(16))
    commit: Mapped[str | None]
    at: Mapped[datetime]
    document: Mapped[str]

    __table_args__ = (
        UniqueConstraint("code", "ref"),
        Index("ix_deployments_code_commit", "code", "commit"),
        Index("ix_deployments_code_environment_at", "code", "environment", "at"),
    )


class ResultsRow(Table):
    """What the tests of a commit found, for each pipeline as its newest run on it tells."""

    __tablename__ = "results"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    code: Mapped[str]
    commit: Mapped[str]
    pipeline: Mapped[str]
    branch: Mapped[str]
    run: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    document: Mapped[str]

    __table_args__ = (
        UniqueConstraint("code", "commit", "pipeline"),
        Index("ix_results_code_branch_pipeline_run", "code", "branch", "pipeline", "run"),
    )


class ContainedCommitRow(Table):
    """Whether `commit` lies in the history of `within`, as the platform answered at `at`."""

    __tablename__ = "contained_commits"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    code: Mapped[str]
    within: Mapped[str]
    commit: Mapped[str]
    is_contained: Mapped[bool]
    at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("code", "within", "commit"),
        Index("ix_contained_commits_code_commit", "code", "commit"),
    )


class QueuedCommitRow(Table):
    """Commits as which a merge queue tried pull requests."""

    __tablename__ = "queued_commits"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    code: Mapped[str]
    commit: Mapped[str]
    number: Mapped[int]
    at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("code", "commit"),
        Index("ix_queued_commits_code_number", "code", "number"),
    )


class WaiverRow(Table):
    """Whether somebody waived the metric gate of a commit of a pull request."""

    __tablename__ = "waivers"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    code: Mapped[str]
    number: Mapped[int]
    commit: Mapped[str]
    by: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]
    withdrawn: Mapped[bool]

    __table_args__ = (UniqueConstraint("code", "number", "commit"),)


class DecisionRow(Table):
    """What people said of approvals, and what became of it."""

    __tablename__ = "decisions"

    key: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str]
    approval: Mapped[str]
    at: Mapped[datetime]
    document: Mapped[str]

    __table_args__ = (Index("ix_decisions_code_approval", "code", "approval"),)


class ApprovalRow(Table):
    """Approvals as they stand; `commit` is None where nobody said what they are for."""

    __tablename__ = "approvals"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    code: Mapped[str]
    ref: Mapped[str]
    commit: Mapped[str | None]
    at: Mapped[datetime]
    document: Mapped[str]

    __table_args__ = (
        UniqueConstraint("code", "ref"),
        Index("ix_approvals_code_commit", "code", "commit"),
    )
