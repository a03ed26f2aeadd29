"""What was said on a pull request since a moment.

Source: "Pull Request Threads", "List", of the REST API.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from trainboard.azure_devops.calls import Call
from trainboard.azure_devops.changes import Change, Listing, Place, read_each, read_moment
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.clients import Clients

Json = Mapping[str, Any]


def list_changes(
    organization: Organization, place: Place, since: datetime, request: Json
) -> Iterator[Change]:
    """A change for each comment that was written, edited or deleted since, by people."""
    number, repository = request["pullRequestId"], request["repository"]["id"]
    call = Call(doing=f"list comments on pull request {number} of {place.project}")
    send = partial(_send, place.project, repository, number)
    threads = organization.read(call, send, Listing).value
    return read_each(threads, partial(_describe, since, request))


def _send(project: str, repository: str, number: int, clients: Clients) -> object:
    return clients.git.get_threads(repository, number, project)


def _describe(since: datetime, request: Json, thread: Json) -> Iterator[Change]:
    for comment in thread.get("comments") or ():
        at = read_moment(comment["lastUpdatedDate"])
        if at >= since and comment.get("commentType") != "system":
            yield Change(
                event="ms.vss-code.git-pullrequest-comment-event",
                thing=f"{request['pullRequestId']}/{thread['id']}/{comment['id']}/{at.isoformat()}",
                at=at,
                resource={"comment": _link(request, thread, comment), "pullRequest": request},
            )


def _link(request: Json, thread: Json, comment: Json) -> Json:
    """The comment with a link to its thread, which is all that a delivery says of it."""
    links = comment.get("_links") or {}
    own = (links.get("self") or {}).get("href")
    place = own.rpartition("/comments/")[0] if own else f"{request.get('url')}/threads/{thread['id']}"
    return {**comment, "_links": {"threads": {"href": place}, **links}}
