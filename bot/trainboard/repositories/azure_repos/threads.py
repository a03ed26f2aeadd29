"""Comments, which Azure Repos keeps in threads. A ref is `thread/comment`."""

from collections.abc import Iterable
from re import fullmatch
from typing import Any

from trainboard.azure_devops.models import git
from trainboard.azure_devops.people import Account, is_by
from trainboard.errors import MissingError
from trainboard.repositories.azure_repos.values import CommentJson, ThreadJson
from trainboard.work_items import Comment

SYSTEM = "system"


def to_thread(body: str) -> Any:
    """A thread of one comment that asks nobody to resolve it."""
    comment = git.Comment(content=body, comment_type="text", parent_comment_id=0)
    return git.GitPullRequestCommentThread(comments=[comment], status="closed")


def split_ref(ref: str) -> tuple[int, int]:
    """The numbers of a thread and of a comment in it.

    Raises:
        MissingError: it is no ref; the text comes from another platform.
    """
    match = fullmatch(r"([0-9]{1,9})/([0-9]{1,9})", ref)
    if match is None:
        raise MissingError(f"There is no comment {ref!r} in Azure Repos: it is no thread/comment.")
    return int(match[1]), int(match[2])


def list_comments(threads: Iterable[ThreadJson], me: Account) -> list[Comment]:
    """What people and bots said, oldest first; what is deleted or told by the system is left out."""
    said = [
        to_comment(thread.id, comment, ours=is_by(comment.author, me))
        for thread in threads
        if not thread.is_deleted
        for comment in thread.comments or ()
        if not comment.is_deleted and comment.comment_type.lower() != SYSTEM
    ]
    return sorted(said, key=lambda comment: comment.created_at)


def to_comment(thread: int, comment: CommentJson, *, ours: bool) -> Comment:
    """The comment in our words."""
    return Comment(
        ref=f"{thread}/{comment.id}",
        body=comment.content or "",
        created_at=comment.published_date,
        ours=ours,
    )
