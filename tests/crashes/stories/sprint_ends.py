"""A sprint ends: what is open goes into the next one, and the report is final."""

from datetime import timedelta

from fakes.conversation import SPRINT
from fakes.planning import Planning

WORLDS = ("local", "github", "azure-devops")
SECTIONS = {"reports": [{"project": "churn", "cron": "0 9 * * mon-fri", "deliver": ["tracker"]}]}
PROJECT = {"sprint": SPRINT | {"carry_over": "all"}}
LATER = (timedelta(days=1), timedelta(days=4, minutes=1), timedelta(days=4, minutes=6))
TICKS = ("sprints", "history", "reports")


def begins(team):
    """A sprint with one item that is done and one that is not, and a report of this morning."""
    planning = Planning(team)
    done = planning.makes("Clean the labels", 1, 5.0)
    planning.makes("Train", 1, 8.0)
    planning.looks()
    planning.passes(hours=23)
    planning.changes(done, state="closed")
    planning.looks()
    return team


def happens(_team):
    """Nobody does anything."""
