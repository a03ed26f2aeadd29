"""Pull requests that were opened, closed or talked of since a moment, and pushes.

That a pull request was updated, its hook says without saying how. What stands in the project shows it
by pushes only: one to the branch of an open pull request updated that.

Source: "Pull Requests", "Get Pull Requests By Project", and "Pushes", "List", of the REST API.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from trainboard.azure_devops.calls import Call
from trainboard.azure_devops.changes import Change, Listing, Place, pull_comments, read_each, read_moment
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.clients import Clients
from trainboard.azure_devops.models import git as models
from trainboard.errors import PayloadError

PER_PAGE = 100

Json = Mapping[str, Any]


def list_changes(
    organization: Organization, place: Place, since: datetime, names: tuple[str, ...]
) -> Iterator[Change]:
    """Pull requests of the whole project; pushes to, and comments in, the repositories of these names."""
    by_status = {
        status: list(_list_requests(organization, place, since, status))
        for status in ("active", "completed", "abandoned")
    }
    for requests in by_status.values():
        yield from read_each(requests, partial(_describe_request, since))
        for request in requests:
            if _may_be_talked_of(request, since, names):
                yield from pull_comments.list_changes(organization, place, since, request)
    for repository in names:
        pushes = list(_list_pushes(organization, place, since, repository))
        yield from read_each(pushes, _describe_push)
        yield from read_each(pushes, partial(_describe_pushed, by_status["active"]))


def _list_requests(organization: Organization, place: Place, since: datetime, status: str) -> Iterator[Json]:
    """Newest first, up to a page on which nothing happened since."""
    call = Call(doing=f"list pull requests of {place.project}")
    criteria = models.GitPullRequestSearchCriteria(status=status)
    for page in _pages(organization, call, partial(_send_requests, place.project, criteria)):
        yield from page
        if not any(_is_since(since, request) for request in page):
            return


def _may_be_talked_of(request: Json, since: datetime, names: tuple[str, ...]) -> bool:
    repository = (request.get("repository") or {}).get("name", "")
    is_ours = repository.casefold() in {name.casefold() for name in names}
    return is_ours and (request.get("status") == "active" or _is_since(since, request))


def _list_pushes(
    organization: Organization, place: Place, since: datetime, repository: str
) -> Iterator[Json]:
    call = Call(doing=f"list pushes to {repository}", thing=f"the repository {repository}")
    criteria = models.GitPushSearchCriteria(
        from_date=f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", include_ref_updates=True
    )
    for page in _pages(organization, call, partial(_send_pushes, place.project, repository, criteria)):
        yield from page


def _pages(organization: Organization, call: Call, send: Any) -> Iterator[Sequence[Json]]:
    skip = 0
    while True:
        page = organization.read(call, partial(send, skip), Listing).value
        yield page
        if len(page) < PER_PAGE:
            return
        skip += PER_PAGE


def _send_requests(project: str, criteria: object, skip: int, clients: Clients) -> object:
    ask = clients.git.get_pull_requests_by_project
    return ask(project, criteria, skip=skip, top=PER_PAGE)


def _send_pushes(project: str, repository: str, criteria: object, skip: int, clients: Clients) -> object:
    return clients.git.get_pushes(repository, project, skip=skip, top=PER_PAGE, search_criteria=criteria)


def _happened_at(request: Json) -> datetime:
    return read_moment(request.get("closedDate") or request.get("creationDate"))


def _is_since(since: datetime, request: Json) -> bool:
    try:
        return _happened_at(request) >= since
    except PayloadError:
        return False


def _describe_request(since: datetime, request: Json) -> Iterator[Change]:
    number = request["pullRequestId"]
    created_at = read_moment(request["creationDate"])
    if created_at >= since:
        yield Change(event="git.pullrequest.created", thing=f"{number}", at=created_at, resource=request)
    if request["status"] == "active" or not _is_since(since, request):
        return
    event = "git.pullrequest.merged" if request["status"] == "completed" else "git.pullrequest.updated"
    thing = f"{number}/{request['status']}"
    yield Change(event=event, thing=thing, at=_happened_at(request), resource=request)


def _describe_push(push: Json) -> Iterator[Change]:
    thing = f"{push['repository']['id']}/{push['pushId']}"
    yield Change(
        event="git.push", thing=thing, at=read_moment(push["date"]), resource={"commits": [], **push}
    )


def _describe_pushed(requests: Sequence[Json], push: Json) -> Iterator[Change]:
    """The open pull requests that the push was to, each as it stands now."""
    branches = {update["name"] for update in push.get("refUpdates") or ()}
    for request in requests:
        is_there = (request.get("repository") or {}).get("id") == push["repository"]["id"]
        if is_there and request.get("sourceRefName") in branches:
            yield Change(
                event="git.pullrequest.updated",
                thing=f"{request['pullRequestId']}/pushed/{push['pushId']}",
                at=read_moment(push["date"]),
                resource=request,
            )
