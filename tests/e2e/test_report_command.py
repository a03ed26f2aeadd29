"""`trainboard report` prints what is known, or says why it cannot."""

import json

import pytest
import time_machine
from click.testing import CliRunner

from fakes.conversation import run
from trainboard.cli import main

PROJECT = '[[projects]]\nname = "{name}"\n[projects.sprint]\nfirst_start = 2026-11-09\n'


@pytest.fixture
def bot(talk):
    """A bot whose local board has one experiment's item."""
    made = talk()
    made.reports(run("r1", "churn-xgb", metrics={"val_auc": 0.9}))
    return made


@pytest.fixture
def report(bot, tmp_path):
    """Runs the command beside the bot, which has the projects of these names: exit code, output, errors."""

    def call(*words, projects=("churn",)):
        config = tmp_path / "trainboard.toml"
        database = bot.settings.server.database.get_secret_value()
        declared = "".join(PROJECT.format(name=name) for name in projects)
        config.write_text(f'[server]\ndatabase = "{database}"\n{declared}')
        with time_machine.travel(bot.clock(), tick=False):
            done = CliRunner().invoke(main, ["report", *words, "--config", str(config)])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.stdout, done.stderr

    return call


def looks(bot):
    """The bot looks at the sprints."""
    bot.clock.forward(minutes=1)
    bot.bot.schedule.tick_history()
    bot.forward(minutes=1)


def test_before_the_first_look_it_says_so(report):
    """And when it will know."""
    code, _, errors = report()
    assert (1, True) == (code, "Nothing is known yet of what stands in the sprints of churn" in errors)


@pytest.mark.parametrize("words", [(), ("--sprint", "1"), ("--sprint", "sprint 1"), ("--project", "churn")])
def test_a_sprint_is_named_by_its_name_or_number(bot, report, words):
    """The one under way, where none is named."""
    looks(bot)
    code, said, _ = report(*words)
    assert (0, True) == (code, said.startswith("## Sprint 1 of churn\n\n**0 of 1 item done, no estimates**"))
    assert "### Open\n\n- Experiment: churn-xgb: no estimate" in said


def test_it_comes_as_json_and_csv(bot, report):
    """For programs and for spreadsheets."""
    looks(bot)
    scope = json.loads(report("--format", "json")[1])["scope"]
    assert {"points": "0", "items": ["1"], "events": [1]} == scope["added"]
    lines = report("--format", "csv")[1].splitlines()
    assert ["item,title,state,points,part,url", "1,Experiment: churn-xgb,open,,added,/items/1"] == lines[:2]


@pytest.mark.parametrize(
    ("words", "projects", "code", "said"),
    [
        (
            ("--sprint", "99"),
            ("churn",),
            1,
            "No sprint '99' of churn has begun. Known are: Sprint 2, Sprint 1.",
        ),
        (("--sprint", "nothing"), ("churn",), 1, "No sprint 'nothing' of churn has begun."),
        (("--sprint", "0"), ("churn",), 1, "No sprint '0' of churn has begun."),
        ((), ("churn", "other"), 2, "Say which project: --project takes one of churn, other."),
        (("--project", "x"), ("churn",), 2, "There is no project 'x': --project takes one of churn."),
    ],
)
def test_what_is_not_there_is_said(bot, report, words, projects, code, said):
    """With what is."""
    looks(bot)
    found, _, errors = report(*words, projects=projects)
    assert (code, True) == (found, said in errors), errors


def test_a_report_is_a_page_in_one_file(bot, report):
    """It holds its style, and loads nothing."""
    looks(bot)
    code, said, _ = report("--format", "html")
    assert (0, True) == (code, said.startswith("<!doctype html>"))
    assert "<h1>Sprint 1</h1>" in said
    assert "Experiment: churn-xgb" in said
    assert "<link" not in said


@pytest.mark.parametrize(("dialect", "folds"), [("plain", False), ("github", True), ("azure-boards", True)])
def test_a_report_is_written_for_the_place_that_shows_it(bot, report, dialect, folds):
    """By default for a terminal."""
    looks(bot)
    bot.forward(days=2)
    code, said, _ = report("--dialect", dialect)
    assert (0, folds) == (code, "<details>" in said)
