"""What an alert is about: the rule's id and the ids of its targets, whose case varies."""

import re

from trainboard.fingerprints import fingerprint
from trainboard_webhooks.members import find_shown, list_items
from trainboard_webhooks.payload import Payload, shorten

_ENDPOINT = re.compile(r"/(?:online|batch)endpoints/(?P<name>[^/]+)")
_MARK_CHARACTERS = 8
_NAME_CHARACTERS = 80


def list_targets(essentials: Payload) -> list[str]:
    """The ids of the targets in small letters, sorted."""
    return sorted({target.text().lower().rstrip("/") for target in list_items(essentials, "alertTargetIDs")})


def find_target(essentials: Payload) -> str:
    """The targets' names to be read, and a mark that no other rule or targets have.

    The mark is of the rule's id, its name where there is none, and of the targets' ids.
    """
    targets = list_targets(essentials)
    rule = find_shown(essentials, "alertRuleId") or find_shown(essentials, "alertRule")
    mark = fingerprint(rule.lower(), *targets)[:_MARK_CHARACTERS]
    names = ", ".join(dict.fromkeys(target.rpartition("/")[2] for target in targets))
    return f"{shorten(names, _NAME_CHARACTERS)}~{mark}"


def find_service(essentials: Payload) -> str:
    """The endpoint of Azure Machine Learning that the alert is about, empty for none or several."""
    found = {match["name"] for target in list_targets(essentials) if (match := _ENDPOINT.search(target))}
    return found.pop() if len(found) == 1 else ""
