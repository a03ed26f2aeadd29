"""On a local board people command by the command line."""

import json

import pytest
import time_machine
from click.testing import CliRunner

from fakes.conversation import run
from trainboard.cli import main
from trainboard.errors import LimitedError, MissingError, PermanentError, TransientError

SETTINGS = """
[server]
database = "{database}"

[[projects]]
name = "churn"
"""


@pytest.fixture
def bot(talk):
    """A bot with a local board, on which one experiment has its work item."""
    made = talk()
    made.reports(run("r1", "churn-xgb", metrics={"val_auc": 0.9}))
    return made


@pytest.fixture
def comment(bot, tmp_path):
    """Runs the command beside the bot: exit code, output, errors."""
    config = tmp_path / "trainboard.toml"
    config.write_text(SETTINGS.format(database=bot.settings.server.database.get_secret_value()))

    def call(*words):
        with time_machine.travel(bot.clock(), tick=False):
            done = CliRunner().invoke(main, ["comment", *words, "--config", str(config)])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.stdout, done.stderr

    return call


def test_what_somebody_commands_is_done(bot, comment):
    """And the page of the item shows what came of it."""
    code, said, _ = comment("1", "/label data", "--as", "Ada")
    assert (0, True) == (code, said.startswith("Comment 1 stands on work item 1. It may command"))
    bot.forward(minutes=1)
    [item] = bot.items()
    assert "data" in item.labels
    page = bot.http.get("/items/1").text
    assert "<b>Ada</b>" in page
    assert "· done" in page


def test_what_commands_nothing_is_only_a_comment(bot, comment):
    """As a program may read."""
    code, said, _ = comment("1", "Looks good.", "--json")
    assert (0, {"work_item": 1, "comment": 1, "is_command": False}) == (code, json.loads(said))
    bot.forward(minutes=1)
    assert "Looks good." in bot.http.get("/items/1").text


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("99", "/close"), 1, "No local board has a work item 99."),
        (("0", "/close"), 2, "0 is not in the range"),
        (("1", " "), 2, "It says nothing."),
        (("1", "a" * 65_537), 2, "at most 65,536 characters"),
        (("1", "/close", "--as", "Trainboard"), 2, "The bot does not obey itself"),
        (("1", "/close", "--as", "\x1b[31m"), 2, "is no name"),
    ],
)
def test_what_cannot_be_said_is_told(bot, comment, words, code, said):
    """And nothing stands anywhere."""
    found, _, errors = comment(*words)
    assert (code, True) == (found, said in errors)
    bot.forward(minutes=1)
    assert "0 comments" in bot.http.get("/items/1").text


def test_what_no_database_keeps_is_replaced(bot, comment):
    """Signs that are none."""
    assert 0 == comment("1", "/label a\x00b\udcff")[0]
    bot.forward(minutes=1)
    assert bot.items()[0].labels


class Unsure:
    """A conversation that cannot say what somebody is, while `error` stands."""

    def __init__(self, conversation, error):
        self.conversation = conversation
        self.error = error

    def find_role(self, origin, person):
        if self.error:
            raise self.error
        return self.conversation.find_role(origin, person)

    def __getattr__(self, name):
        return getattr(self.conversation, name)


@pytest.fixture
def unsure(bot):
    """Lets the bot ask in vain what somebody is: takes the error."""
    known = bot.bot.outside.conversations

    def fails(error):
        known["local:churn"] = Unsure(known["local:churn"], error)
        return known["local:churn"]

    return fails


def said(bot):
    """What the bot answered on the item."""
    comments = bot.bot.outside.trackers["churn"].list_comments("1", since=bot.clock().replace(year=2000))
    return [each.body for each in comments if each.ours]


def test_a_platform_that_is_away_is_asked_for_ten_minutes(bot, comment, unsure):
    """Then whoever commanded is told that nobody knew, and nothing was done."""
    unsure(TransientError("GitHub answered 502."))
    comment("1", "/label data")
    bot.forward(minutes=5)
    assert [] == said(bot)
    for _ in range(3):
        bot.forward(minutes=5)
    [answer] = said(bot)
    assert "could not be found out. GitHub answered 502. Try again later." in answer
    assert "data" not in bot.items()[0].labels


def test_what_a_platform_does_not_let_the_bot_see_is_said_at_once(bot, comment, unsure):
    """It will not be otherwise in ten minutes."""
    unsure(PermanentError("The token may not read members."))
    comment("1", "/label data")
    bot.forward(minutes=1)
    [answer] = said(bot)
    assert "could not be found out. The token may not read members." in answer
    assert "data" not in bot.items()[0].labels


def test_a_limit_is_waited_for(bot, comment, unsure):
    """However long: the command was given in time."""
    asked = unsure(LimitedError("The limit is reached.", retry_after_seconds=900))
    comment("1", "/label data")
    for _ in range(3):
        bot.forward(minutes=20)
    assert [] == said(bot)
    asked.error = None
    bot.forward(minutes=20)
    assert "data" in bot.items()[0].labels


class Refusing:
    """A tracker that changes no item."""

    def __init__(self, tracker, error):
        self.tracker = tracker
        self.error = error

    def update_item(self, _ref, _change):
        raise self.error

    def __getattr__(self, name):
        return getattr(self.tracker, name)


@pytest.mark.parametrize(
    ("error", "hours", "told"),
    [
        (PermanentError("The label is too long."), 0, "`/label data`: The label is too long."),
        (MissingError("It is gone."), 0, "`/label data`: There is no such work item any more."),
        (
            TransientError("GitHub answered 502."),
            2,
            "`/label data`: Not within an hour. GitHub answered 502.",
        ),
    ],
)
def test_what_cannot_be_done_is_said(bot, comment, error, hours, told):
    """Of which command, at once where it never can be done; else it is tried for an hour."""
    trackers = bot.bot.outside.trackers
    trackers["churn"] = Refusing(trackers["churn"], error)
    comment("1", "/label data")
    bot.forward(seconds=30)
    assert bool(said(bot)) == (not hours)
    for _ in range(hours * 6):
        bot.forward(minutes=10)
    [answer] = said(bot)
    assert told in answer
