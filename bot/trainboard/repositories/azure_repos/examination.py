"""A look at a repository in Azure Repos: are we let in, and may we speak on its pull requests."""

from collections.abc import Callable, Iterator

import msgspec

from trainboard.azure_devops.calls import Call, Many
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.people import read_me
from trainboard.diagnosis import Finding, failing, note
from trainboard.errors import LimitedError, PermanentError, TrainboardError

GIT_REPOSITORIES = "2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87"
CONTRIBUTE_TO_PULL_REQUESTS = 16_384
"""Source: "Security namespace and permission reference"."""


class Numbered(msgspec.Struct, frozen=True):
    """A project or a repository, by its GUID."""

    id: str


class RepositoryJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A repository as it stands."""

    id: str
    project: Numbered
    is_disabled: bool = False


def examine(organization: Organization, project: str, repository: str) -> Iterator[Finding]:
    """Three calls: who we are, how the repository stands, and what we may do there.

    Args:
        organization: sends the calls.
        project: the project's name.
        repository: the repository's name.
    """
    looks: tuple[Callable[[Organization, str, str], str], ...] = (_look_at_access, _look_at_repository)
    for look in looks:
        try:
            yield Finding(message=look(organization, project, repository))
        except LimitedError as error:
            yield note(str(error), "Ask again later. The bot waits by itself.")
            return
        except TrainboardError as error:
            yield failing(str(error), f"Mend the way into {project}/{repository}: see docs/azure-devops.md.")
            return


def _look_at_access(organization: Organization, project: str, repository: str) -> str:
    me = read_me(organization)
    return f"Azure DevOps lets us in to {project}/{repository} as {me.provider_display_name or me.id}."


def _look_at_repository(organization: Organization, project: str, repository: str) -> str:
    thing = f"repository {repository} in {project}"
    found = organization.read(
        Call(doing=f"see {thing}", thing=thing),
        lambda to: to.git.get_repository(repository, project),
        RepositoryJson,
    )
    if found.is_disabled:
        raise PermanentError(f"{thing} is disabled: enable it.")
    may = organization.read(
        Call(doing=f"see what we may do in {thing}"),
        lambda to: to.security.has_permissions(
            GIT_REPOSITORIES,
            CONTRIBUTE_TO_PULL_REQUESTS,
            tokens=f"repoV2/{found.project.id}/{found.id}",
        ),
        Many[bool],
    )
    if not all(may.value):
        raise PermanentError(
            f"We may not contribute to pull requests in {project}/{repository}: allow the account "
            "*Contribute to pull requests* there."
        )
    return f"We may comment and set statuses on pull requests in {project}/{repository}."
