"""A run ends whose experiment has no work item yet."""

from fakes.conversation import run

WORLDS = ("local", "github", "azure-devops", "emulate")


def begins(team):
    """Nothing is known."""
    return team


def happens(team):
    """A job reports its run."""
    report(team, "r1", 0.93)


def report(team, run_id, val_auc):
    """A job reports a run that has just ended."""
    now = team.bot.clock().isoformat()
    times = {"started_at": now, "ended_at": now}
    team.bot.reports(run(run_id, metrics={"val_auc": val_auc}, run=times))
