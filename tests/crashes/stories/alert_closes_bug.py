"""An alert is over, and its bug is closed after a while."""

from datetime import timedelta

from crashes.stories.alert_opens_bug import SOURCES, WORLDS, tell

__all__ = ["SOURCES", "WORLDS"]
LATER = (timedelta(minutes=11),)
TICKS = ("alerts",)


def begins(team):
    """It has fired, and has a bug."""
    team.bot.forward(seconds=61)
    tell(team, "firing")
    team.bot.forward(seconds=61)
    return team


def happens(team):
    """Alertmanager tells that it is resolved."""
    tell(team, "resolved")
