"""Pull requests: how one stands, as far as a notification tells.

What was updated and who did it is not told: the pull request is. It is told as it is when the notification
is sent. `git.pullrequest.merged` is of every attempt to merge, also of those that only test whether it could
be done; whether a pull request is merged is told by its status alone.

Source: Microsoft, "Service hook events", section "Code"; "Azure DevOps Services REST API Reference",
"Git", "Pull Requests - Get Pull Request".
"""

from collections.abc import Iterator
from typing import Literal

from trainboard.errors import PayloadError
from trainboard.events import Event, PullRequestChanged, PullRequestLinked
from trainboard.pull_requests import PullRequest
from trainboard_webhooks.azure_devops.people import is_no_person, name_person
from trainboard_webhooks.azure_devops.places import (
    find_commit,
    find_page,
    find_word,
    get_organization,
    name_branch,
    name_code,
)
from trainboard_webhooks.payload import Payload

_ACTIONS = {
    "git.pullrequest.created": "opened",
    "git.pullrequest.updated": "edited",
    "git.pullrequest.merged": "merge tried",
}
PULL_REQUEST_KINDS = frozenset(_ACTIONS)

State = Literal["open", "merged", "closed"]
_STATES: dict[str, State] = {"active": "open", "completed": "merged", "abandoned": "closed"}


def read_pull_request(kind: str, payload: Payload) -> Iterator[Event]:
    """The pull request as it is told.

    Raises:
        PayloadError: it is not told whole, as of a subscription that sends no details of the resource.
    """
    pull = payload["resource"]
    state = _state(pull)
    author = pull.find("createdBy")
    yield PullRequestChanged(
        pull_request=_pull_request(payload, pull, state),
        action=_ACTIONS[kind] if state == "open" else state,
        by_bot=kind == "git.pullrequest.created" and is_no_person(author),
    )
    yield from _linked(payload, pull)


def _linked(payload: Payload, pull: Payload) -> Iterator[Event]:
    """The work items that it is linked to, where they are told."""
    organization = get_organization(payload)
    for told in pull.find("workItemRefs") or ():
        yield PullRequestLinked(
            code=f"azure-repos:{organization}",
            number=pull["pullRequestId"].integer(),
            tracker=f"azure-boards:{organization}",
            ref=told["id"].word(),
            linked=True,
            at=payload["createdDate"].time(),
        )


def _pull_request(payload: Payload, pull: Payload, state: State) -> PullRequest:
    number = pull["pullRequestId"].integer()
    project = pull["repository"]["project"]["name"].text()
    repository = pull["repository"]["name"].text()
    return PullRequest(
        code=name_code(get_organization(payload), project, repository),
        number=number,
        title=pull["title"].text(),
        state=state,
        head=_head(pull),
        branch=name_branch(pull["sourceRefName"].text()),
        base=name_branch(pull["targetRefName"].text()),
        at=payload["createdDate"].time(),
        url=find_page(payload, project, "_git", repository, "pullrequest", str(number)),
        text=find_word(pull, "description") or "",
        author=name_person(pull.find("createdBy")),
        draft=find_word(pull, "isDraft") == "true",
        from_fork=pull.find("forkSource") is not None,
        merged_as=find_commit(find_word(pull, "lastMergeCommit", "commitId")) if state == "merged" else None,
    )


def _state(pull: Payload) -> State:
    status = pull["status"].text()
    if status not in _STATES:
        raise PayloadError("$.resource.status must be active, completed or abandoned")
    return _STATES[status]


def _head(pull: Payload) -> str:
    """The commit that was last tried to be merged, the newest that is told."""
    head = find_commit(find_word(pull, "lastMergeSourceCommit", "commitId"))
    if head is None:
        raise PayloadError("$.resource.lastMergeSourceCommit.commitId must be the hash of a commit")
    return head
