"""A database from a backup: what was made since then is found, and not made again."""

import pytest

from fakes.conversation import PROJECT, run
from fakes.github import FakeGitHub
from trainboard.store.backups import back_up, restore

LISTING = "GET /repos/acme/churn/issues"
ON_GITHUB = PROJECT | {"tracker": "github:acme/churn"}


@pytest.fixture
def bot(talk):
    """A bot whose project lives in acme/churn; `bot.github` is the GitHub behind it."""
    bot = talk(projects=[ON_GITHUB], github={"token": FakeGitHub.token, "webhook_secrets": ["s"]})
    bot.github = FakeGitHub(clock=bot.clock)
    with bot.github.running():
        bot.ticks()
        yield bot
        bot.bot.outside.trackers["churn"].close()


def titles(bot):
    return [issue.title for issue in bot.github.churn.issues.values()]


def test_an_issue_that_was_made_after_the_backup_is_found(bot, tmp_path):
    """And goes on to be kept; two weeks later nobody looks any more."""
    bot.reports(run("r1", "churn-one"))
    url = bot.bot.database.url
    back_up(url, tmp_path / "copy.db")
    bot.forward(days=1)
    bot.reports(run("r2", "churn-two"))
    assert ["Experiment: churn-one", "Experiment: churn-two"] == titles(bot)

    bot.close()
    restore(url, tmp_path / "copy.db", bot.clock(), replace=True)
    bot.restart()
    bot.ticks()
    asked = len(bot.github.calls())
    bot.reports(run("r2", "churn-two"))
    assert LISTING in bot.github.calls()[asked:]
    bot.forward(minutes=1)
    bot.reports(run("r3", "churn-two"))
    bot.forward(minutes=1)
    assert ["Experiment: churn-one", "Experiment: churn-two"] == titles(bot)
    assert "**2 runs: 2 finished**" in list(bot.github.churn.issues.values())[1].body
    assert [each.title for each in bot.github.churn.milestones.values()] == sorted(
        {each.title for each in bot.github.churn.milestones.values()}
    )

    bot.forward(days=15)
    asked = len(bot.github.requests)
    bot.reports(run("r4", "churn-four"))
    assert [] == [
        call for call in bot.github.calls()[asked:] if call.startswith("GET /repos/acme/churn/issues?")
    ]
