"""A check of a pull request fails while a run on its head commit meets the target."""

from fakes.conversation import run

WORLDS = ("github", "azure-devops")


def begins(team):
    """An experiment with a target, and a pull request that belongs to it."""
    ref = team.plans("val_auc >= 0.92")
    team.opens("Widen the trees", f"Fixes #{ref}", "src/train.py")
    return team


def happens(team):
    """The platform tells of the check, a job of its run."""
    team.checks("failure")
    team.bot.reports(run("r2", metrics={"val_auc": 0.95}, links={"commit": team.head}))
