"""A deployment waits for an approval, and somebody approves it in a comment."""

from crashes.stories.comment_is_obeyed import talking_of
from fakes.approving import ApprovingOnAzure, ApprovingOnGitHub
from fakes.teams import GitHubTeam

WORLDS = ("github", "azure-devops")


def begins(team):
    """A run of the head commit of a pull request waits before it goes to production."""
    people = talking_of(team)
    people.begins()
    waiting = (ApprovingOnGitHub if isinstance(team, GitHubTeam) else ApprovingOnAzure)(team)
    waiting.waits()
    team.goes_by()
    return people


def happens(people):
    """Ana approves it."""
    people.says("/approve production", on_pull=True, settles=False)
