"""Who is meant by an identity in a notification."""

from trainboard_webhooks.azure_devops.places import find_word
from trainboard_webhooks.payload import Payload

_NO_PERSON = frozenset({"aadsp", "s2s", "svc"})


def name_person(who: Payload | None) -> str:
    """The name by which the organisation knows somebody, or else the one shown; empty if neither is told."""
    if who is None:
        return ""
    return find_word(who, "uniqueName") or find_word(who, "displayName") or ""


def is_no_person(who: Payload | None) -> bool:
    """True for what is surely a service: a principal, a build service or Azure DevOps itself."""
    return who is not None and (find_word(who, "descriptor") or "").partition(".")[0] in _NO_PERSON
