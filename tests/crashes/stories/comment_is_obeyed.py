"""A comment has two commands: one changes the work item, the other asks for an answer."""

from datetime import timedelta

from fakes.talking import TalkingOnAzure, TalkingOnGitHub, TalkingOnLocalBoard
from fakes.teams import AzureTeam, GitHubTeam

WORLDS = ("local", "github", "azure-devops")
TICKS = ("comments",)
LATER = (timedelta(minutes=11),)


def begins(team):
    """An experiment and, where there is code, its pull request."""
    people = talking_of(team)
    people.begins()
    return people


def happens(people):
    """Ana writes the comment."""
    people.says("/label data\n/help status", settles=False)


def talking_of(team):
    """Whoever talks there."""
    kinds = {GitHubTeam: TalkingOnGitHub, AzureTeam: TalkingOnAzure}
    return kinds.get(type(team), TalkingOnLocalBoard)(team)
