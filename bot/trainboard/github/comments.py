"""Comments of issues and of pull requests, which GitHub keeps in one place.

Source: "REST API endpoints for issue comments".
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from trainboard.github.repository import Repository
from trainboard.github.values import Account, CommentJson, iso, to_comment, to_number
from trainboard.work_items import Comment


class Comments:
    """The comments of a repository. Each method makes one call, a list one for a hundred comments.

    Args:
        repository: sends the calls.
        get_account: who we are. Asked before a change and not after it: a failure then would hide that
            the change was made.
        what: what is commented on, as people call it.
        home: where that is, below the repository.
    """

    def __init__(
        self,
        repository: Repository,
        get_account: Callable[[], Account],
        *,
        what: str = "issue",
        home: str = "/issues",
    ) -> None:
        self._repository = repository
        self._get_account = get_account
        self._what = what
        self._home = home

    def create(self, number: int, body: str) -> Comment:
        """Add a comment."""
        call = self._repository.call(
            f"comment on {self._what} {number}",
            f"/issues/{number}/comments",
            method="POST",
            body={"body": body},
            thing=f"{self._home}/{number}",
        )
        return to_comment(self._repository.send(call, CommentJson), ours=True)

    def update(self, number: int, ref: str, body: str) -> Comment:
        """Replace the comment's text; its own number alone says which."""
        account = self._get_account()
        path = f"/issues/comments/{to_number(ref, 'comment')}"
        doing = f"change comment {ref} of {self._what} {number}"
        call = self._repository.call(doing, path, method="PATCH", body={"body": body}, thing=path)
        comment = self._repository.send(call, CommentJson)
        return to_comment(comment, ours=account.made(comment))

    def list_since(self, number: int, since: datetime | None = None) -> Iterator[Comment]:
        """Those that changed since, or all; oldest first."""
        account = self._get_account()
        call = self._repository.call(
            f"list comments of {self._what} {number}",
            f"/issues/{number}/comments",
            query={"since": iso(since)} if since else {},
            thing=f"{self._home}/{number}",
        )
        for comment in self._repository.list_all(call, CommentJson):
            yield to_comment(comment, ours=account.made(comment))
