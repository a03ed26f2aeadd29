"""Issues, milestones and labels.

Source: GitHub, "Webhook events and payloads".
"""

from collections.abc import Iterator
from typing import Literal, cast, get_args

from msgspec import UNSET

from trainboard.errors import PayloadError
from trainboard.events import Event, IterationChanged, LabelChanged, WorkItemChanged, WorkItemMoved
from trainboard.work_items import ClosedAs, ItemState
from trainboard_webhooks.github.places import address_of, get_repository, is_by_bot, text_at, url_at
from trainboard_webhooks.payload import Payload

_MilestoneAction = Literal["created", "edited", "opened", "closed", "deleted"]
_LabelAction = Literal["created", "edited", "deleted"]


def read_issue(payload: Payload) -> Iterator[Event]:
    """What became of an issue, whatever the action."""
    issue = payload["issue"]
    milestone = issue.find("milestone", "number")
    yield WorkItemChanged(
        tracker=get_repository(payload),
        ref=str(issue["number"].integer()),
        action=payload["action"].text(),
        title=issue["title"].text(),
        state=_state(issue),
        at=issue["updated_at"].time(),
        actor=payload["sender"]["login"].text(),
        by_bot=is_by_bot(payload),
        labels=tuple(label["name"].text() for label in issue.find("labels") or ()),
        iteration=str(milestone.integer()) if milestone else None,
        fields=tuple(changes.keys()) if (changes := payload.find("changes")) else (),
        label=text_at(payload, "label", "name"),
        closed_as=_closed_as(issue),
        url=url_at(issue, "html_url"),
    )
    yield from _moves(payload, issue)


def _moves(payload: Payload, issue: Payload) -> Iterator[Event]:
    """What a transferred issue became, told where it was and where it is."""
    here, action = get_repository(payload), payload["action"].text()
    other = "new" if action == "transferred" else "old"
    told = payload.find("changes", f"{other}_issue")
    repository = payload.find("changes", f"{other}_repository", "full_name")
    if told is None or repository is None or action not in {"opened", "transferred"}:
        return
    there = address_of(repository.text())
    old, new = (issue, told) if other == "new" else (told, issue)
    yield WorkItemMoved(
        old_tracker=here if other == "new" else there,
        old_ref=str(old["number"].integer()),
        tracker=there if other == "new" else here,
        ref=str(new["number"].integer()),
        state=_state(new),
        url=url_at(new, "html_url"),
        at=new["updated_at"].time(),
    )


def read_milestone(payload: Payload) -> Iterator[Event]:
    """What became of a milestone; nothing for an action that is not known."""
    action, milestone = payload["action"].text(), payload["milestone"]
    if action in get_args(_MilestoneAction):
        yield IterationChanged(
            tracker=get_repository(payload),
            ref=str(milestone["number"].integer()),
            action=cast("_MilestoneAction", action),
            name=milestone["title"].text(),
            at=milestone["updated_at"].time(),
        )


def read_label(payload: Payload) -> Iterator[Event]:
    """What became of a label; nothing for an action that is not known."""
    action = payload["action"].text()
    old_name = payload.find("changes", "name", "from")
    if action in get_args(_LabelAction):
        yield LabelChanged(
            tracker=get_repository(payload),
            action=cast("_LabelAction", action),
            name=payload["label"]["name"].text(),
            old_name=old_name.text() if old_name else UNSET,
        )


def _state(issue: Payload) -> ItemState:
    """The state; bodies of `pinned` and `unpinned` leave it out, but tell when it was closed."""
    state = issue.find("state")
    if state is None:
        return "open" if issue.find("closed_at") is None else "closed"
    if state.text() not in get_args(ItemState):
        raise PayloadError('$.issue.state must be "open" or "closed"')
    return cast("ItemState", state.text())


def _closed_as(issue: Payload) -> ClosedAs | None:
    """How it ended. Servers that do not know reasons close everything as done."""
    if _state(issue) == "open":
        return None
    return "done" if text_at(issue, "state_reason") in {"", "completed"} else "not planned"
