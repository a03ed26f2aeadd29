"""The discussion of a work item."""

from collections.abc import Iterator
from datetime import datetime

import structlog

from trainboard.azure_devops.ids import to_id
from trainboard.azure_devops.models import work_item_tracking as models
from trainboard.azure_devops.people import is_by
from trainboard.errors import TrainboardError
from trainboard.trackers.azure_boards.boards import Boards
from trainboard.trackers.azure_boards.texts import to_body, to_stored_html, to_stored_markdown
from trainboard.trackers.azure_boards.values import CommentJson, CommentsJson
from trainboard.work_items import Comment

AT_ONCE = 200

_log = structlog.get_logger(__name__)


class Comments:
    """Comments, as Markdown where the server knows it.

    Args:
        boards: the project.
    """

    def __init__(self, boards: Boards) -> None:
        self._boards = boards
        self._speaks_markdown = True

    def create(self, ref: str, body: str) -> Comment:
        """Add a comment."""
        made = self._settle(ref, self._create(ref, body), body)
        return _to_comment(made, ours=True)

    def update(self, ref: str, comment_ref: str, body: str) -> Comment:
        """Replace a comment's text."""
        me = self._boards.get_me()
        changed = self._settle(ref, self._change(ref, comment_ref, body), body)
        return _to_comment(changed, ours=is_by(changed.created_by, me))

    def list_since(self, ref: str, since: datetime) -> Iterator[Comment]:
        """Comments that changed since, oldest first; those before must be read too."""
        me = self._boards.get_me()
        for each in self._list(ref):
            if not each.is_deleted and (each.modified_date or each.created_date) >= since:
                yield _to_comment(each, ours=is_by(each.created_by, me))

    def _list(self, ref: str) -> Iterator[CommentJson]:
        page = self._read_page(ref, None)
        yield from page.comments
        while page.continuation_token:
            page = self._read_page(ref, page.continuation_token)
            yield from page.comments

    def _read_page(self, ref: str, token: str | None) -> CommentsJson:
        number, thing = to_id(ref, "work item"), f"work item {ref}"
        return self._boards.ask(
            f"list the comments of {thing}",
            lambda to: to.work_item_tracking.get_comments(
                self._boards.project, number, top=AT_ONCE, continuation_token=token, order="asc"
            ),
            CommentsJson,
            thing=thing,
        )

    def _create(self, ref: str, body: str) -> CommentJson:
        number, thing, project = to_id(ref, "work item"), f"work item {ref}", self._boards.project
        text, form = self._store(body)
        return self._boards.ask(
            f"comment on {thing}",
            lambda to: to.work_item_tracking.add_work_item_comment(
                models.CommentCreate(text=text), project, number, form
            ),
            CommentJson,
            writes=True,
            thing=thing,
        )

    def _change(self, ref: str, comment_ref: str, body: str) -> CommentJson:
        number, comment = to_id(ref, "work item"), to_id(comment_ref, "comment")
        thing, project = f"comment {comment_ref} of work item {ref}", self._boards.project
        text, form = self._store(body)
        return self._boards.ask(
            f"change {thing}",
            lambda to: to.work_item_tracking.update_work_item_comment(
                models.CommentUpdate(text=text), project, number, comment, form
            ),
            CommentJson,
            writes=True,
            thing=thing,
        )

    def _store(self, body: str) -> tuple[str, str]:
        if self._speaks_markdown:
            return to_stored_markdown(body), "markdown"
        return to_stored_html(body), "html"

    def _settle(self, ref: str, written: CommentJson, body: str) -> CommentJson:
        """Write it again as HTML if the server did not take it for Markdown, which it says once."""
        if written.is_markdown or not self._speaks_markdown:
            return written
        self._speaks_markdown = False
        _log.info("comments are written as HTML", project=self._boards.project)
        try:
            return self._change(ref, str(written.id), body)
        except TrainboardError as error:
            _log.warning("a comment shows its Markdown", item=ref, comment=written.id, reason=str(error))
            return written


def _to_comment(comment: CommentJson, *, ours: bool) -> Comment:
    return Comment(
        ref=str(comment.id),
        body=to_body(comment.text, is_markdown=comment.is_markdown),
        created_at=comment.created_date,
        ours=ours,
    )
