"""The JSON of Azure Repos, as far as it is needed.

Source: "Git" in the Azure DevOps Services REST API reference.
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from trainboard.azure_devops.people import Identity
from trainboard.pull_requests import PullRequest
from trainboard.repositories import ChangedFile

BRANCHES = "refs/heads/"
TAGS = "refs/tags/"
STATES: dict[str, Literal["open", "merged", "closed"]] = {"completed": "merged", "abandoned": "closed"}


class CommitJson(msgspec.Struct, frozen=True, rename="camel"):
    """A commit by its hash."""

    commit_id: str


class TagJson(msgspec.Struct, frozen=True, rename="camel"):
    """A tag with its whole name; `peeled_object_id` is the commit where another object is between the two."""

    name: str
    object_id: str
    peeled_object_id: str = ""


class ForkJson(msgspec.Struct, frozen=True):
    """A branch of another repository."""

    name: str = ""


class PullRequestJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A pull request; `fork_source` is None where the branch is in the same repository."""

    pull_request_id: int
    title: str
    status: str
    source_ref_name: str
    target_ref_name: str
    last_merge_source_commit: CommitJson
    last_merge_commit: CommitJson | None = None
    description: str | None = None
    created_by: Identity | None = None
    is_draft: bool = False
    fork_source: ForkJson | None = None


class IterationJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a push made of a pull request, counted from 1."""

    id: int
    source_ref_commit: CommitJson


class ContextJson(msgspec.Struct, frozen=True):
    """What a status is about."""

    name: str
    genre: str | None = None


class StatusJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A status of a pull request, among others of the same context; later ones have higher ids."""

    id: int
    state: str
    context: ContextJson
    description: str | None = None
    target_url: str | None = None
    iteration_id: int | None = None


class CommentJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A comment in a thread; `comment_type` tells those of people and bots from those of the system."""

    id: int
    published_date: datetime
    content: str | None = None
    comment_type: str = ""
    author: Identity | None = None
    is_deleted: bool = False


class ThreadJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A thread of comments."""

    id: int
    comments: list[CommentJson] | None = None
    is_deleted: bool = False


class NewThreadJson(msgspec.Struct, frozen=True):
    """A thread that was just made, with the comment that it was made for."""

    id: int
    comments: Annotated[list[CommentJson], msgspec.Meta(min_length=1)]


class ItemJson(msgspec.Struct, frozen=True, rename="camel"):
    """A file or a folder; the path begins with a slash, and the id is that of its content."""

    path: str = ""
    object_id: str | None = None
    is_folder: bool = False


class ChangeJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What was done to a file: words with commas between, such as `edit, rename`."""

    item: ItemJson = ItemJson()
    change_type: str = ""
    original_path: str | None = None
    source_server_item: str | None = None


class ChangesJson(msgspec.Struct, frozen=True, rename="camel"):
    """A page of changes; `next_skip` is 0 on the last."""

    change_entries: list[ChangeJson] = []
    next_skip: int = 0


def to_changed_file(change: ChangeJson) -> ChangedFile:
    """The file in our words."""
    done = {word.strip().lower() for word in change.change_type.split(",")}
    former = change.original_path or change.source_server_item or change.item.path
    return ChangedFile(
        path=change.item.path.removeprefix("/"),
        blob=change.item.object_id or "",
        former=None if "add" in done else former.removeprefix("/"),
        is_removed="delete" in done,
    )


def to_pull_request(code: str, pull: PullRequestJson, *, at: datetime, url: str) -> PullRequest:
    """The pull request in our words."""
    state = STATES.get(pull.status, "open")
    merged_as = pull.last_merge_commit.commit_id if pull.last_merge_commit and state == "merged" else None
    return PullRequest(
        code=code,
        number=pull.pull_request_id,
        title=pull.title,
        state=state,
        head=pull.last_merge_source_commit.commit_id,
        branch=pull.source_ref_name.removeprefix(BRANCHES),
        base=pull.target_ref_name.removeprefix(BRANCHES),
        at=at,
        url=url,
        text=pull.description or "",
        author=pull.created_by.unique_name if pull.created_by else "",
        draft=pull.is_draft,
        from_fork=pull.fork_source is not None,
        merged_as=merged_as,
    )
