"""A run reaches the target of an experiment that ends by itself then."""

from datetime import timedelta

from crashes.stories.run_makes_item import report
from trainboard.work_items import WorkItemChange

WORLDS = ("local", "github", "azure-devops")
PLAN = "### Targets\nval_auc >= 0.92\n\n### Decision rule\nconclude when targets met\n\n"
LATER = (timedelta(minutes=6),)


def begins(team):
    """A run has made the work item, and somebody wrote the plan."""
    report(team, "r0", 0.9)
    team.bot.forward(minutes=6)
    [item] = team.bot.items()
    tracker = team.bot.bot.outside.trackers["churn"]
    tracker.update_item(item.ref, WorkItemChange(body=f"{PLAN}{item.body}"))
    report(team, "r1", 0.9)
    team.bot.forward(minutes=6)
    return team


def happens(team):
    """A job reports that its run met the target."""
    report(team, "r2", 0.95)
