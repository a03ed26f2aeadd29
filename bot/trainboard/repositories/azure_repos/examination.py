"""A look at a repository in Azure Repos: are we let in, and may we speak on its pull requests."""

from collections.abc import Iterator

import msgspec

from trainboard.azure_devops.calls import Call, Many
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.people import read_me
from trainboard.diagnosis import Finding, failing, note
from trainboard.errors import LimitedError, PermanentError, TrainboardError

GIT_REPOSITORIES = "2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87"
CONTRIBUTE_TO_PULL_REQUESTS = 16_384
EXCESSIVE = {
    128: "Bypass policies when pushing",
    8_192: "Manage permissions",
    32_768: "Bypass policies when completing pull requests",
}
"""Rights by which gates could be got round, and that the bot never needs.

Source: "Security namespace and permission reference".
"""


class Numbered(msgspec.Struct, frozen=True):
    """A project or a repository, by its GUID."""

    id: str


class RepositoryJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A repository as it stands."""

    id: str
    project: Numbered
    is_disabled: bool = False


def examine(organization: Organization, project: str, repository: str) -> Iterator[Finding]:
    """Six calls: who we are, how the repository stands, and what we may do there, too little and too much.

    Args:
        organization: sends the calls.
        project: the project's name.
        repository: the repository's name.
    """
    try:
        yield Finding(message=_look_at_access(organization, project, repository))
        token = _look_at_repository(organization, project, repository)
        yield from _look_at_rights(organization, project, repository, token)
    except LimitedError as error:
        yield note(str(error), "Ask again later. The bot waits by itself.")
    except TrainboardError as error:
        yield failing(str(error), f"Mend the way into {project}/{repository}: see docs/azure-devops.md.")


def _look_at_access(organization: Organization, project: str, repository: str) -> str:
    me = read_me(organization)
    return f"Azure DevOps lets us in to {project}/{repository} as {me.provider_display_name or me.id}."


def _look_at_repository(organization: Organization, project: str, repository: str) -> str:
    """How the repository is called where rights are granted."""
    thing = f"repository {repository} in {project}"
    found = organization.read(
        Call(doing=f"see {thing}", thing=thing),
        lambda to: to.git.get_repository(repository, project),
        RepositoryJson,
    )
    if found.is_disabled:
        raise PermanentError(f"{thing} is disabled: enable it.")
    return f"repoV2/{found.project.id}/{found.id}"


def _look_at_rights(
    organization: Organization, project: str, repository: str, token: str
) -> Iterator[Finding]:
    where = f"{project}/{repository}"
    if not _may(organization, where, token, CONTRIBUTE_TO_PULL_REQUESTS):
        raise PermanentError(
            f"We may not contribute to pull requests in {where}: allow the account "
            "*Contribute to pull requests* there."
        )
    yield Finding(message=f"We may comment and set statuses on pull requests in {where}.")
    for right, name in EXCESSIVE.items():
        if _may(organization, where, token, right):
            yield note(
                f"We have a right in {where} that nothing needs: *{name}*.",
                "Deny it to the account under *Project settings → Repositories → Security*: see "
                "docs/security-model.md.",
            )


def _may(organization: Organization, where: str, token: str, right: int) -> bool:
    answer = organization.read(
        Call(doing=f"see what we may do in {where}"),
        lambda to: to.security.has_permissions(GIT_REPOSITORIES, right, tokens=token),
        Many[bool],
    )
    return all(answer.value)
