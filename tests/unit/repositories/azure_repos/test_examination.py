"""What a repository in Azure Repos says when it looks at itself."""

import pytest

from fakes.azure_devops import faults
from trainboard.diagnosis import Examinable, Grade
from trainboard.repositories.azure_repos.examination import (
    CONTRIBUTE_TO_PULL_REQUESTS,
    EXCESSIVE,
    GIT_REPOSITORIES,
)


@pytest.fixture
def granted(azure, code):
    """The bot may contribute to pull requests of the whole project."""
    place = GIT_REPOSITORIES, f"repoV2/{code.project.id}", azure.bot.id
    azure.grants[place] = CONTRIBUTE_TO_PULL_REQUESTS


def test_all_is_well(azure, granted, repository):
    """Six calls that change nothing."""
    assert [
        "Azure DevOps lets us in to Churn model/churn as Trainboard Bot.",
        "We may comment and set statuses on pull requests in Churn model/churn.",
    ] == [finding.message for finding in repository.examine()]
    rights = ["GET security.permissions"] * (1 + len(EXCESSIVE))
    assert ["GET location.connection", "GET git.repositories", *rights] == azure.calls()
    assert isinstance(repository, Examinable)


def test_a_right_that_is_missing(repository):
    """The sentence names it as the portal does."""
    [_, trouble] = repository.examine()
    assert (Grade.FAILING, True) == (trouble.grade, "*Contribute to pull requests*" in trouble.message)


@pytest.mark.parametrize("right", EXCESSIVE)
def test_a_right_that_nothing_needs(azure, code, repository, granted, right):
    """By which whoever has the bot's token gets round what the bot itself guards."""
    azure.grants[GIT_REPOSITORIES, f"repoV2/{code.project.id}", azure.bot.id] |= right
    [*_, found] = repository.examine()
    assert (Grade.NOTE, True) == (found.grade, f"*{EXCESSIVE[right]}*" in found.message)


def test_a_repository_that_is_disabled(azure, granted, repository, code):
    """Nobody can write there."""
    code.is_disabled = True
    [_, trouble] = repository.examine()
    assert (Grade.FAILING, True) == (trouble.grade, "is disabled: enable it" in trouble.message)


def test_a_repository_that_is_not_there(open_repository):
    """Its name is wrong, or we may not see it."""
    [_, trouble] = open_repository("gone").examine()
    assert (Grade.FAILING, "Mend the way into Churn model/gone: see docs/azure-devops.md.") == (
        trouble.grade,
        trouble.fix,
    )


def test_a_limit_is_no_fault(azure, repository):
    """The bot waits, and so must who asks."""
    azure.faults.add(faults.throttled(5))
    [trouble] = repository.examine()
    assert (Grade.NOTE, "Ask again later. The bot waits by itself.") == (trouble.grade, trouble.fix)
