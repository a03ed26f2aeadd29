"""Members of bodies that senders leave out, write as null, or spell now with one case, now with another."""

from datetime import datetime

from trainboard.errors import PayloadError
from trainboard_webhooks.payload import Payload

MOST_LABELS = 64


def find_member(payload: Payload, key: str) -> Payload | None:
    """The member whose key is `key` in whatever case, the exact one first; None if missing or null."""
    exact, folded = payload.find(key), key.casefold()
    alike = (member for name, member in payload.members() if name.casefold() == folded)
    return exact if exact is not None else next(alike, None)


def find_shown(payload: Payload, *keys: str) -> str:
    """The text, number or boolean under `keys`, in whatever case, to be shown; empty if there is none."""
    here: Payload | None = payload
    for key in keys:
        here = find_member(here, key) if here is not None else None
    return here.shown() if here is not None else ""


def find_time(payload: Payload, key: str) -> datetime | None:
    """The time under `key`, None if there is none."""
    member = find_member(payload, key)
    return member.time() if member is not None else None


def list_items(payload: Payload, key: str) -> list[Payload]:
    """The items of the list under `key`, none if it is missing or null."""
    member = find_member(payload, key)
    return list(member) if member is not None else []


def read_labels(payload: Payload | None) -> dict[str, str]:
    """The members that are texts, numbers or booleans, as labels; what is nested is left out.

    Raises:
        PayloadError: it is no object, or has more than 64 members.
    """
    if payload is None:
        return {}
    members = list(payload.members())
    if len(members) > MOST_LABELS:
        raise PayloadError(f"{payload.path} has {len(members)} members; at most {MOST_LABELS} are read")
    return {key: member.shown() for key, member in members if member.is_plain()}
