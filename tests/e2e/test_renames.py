"""A repository gets another name: the bot says what to do, and goes on where it was."""

import pytest
from structlog.testing import capture_logs

from fakes.conversation import PROJECT, run
from fakes.github import FakeGitHub
from fakes.mortal import Killed
from fakes.pull_requests import CODE, check, pull_request
from fakes.stories import Story
from trainboard.errors import DoubtError, ReadOnlyError
from trainboard.events import CheckReported, PullRequestChanged, RepositoryChanged, RepositoryMoved
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


@pytest.fixture
def story(tmp_path):
    story = Story(f"sqlite:///{tmp_path}/trainboard.db")
    yield story
    story.close()


@pytest.mark.parametrize("error", [DoubtError("no answer came back"), Killed()], ids=["doubt", "death"])
@pytest.mark.parametrize("new", [NEW, "github:Acme/Churn-2"])
def test_a_doubt_outlives_the_new_name(story, error, new):
    """What was made as the repository got another name is found again by its former mark, and made once."""
    story.repository.fails("create_comment", error, after=True)
    story.says(PullRequestChanged(pull_request=pull_request(), action="opened"))
    try:
        story.hears(CheckReported(check=check("test", "failed")))
    except Killed:
        story.restart()
    story.says(RepositoryMoved(old=CODE, new=new, at=story.clock()))
    story.settle()
    story.repository.name = new
    names_anew(story, code=new)
    story.hears(PullRequestChanged(pull_request=pull_request(code=new), action="edited"))
    story.hears(CheckReported(check=check("lint", code=new)))

    assert "2 checks: 1 failed, 1 passed" in story.comment


def test_an_archived_repository_is_written_to_no_more(story):
    """Until it can be written to again; then it is shown what became known meanwhile."""
    story.opens()
    story.hears(RepositoryChanged(code=CODE, state="read-only", at=story.clock()))
    before = list(story.repository.calls)
    story.hears(CheckReported(check=check("test", "failed")))
    assert before == story.repository.calls
    assert "applied" == story.standing

    story.hears(RepositoryChanged(code=CODE, state="writable", at=story.clock()))
    assert "1 failed" in story.comment


def test_a_refusal_tells_that_a_repository_was_archived(story):
    """One write fails and says why, and no other one is tried that day."""
    story.opens()
    story.repository.fails("create_comment", ReadOnlyError("It was archived."))
    story.hears(CheckReported(check=check("test", "failed")))
    assert "dead" == story.standing
    before = len(story.repository.calls)
    story.hears(CheckReported(check=check("lint")))
    assert before == len(story.repository.calls)

    story.forward(days=1)
    story.hears(CheckReported(check=check("lint", "failed", run=2)))
    assert "2 failed" in story.comment


def test_a_repository_of_azure_repos_is_followed(tmp_path):
    """As one of GitHub is."""
    old, new = (f"azure-repos:acme/Churn/{name}" for name in ("churn", "leavers"))
    bot = Story(f"sqlite:///{tmp_path}/trainboard.db")
    organization = {"organization_url": "https://dev.azure.com/acme", "token": "a-token"}
    bot.settings = Settings.model_validate(bot.settings.model_dump() | {"azure_devops": organization})
    names_anew(bot, code=old)
    bot.hears(PullRequestChanged(pull_request=pull_request(code=old), action="opened"))
    bot.hears(CheckReported(check=check("lint", code=old)))
    bot.hears(RepositoryMoved(old=old, new=new, at=bot.clock()))
    bot.repository.name = new
    names_anew(bot, code=new)
    bot.hears(CheckReported(check=check("test", "failed", code=new)))

    assert "2 checks: 1 failed, 1 passed" in bot.comment
    bot.close()
