"""Repositories that get another name, are turned off or on, or are deleted.

Source: Microsoft, "Service hook events", section "Code".
"""

from collections.abc import Iterator

from trainboard.errors import PayloadError
from trainboard.events import Event, RepositoryChanged, RepositoryMoved
from trainboard.pull_requests import RepositoryState
from trainboard_webhooks.azure_devops.places import find_word, get_organization, name_code
from trainboard_webhooks.payload import Payload

REPOSITORY_KINDS = frozenset({"git.repo.renamed", "git.repo.deleted", "git.repo.statuschanged"})


def read_repository(kind: str, payload: Payload) -> Iterator[Event]:
    """The name before and the name now, or whether it can be written to."""
    told, at = payload["resource"], payload["createdDate"].time()
    if kind == "git.repo.renamed":
        old, new = told["oldName"].text(), told["newName"].text()
        yield RepositoryMoved(old=_name(payload, told, old), new=_name(payload, told, new), at=at)
    elif kind == "git.repo.deleted":
        name = told["repositoryName"].text()
        yield RepositoryChanged(code=_name(payload, told, name), state="gone", at=at)
    else:
        name = told["repository"]["name"].text()
        yield RepositoryChanged(code=_name(payload, told, name), state=_state(told), at=at)


def _name(payload: Payload, told: Payload, repository: str) -> str:
    project = find_word(told, "repository", "project", "name") or find_word(told, "project", "name")
    if project is None:
        raise PayloadError("the body does not say which project the repository is in")
    return name_code(get_organization(payload), project, repository)


def _state(told: Payload) -> RepositoryState:
    return "read-only" if find_word(told, "disabled") == "true" else "writable"
