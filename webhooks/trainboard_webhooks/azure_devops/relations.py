"""Links of work items to each other and to pull requests, as an update of a work item tells them.

An update that changes only links leaves revision and date of the work item as they were, so that the time is
that of the notification. A link to a pull request names its repository by a GUID; the number alone tells the
pull request in an organisation.

Source: Microsoft Learn, "Link types reference" and "Azure DevOps Services REST API Reference", "Work Items -
Update"; "Service hook events", section "Work item updated".
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from trainboard.events import Event, ParentChanged, PullRequestLinked
from trainboard_webhooks.azure_devops.places import find_word
from trainboard_webhooks.payload import Payload

_ABOVE, _BELOW = "System.LinkTypes.Hierarchy-Reverse", "System.LinkTypes.Hierarchy-Forward"
_ITEM = re.compile(r"[^?#]*/_apis/wit/workItems/([1-9][0-9]{0,9})", re.IGNORECASE)
_PULL_REQUEST = re.compile(r"vstfs:///Git/PullRequestId/[^/]+/[^/]+/([1-9][0-9]{0,9})", re.IGNORECASE)


def read_relations(organization: str, number: str, payload: Payload) -> Iterator[Event]:
    """What the update of work item `number` linked and what it took away."""
    for key, linked in (("removed", False), ("added", True)):
        for relation in payload.find("resource", "relations", key) or ():
            event = _event(organization, number, relation, payload, linked=linked)
            if event is not None:
                yield event


def _event(
    organization: str, number: str, relation: Payload, payload: Payload, *, linked: bool
) -> Event | None:
    kind, url = find_word(relation, "rel") or "", find_word(relation, "url") or ""
    tracker, at = f"azure-boards:{organization}", payload["createdDate"].time()
    other = _ITEM.fullmatch(url) if kind in {_ABOVE, _BELOW} else None
    if other is not None:
        child, parent = (number, other[1]) if kind == _ABOVE else (other[1], number)
        return ParentChanged(
            tracker=tracker, ref=child, parent_tracker=tracker, parent=parent, linked=linked, at=at
        )
    pull_request = _PULL_REQUEST.fullmatch(unquote(url)) if kind == "ArtifactLink" else None
    if pull_request is None:
        return None
    return PullRequestLinked(
        code=f"azure-repos:{organization}",
        number=int(pull_request[1]),
        tracker=tracker,
        ref=number,
        linked=linked,
        at=at,
    )
