"""A repository gets another name: the bot says what to do, and goes on where it was."""

import pytest
from structlog.testing import capture_logs

from fakes.conversation import PROJECT, run
from fakes.github import FakeGitHub
from fakes.pull_requests import CODE, check, pull_request
from fakes.stories import Story
from trainboard.events import CheckReported, PullRequestChanged, RepositoryMoved
from trainboard.settings import Settings

NEW = "github:acme/leavers"
WEBHOOK = {
    "action": "renamed",
    "changes": {"repository": {"name": {"from": "churn"}}},
    "repository": {"full_name": "acme/leavers", "updated_at": "2026-11-18T10:30:00Z"},
}


def names_anew(bot, **place):
    """Somebody does as the bot says, and starts it anew."""
    values = bot.settings.model_dump() | {"projects": [PROJECT | place]}
    bot.settings = Settings.model_validate(values)
    bot.restart()


@pytest.fixture
def bot(talk):
    """A bot whose project lives in acme/churn; `bot.github` is the GitHub behind it."""
    bot = talk(
        projects=[PROJECT | {"tracker": CODE}],
        github={"token": FakeGitHub.token, "webhook_secrets": ["github webhook secret"]},
    )
    bot.github = FakeGitHub(clock=bot.clock)
    with bot.github.running():
        bot.ticks()
        yield bot
    bot.bot.outside.trackers["churn"].close()


def test_work_items_are_not_made_twice(bot):
    """The issue of before is edited, with one part of the bot's own in it."""
    bot.reports(run("r1", metrics={"val_auc": 0.9}))
    bot.github.rename("acme/churn", "acme/leavers")
    with capture_logs() as logs:
        bot.github_says("repository", WEBHOOK)
    [said] = [each for each in logs if "is called github:acme/leavers now" in each["event"]]
    assert 'Write tracker = "github:acme/leavers" for the project' in said["fix"]

    names_anew(bot, tracker=NEW)
    bot.reports(run("r2", metrics={"val_auc": 0.91}))
    bot.forward(minutes=5)
    [issue] = bot.github.repositories["acme/leavers"].issues.values()
    assert "**2 runs: 2 finished**" in issue.body
    assert 1 == issue.body.count("trainboard:begin")


def test_a_pull_request_keeps_its_comment(tmp_path):
    """And the checks that it had; what waited to be shown is shown."""
    bot = Story(f"sqlite:///{tmp_path}/trainboard.db")
    bot.opens()
    bot.hears(CheckReported(check=check("lint")))
    bot.hears(RepositoryMoved(old=CODE, new=NEW, at=bot.clock()))
    names_anew(bot, code=NEW)
    bot.hears(PullRequestChanged(pull_request=pull_request(code=NEW), action="edited"))
    bot.hears(CheckReported(check=check("test", "failed", code=NEW)))

    assert "2 checks: 1 failed, 1 passed" in bot.comment
    bot.close()
