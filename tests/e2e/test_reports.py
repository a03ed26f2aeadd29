"""A team lives through three sprints, and the report of each says what it came to, on every tracker."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from click.testing import CliRunner

from fakes.clock import FakeClock
from fakes.conversation import run
from fakes.planning import Planning
from fakes.teams import on_azure_devops, on_github, on_local_board
from trainboard.cli import main
from trainboard.report.happenings import Past
from trainboard.store import item_history

WORLDS = {"github": on_github, "azure devops": on_azure_devops, "local": on_local_board}
SETTINGS = """
[server]
database = "{database}"
[[projects]]
name = "churn"
tracker = "local"
[projects.sprint]
first_start = 2026-11-09
name_template = "Sprint {{number}}"
[projects.prices]
currency = "EUR"
gpu_hour = {{ "A100" = "2.40" }}
"""


class Reporting(Planning):
    """A team that reads its reports on the command line."""

    def __init__(self, team, folder):
        super().__init__(team)
        self.config = folder / "report.toml"
        database = self.bot.settings.server.database.get_secret_value()
        self.config.write_text(SETTINGS.format(database=database))

    def passes(self, **time):
        """Time goes by, and the bot looks."""
        self.bot.forward(**time)
        self.looks()

    def changes_now(self, ref, **change):
        """Somebody changes the item some seconds later, and the platform tells of it at once."""
        self.bot.forward(minutes=7, seconds=13)
        self.changes(ref, **change)
        self.team.tells()
        return self.bot.clock()

    def list_happenings(self, ref):
        """What is written down of the item."""
        with self.bot.bot.database.read() as connection:
            return [each for each in item_history.list_of(connection, "churn") if each.item == ref]

    def report(self, *words):
        """What the command line prints."""
        with time_machine.travel(self.bot.clock(), tick=False):
            done = CliRunner().invoke(main, ["report", *words, "--config", str(self.config)])
        assert 0 == done.exit_code, done.output
        return done.stdout

    def figures(self, sprint):
        """Points of each part of a sprint."""
        scope = json.loads(self.report("--sprint", f"Sprint {sprint}", "--format", "json"))["scope"]
        return {name: part["points"] for name, part in scope.items() if isinstance(part, dict)}


@pytest.fixture(params=WORLDS)
def team(request, talk, tmp_path):
    with WORLDS[request.param](talk, FakeClock()) as opened:
        yield Reporting(opened, tmp_path)


def test_three_sprints(team):
    """Committed, added, carried and done, by what the bot saw in the tracker; the first began unseen."""
    first = team.makes("Clean the labels", 1, 5.0)
    second = team.makes("Train", 1, 8.0)
    team.passes(hours=1)
    team.changes(first, state="closed")
    team.passes(hours=1)
    assert "The history begins at 2026-11-18" in team.report()
    assert {"completed": "5", "open": "8"}.items() <= team.figures(1).items()

    team.changes(second, iteration=team.find_sprint(2))
    third = team.makes("Serve", 2, 3.0)
    team.passes(hours=1)
    assert {"completed": "5", "open": "0"}.items() <= team.figures(1).items()
    team.passes(days=6)
    late = team.makes("Mend the feed", 2, 1.0)
    team.passes(hours=1)
    team.changes(late, state="closed")
    team.changes(third, estimate=5.0)
    team.passes(hours=1)
    assert {"committed": "11", "added": "1", "completed": "1", "open": "13"} == {
        name: points for name, points in team.figures(2).items() if points != "0"
    }
    team.changes(second, state="closed")
    team.changes(third, iteration=team.find_sprint(3))
    team.passes(days=13)

    assert {"committed": "11", "added": "1", "removed": "3", "completed": "9"} == {
        name: points for name, points in team.figures(2).items() if points != "0"
    }
    said = team.report()
    assert re.search(r"\| Sprint 2 \| 11 \| 9 \| \d \| 9 \|", said)
    assert "| Sprint 1 |" not in said
    assert {"committed": "5", "open": "5"} == {
        name: points for name, points in team.figures(3).items() if points != "0"
    }


def test_an_experiment_stands_against_its_target_and_costs(team):
    """From what people wrote into its item and what its runs told; a person who closes it concludes it."""
    [item] = team.bot.items()
    team.changes(item.ref, body=f"val_auc >= 0.92\n\n{item.body}")
    gpus = {"gpu_count": "2", "gpu_type": "A100"}
    team.bot.reports(run("r2", "churn-xgb", metrics={"val_auc": 0.966}, tags=gpus))
    team.passes(hours=1)
    said = team.report()
    assert "0.966 (r2) | +5.0 % | n/a | met | 2 finished |" in said
    assert "| churn-xgb | 2 | 2.00, without 1 run | 4.80 EUR, without 1 run |" in said
    assert " · 1 of 1 experiment met" in said

    team.changes(item.ref, state="closed")
    team.bot.reports(run("r3", "churn-xgb", "failed"))
    team.passes(hours=1)
    [found] = json.loads(team.report("--format", "json"))["experiments"]["experiments"]
    assert ("met", True, "r2", 1) == (
        found["outcome"],
        found["is_closed"],
        found["best"]["id"],
        found["runs"]["failed"],
    )


def test_a_quiet_hour_writes_nothing(team):
    """What did not change is not told again."""
    team.makes("Train", 1, 8.0)
    team.passes(hours=1)
    with team.bot.bot.database.read() as connection:
        before = item_history.list_of(connection, "churn")
    for _ in range(3):
        team.passes(hours=1)
    with team.bot.bot.database.read() as connection:
        assert before == item_history.list_of(connection, "churn")


def test_what_the_platform_tells_is_known_to_the_second(team):
    """No look is needed: each change has its own time, and the figures are alike on every tracker."""
    team.passes(hours=1)
    train = team.makes("Train", 1, 8.0)
    team.team.tells()
    team.bot.clock.forward(seconds=1)
    assert {"added": "8", "open": "8"}.items() <= team.figures(1).items()

    told = {
        "points": team.changes_now(train, estimate=5.0),
        "title": team.changes_now(train, title="Train more"),
        "sprint": team.changes_now(train, iteration=team.find_sprint(2)),
        "state": team.changes_now(train, state="closed"),
    }
    team.bot.clock.forward(seconds=1)
    assert {"added": "0", "open": "0"}.items() <= team.figures(1).items()
    past = Past(team.list_happenings(train))
    wanted = {"points": 5, "title": "Train more", "sprint": 2, "state": "done"}
    for name, at in told.items():
        before, after = (past.stand_at(moment)[train] for moment in (at, at + timedelta(seconds=1)))
        assert wanted[name] == getattr(after, name) != getattr(before, name)
    assert told["state"] == past.stand_at(told["state"] + timedelta(days=1))[train].done_at

    before = team.list_happenings(train)
    team.passes(hours=1)
    team.passes(days=1)
    assert before == team.list_happenings(train)


def test_what_nobody_told_is_asked_for_with_its_own_time(team):
    """Hooks may be lost; the tracker still knows when it was."""
    train = team.makes("Train", 1, 8.0)
    team.passes(hours=1)
    team.bot.forward(minutes=7)
    team.changes(train, state="closed")
    at = team.bot.clock()
    team.bot.forward(minutes=7)
    team.changes(train, title="Train more")
    team.passes(minutes=50)
    [item] = Past(team.list_happenings(train)).stand_at(team.bot.clock() + timedelta(days=1)).values()
    assert (at, "done", "Train more") == (item.done_at, item.state, item.title)


def test_what_is_told_late_changes_nothing_without_a_word(team):
    """The bot slept over the end of the sprint; then the report says what is another than at the close."""
    train = team.makes("Train", 1, 8.0)
    serve = team.makes("Serve", 1, 3.0)
    team.passes(hours=1)
    team.changes_now(train, state="closed")
    team.team.tells()
    team.bot.clock.forward(hours=30)
    team.changes(serve, state="closed")
    team.bot.clock.forward(days=6)
    said = team.report("--sprint", "1")
    assert (team.team.keeps_itself, True) == ("gap" not in said, "Changed since close" not in said)

    team.passes(hours=1)
    said = team.report("--sprint", "1")
    assert "The history has a gap" not in said
    told = json.loads(team.report("--sprint", "1", "--format", "json"))
    changed = told["changed_since_close"]
    if team.team.keeps_itself:
        assert [] == changed["figures"]
    else:
        assert "### Changed since close" in said
        assert {"name": "completed", "then": "8", "now": "11"} in changed["figures"]
        assert [serve] == [each["item"] for each in changed["facts"]]
    assert "11" == told["scope"]["completed"]["points"]
    assert set(told["scope"]["completed"]["events"]) <= {
        each.order for ref in (train, serve) for each in team.list_happenings(ref)
    }
