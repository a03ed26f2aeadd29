"""Another run of an experiment ends that has its work item."""

from crashes.stories.run_makes_item import WORLDS, report

__all__ = ["WORLDS"]


def begins(team):
    """A run has made the work item."""
    report(team, "r1", 0.9)
    team.bot.forward(seconds=61)
    return team


def happens(team):
    """A job reports a better one."""
    report(team, "r2", 0.93)
