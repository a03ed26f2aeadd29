"""Pull requests.

Source: GitHub, "Webhook events and payloads", section `pull_request`.
"""

from collections.abc import Iterator
from typing import Literal

from trainboard.errors import PayloadError
from trainboard.events import Event, PullRequestChanged
from trainboard.pull_requests import PullRequest
from trainboard_webhooks.github.places import get_commit, get_repository, is_by_bot, text_at, url_at
from trainboard_webhooks.payload import Payload


def read_pull_request(payload: Payload) -> Iterator[Event]:
    """The pull request as it stands, whatever the action."""
    told = payload["pull_request"]
    state = _state(told)
    yield PullRequestChanged(
        pull_request=PullRequest(
            code=get_repository(payload),
            number=told["number"].integer(),
            title=told["title"].text(),
            state=state,
            head=get_commit(told["head"], "sha"),
            branch=told["head"]["ref"].text(),
            base=told["base"]["ref"].text(),
            at=told["updated_at"].time(),
            url=url_at(told, "html_url"),
            text=text_at(told, "body"),
            author=text_at(told, "user", "login"),
            draft=_is_true(told, "draft"),
            from_fork=_is_from_fork(told),
            merged_as=text_at(told, "merge_commit_sha") or None if state == "merged" else None,
        ),
        action=payload["action"].text(),
        by_bot=is_by_bot(payload),
    )


def _state(told: Payload) -> Literal["open", "merged", "closed"]:
    state = told["state"].text()
    if state == "open":
        return "open"
    if state != "closed":
        raise PayloadError('$.pull_request.state must be "open" or "closed"')
    return "merged" if _is_true(told, "merged") or told.find("merged_at") else "closed"


def _is_from_fork(told: Payload) -> bool:
    """True if the branch is in another repository, also in one that was deleted."""
    head, base = told.find("head", "repo", "id"), told.find("base", "repo", "id")
    return head is None or base is None or head.integer() != base.integer()


def _is_true(told: Payload, key: str) -> bool:
    value = told.find(key)
    return value is not None and value.boolean()
