"""Comments on work items and pull requests that may command something.

Nothing signs a notification, and it does not tell what an edit changed: it only says which lines to look
for where the comment stands, and whether somebody edited it.

Source: Microsoft, "Service hook events", "Work item commented on", "Pull request commented on".
"""

import re
from collections.abc import Iterable, Iterator

from msgspec import UNSET, UnsetType

from trainboard.comments import Hint, SeenItem
from trainboard.events import CommentWritten
from trainboard.grammar.lines import CommandLine, Markup, list_told
from trainboard.triggers import Origin
from trainboard_webhooks.azure_devops.places import (
    find_organization,
    find_word,
    get_organization,
    name_boards,
    name_code,
)
from trainboard_webhooks.azure_devops.shapes import find_number
from trainboard_webhooks.payload import Payload

PULL_REQUEST_COMMENT = "ms.vss-code.git-pullrequest-comment-event"

_FIRST = frozenset({"", "1"})
_THREAD = re.compile(r"/threads/([1-9][0-9]{0,8})(?![0-9])")


def hint_at_item(
    kind: str, payload: Payload, item: Payload, comment: tuple[str, str]
) -> Iterator[CommentWritten]:
    """A hint at a comment of a work item, by its number and version; nothing if its text commands nothing.

    Whether that is HTML or Markdown is not told: a line of either is looked for.
    """
    organization, number = find_organization(payload), find_number(kind, payload)
    project = find_word(item, "fields", "System.TeamProject")
    text = find_word(item, "fields", "System.History") or ""
    lines = _unite(list_told(text, Markup.HTML), list_told(text, Markup.MARKDOWN))
    if organization is None or number is None or project is None or not lines:
        return
    ref, version = comment
    tags = find_word(item, "fields", "System.Tags") or ""
    yield CommentWritten(
        hint=Hint(
            origin=Origin(place=name_boards(organization, project), ref=number),
            comment=ref,
            at=payload["createdDate"].time(),
            lines=tuple(lines),
            is_addressed=any(line.is_prefixed for line in lines.values()),
            is_edit=version not in _FIRST,
            item=SeenItem(
                labels=tuple(tag.strip() for tag in tags.split(";") if tag.strip()),
                sprint=_name_sprint(find_word(item, "fields", "System.IterationPath")),
            ),
        )
    )


def read_pull_request_comment(kind: str, payload: Payload) -> Iterator[CommentWritten]:
    """A hint at a comment of a pull request; one is sent when it is made, edited or deleted."""
    del kind
    comment, pull = payload["resource"]["comment"], payload["resource"]["pullRequest"]
    thread = _THREAD.search(find_word(comment, "_links", "threads", "href") or "")
    lines = _unite(list_told(find_word(comment, "content") or "", Markup.MARKDOWN))
    is_spoken = find_word(comment, "commentType") != "system" and find_word(comment, "isDeleted") != "true"
    if thread is None or not lines or not is_spoken:
        return
    repository = pull["repository"]
    code = name_code(
        get_organization(payload), repository["project"]["name"].text(), repository["name"].text()
    )
    yield CommentWritten(
        hint=Hint(
            origin=Origin(place=code, ref=str(pull["pullRequestId"].integer()), is_pull_request=True),
            comment=f"{thread[1]}/{comment['id'].integer()}",
            at=payload["createdDate"].time(),
            lines=tuple(lines),
            is_addressed=any(line.is_prefixed for line in lines.values()),
            is_edit=_is_edited(comment),
        )
    )


def _is_edited(comment: Payload) -> bool:
    """Whether its text changed, or anything of it where that is not told."""
    written = find_word(comment, "publishedDate")
    changed = find_word(comment, "lastContentUpdatedDate") or find_word(comment, "lastUpdatedDate")
    return changed is not None and changed != written


def _name_sprint(path: str | None) -> str | UnsetType:
    r"""The last step of `Project\Sprint 1`; the project alone holds what is in no sprint."""
    return UNSET if path is None else path.partition("\\")[2].rpartition("\\")[2]


def _unite(*readings: Iterable[CommandLine]) -> dict[str, CommandLine]:
    """Each line once, by what it means."""
    return {line.meaning: line for reading in readings for line in reading}
