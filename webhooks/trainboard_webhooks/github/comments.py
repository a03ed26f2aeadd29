"""Comments on issues and pull requests that may command something.

Source: GitHub, "Webhook events and payloads", "issue_comment".
"""

from collections.abc import Iterator

from trainboard.comments import Hint, SeenItem
from trainboard.events import CommentWritten
from trainboard.grammar.lines import CommandLine, Markup, list_told, newly_added
from trainboard.triggers import Origin
from trainboard_webhooks.github.places import get_repository, text_at
from trainboard_webhooks.payload import Payload


def read_comment(payload: Payload) -> Iterator[CommentWritten]:
    """A hint, if the comment or an edit of it brought lines that command something."""
    action, comment = payload["action"].text(), payload["comment"]
    added = _list_added(action, payload)
    if not added:
        return
    issue = payload["issue"]
    yield CommentWritten(
        hint=Hint(
            origin=Origin(
                place=get_repository(payload),
                ref=str(issue["number"].integer()),
                is_pull_request=issue.find("pull_request") is not None,
            ),
            comment=str(comment["id"].integer()),
            at=comment["updated_at"].time(),
            lines=tuple(line.meaning for line in added),
            is_addressed=any(line.is_prefixed for line in added),
            is_edit=action == "edited",
            editor=str(payload["sender"]["id"].integer()) if action == "edited" else "",
            item=_see(issue),
        )
    )


def _list_added(action: str, payload: Payload) -> list[CommandLine]:
    """What a deleted comment commanded counts no more; an edit that tells of no text is none."""
    lines = _read(text_at(payload, "comment", "body"))
    before = payload.find("changes", "body", "from")
    match action:
        case "created":
            return lines
        case "edited" if before is not None:
            return newly_added(_read(before.text()), lines)
        case _:
            return []


def _read(text: str) -> list[CommandLine]:
    return list_told(text, Markup.MARKDOWN)


def _see(issue: Payload) -> SeenItem:
    milestone = issue.find("milestone", "number")
    author = issue.find("user", "id")
    return SeenItem(
        iteration=str(milestone.integer()) if milestone else None,
        labels=tuple(label["name"].text() for label in issue.find("labels") or ()),
        assignees=tuple(each["login"].text() for each in issue.find("assignees") or ()),
        opened_by=str(author.integer()) if author else "",
    )
