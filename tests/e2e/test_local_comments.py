"""On a local board people command by the command line."""

import json

import pytest
import time_machine
from click.testing import CliRunner

from fakes.conversation import run
from trainboard.cli import main

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
