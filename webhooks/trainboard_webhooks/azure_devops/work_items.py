"""Work items: what became of one, as far as a notification tells.

It names the state but not what the state stands for, which the process of the project decides: whether
an item is open has to be looked up. At resource version 1.0 people are texts and not objects.

Source: Microsoft, "Service hook events", section "Work items".
"""

import re
from collections.abc import Iterator
from datetime import datetime

from trainboard.errors import PayloadError
from trainboard.events import Event, WorkItemChanged
from trainboard_webhooks.azure_devops.comments import hint_at_item
from trainboard_webhooks.azure_devops.people import is_no_person, name_person
from trainboard_webhooks.azure_devops.places import find_organization, find_word
from trainboard_webhooks.azure_devops.relations import read_relations
from trainboard_webhooks.azure_devops.shapes import find_number
from trainboard_webhooks.payload import Payload

_ACTIONS = {
    "workitem.created": "opened",
    "workitem.updated": "edited",
    "workitem.commented": "commented",
    "workitem.deleted": "deleted",
    "workitem.restored": "restored",
}
WORK_ITEM_KINDS = frozenset(_ACTIONS)

_WORDS = {
    "System.AssignedTo": "assignees",
    "System.Description": "body",
    "System.IterationPath": "iteration",
    "System.State": "state",
    "System.Tags": "labels",
    "System.Title": "title",
}
_COMMENT = frozenset({"System.History", "System.CommentCount"})
_BOOKKEEPING = frozenset(
    {
        "System.AuthorizedAs",
        "System.AuthorizedDate",
        "System.ChangedBy",
        "System.ChangedDate",
        "System.PersonId",
        "System.Rev",
        "System.RevisedDate",
        "System.Watermark",
    }
)
_NAME_AND_ADDRESS = re.compile(r"[^<>]*<([^<>]+)>")


def read_work_item(kind: str, payload: Payload) -> Iterator[Event]:
    """The change; `state` is None, and what the notification leaves out is empty."""
    organization, number = find_organization(payload), find_number(kind, payload)
    if organization is None or number is None:
        raise PayloadError("the body does not say which work item of which organisation it is about")
    item = payload.find("resource", *_below(kind)) or Payload({})
    actor, by_bot = _actor(payload, item)
    yield WorkItemChanged(
        tracker=f"azure-boards:{organization}",
        ref=number,
        action="commented" if find_comment(kind, payload) else _ACTIONS[kind],
        title=find_word(item, "fields", "System.Title") or "",
        state=None,
        at=_time(kind, payload, item),
        actor=actor,
        by_bot=by_bot,
        labels=_labels(item),
        iteration=find_word(item, "fields", "System.IterationPath"),
        fields=tuple(_WORDS.get(name, name) for name in _changed(kind, payload)),
    )
    if kind == "workitem.updated":
        yield from read_relations(organization, number, payload)
    if comment := find_comment(kind, payload):
        yield from hint_at_item(kind, payload, item, comment)


def find_comment(kind: str, payload: Payload) -> tuple[str, str] | None:
    """The comment's number on its work item and its version; None if the change is not all about one."""
    if kind == "workitem.updated":
        changed = _changed(kind, payload)
        if not changed or not _COMMENT.issuperset(changed):
            return None
    elif kind != "workitem.commented":
        return None
    reference = payload.find("resource", *_below(kind), "commentVersionRef")
    comment = find_word(reference, "commentId") if reference else None
    return (comment, find_word(reference, "version") or "") if reference and comment else None


def _below(kind: str) -> tuple[str, ...]:
    """Where in the resource the work item itself is: an update has it as its revision."""
    return ("revision",) if kind == "workitem.updated" else ()


def _changed(kind: str, payload: Payload) -> list[str]:
    """The names of the fields that an update changed, without those that every update changes."""
    fields = payload.find("resource", "fields") if kind == "workitem.updated" else None
    return sorted(set(fields.keys()) - _BOOKKEEPING) if fields else []


def _time(kind: str, payload: Payload, item: Payload) -> datetime:
    """When the item changed; what was deleted or restored still has the time of its last change."""
    moved = kind in {"workitem.deleted", "workitem.restored"}
    changed = None if moved else item.find("fields", "System.ChangedDate")
    return (changed or payload["createdDate"]).time()


def _actor(payload: Payload, item: Payload) -> tuple[str, bool]:
    """Who changed the item, empty if that is not told, and whether it is surely no person."""
    who = payload.find("resource", "revisedBy") or item.find("fields", "System.ChangedBy")
    if who is None:
        return "", False
    try:
        text = who.text()
    except PayloadError:
        return name_person(who), is_no_person(who)
    address = _NAME_AND_ADDRESS.fullmatch(text)
    return (address[1] if address else text), False


def _labels(item: Payload) -> tuple[str, ...]:
    tags = find_word(item, "fields", "System.Tags") or ""
    return tuple(tag.strip() for tag in tags.split(";") if tag.strip())
