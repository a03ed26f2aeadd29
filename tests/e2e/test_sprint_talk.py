"""People plan the next sprint, and set and judge goals, in comments on every platform."""

import json

import pytest
import time_machine
from click.testing import CliRunner

from fakes.clock import FakeClock
from fakes.mortal import outlives_steps
from fakes.talking import TalkingOnAzure, TalkingOnGitHub, TalkingOnLocalBoard
from fakes.teams import on_azure_devops, on_github, on_local_board
from trainboard.cli import main
from trainboard.errors import PermanentError, TransientError
from trainboard.store import reports
from trainboard.work_items import NewWorkItem, WorkItemChange

WORLDS = {
    "github": (on_github, TalkingOnGitHub),
    "azure devops": (on_azure_devops, TalkingOnAzure),
    "local": (on_local_board, TalkingOnLocalBoard),
}
MOST_STEPS = 120
SETTINGS = """
[server]
database = "{database}"
[[projects]]
name = "churn"
[projects.sprint]
first_start = 2026-11-09
"""


@pytest.fixture(params=WORLDS)
def team(request, talk):
    """A team with an experiment's work item."""
    opened, kind = WORLDS[request.param]
    with opened(talk, FakeClock()) as made:
        talking = kind(made)
        talking.begins()
        yield talking


def find_tracker(team):
    return team.bot.bot.outside.trackers["churn"]


def find_sprint(team, name):
    return next(each for each in find_tracker(team).list_iterations() if each.name == name)


def answer(team, text):
    """What the bot answers, in one text."""
    comment = team.says(text)
    team.goes_by()
    return "\n".join(team.answers(comment))


def report(team, number):
    outside = team.bot.bot.outside
    with outside.database.read() as connection:
        return reports.make(connection, outside.projects["churn"], number, team.bot.clock())


def test_a_goal_is_set_and_judged(team):
    """It stands in the description, where there is one, below what people wrote, and in the report."""
    has_text = find_tracker(team).traits.iteration_has_description
    if has_text:
        sprint = find_sprint(team, "Sprint 1")
        find_tracker(team).describe_iteration(sprint.ref, f"Ours.\n\n{sprint.description}")
    assert "Nobody set a goal for Sprint 1." in answer(team, "/sprint goal")
    assert "This is the goal of Sprint 1: Beat the baseline" in answer(
        team, '/sprint goal "Beat the baseline"'
    )
    said = find_sprint(team, "Sprint 1").description
    assert ("Goal: Beat the baseline" in said, said.startswith("Ours.")) == (has_text, has_text)
    assert "Goal: Beat the baseline" in answer(team, "/sprint goal")

    team.bot.bot.schedule.tick_history()
    team.bot.forward(days=5, hours=2)
    team.goes_by()
    assert None is report(team, 1).goal.judgement
    assert "The goal of Sprint 1 counts as met." in answer(team, "/sprint goal met: two seeds agree")
    goal = report(team, 1).goal
    assert ("Beat the baseline", "met", "two seeds agree") == (goal.text, goal.judgement, goal.reason)
    said = find_sprint(team, "Sprint 1").description
    assert ("(met, says" in said, said.count("Goal:")) == (has_text, int(has_text))
    assert find_sprint(team, "Sprint 1").open is False


def test_what_cannot_be_a_goal(team):
    """Why not is told, and nothing is kept."""
    assert "has no goal to be judged" in answer(team, "/sprint goal missed")
    assert "at most 300 characters" in answer(team, f"/sprint goal {'x' * 301}")
    assert "There is no sprint `Autumn`" in answer(team, "/sprint goal of=Autumn Serve it")
    assert "Quote what has spaces in it" in answer(team, "/sprint next week")
    team.bot.forward(days=14)
    assert "is over" in answer(team, '/sprint goal of="Sprint 1" Serve it')
    assert "has not begun" in answer(team, "/sprint plan of=current")
    assert "goes with" in answer(team, "/sprint next of=next")


def test_the_next_sprint_is_planned(team):
    """What is left, what is urgent and what is old, with nothing changed; it says what it does not know."""
    tracker = find_tracker(team)
    current, following = (find_sprint(team, name).ref for name in ("Sprint 1", "Sprint 2"))
    made = {
        title: tracker.create_item(NewWorkItem(title=title, body="", iteration=where)).ref
        for title, where in (
            ("Old idea", None),
            ("Urgent idea", None),
            ("Left", current),
            ("Planned", following),
        )
    }
    tracker.update_item(made["Urgent idea"], WorkItemChange(priority=1, estimate=3.0))
    tracker.update_item(made["Old idea"], WorkItemChange(priority=4))
    tracker.update_item(made["Planned"], WorkItemChange(priority=2, estimate=5.0))
    team.bot.bot.schedule.tick_history()
    team.bot.settle()
    before = [tracker.get_item(ref) for ref in made.values()]
    said = answer(team, "/sprint plan")
    places = [said.index(f" {title}") for title in ("Left", "Urgent idea", "Planned", "Old idea")]
    assert sorted(places) == places
    assert "### What fits into Sprint 2 of churn" in said
    assert "| 3 | 3 | backlog, priority 1, since 2026-11-18 |" in said
    assert "The history is too short to plan by" in said
    assert "comment `/sprint next` on it" in said
    assert before == [tracker.get_item(ref) for ref in made.values()]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermanentError("The team has no backlog."), "The team has no backlog."),
        (TransientError("It is away."), "Not within an hour. It is away."),
    ],
)
def test_a_tracker_that_cannot_be_read_is_no_plan(team, monkeypatch, error, said):
    """Why there is none is told; what may pass is tried for an hour."""

    def refuse(*_):
        raise error

    monkeypatch.setattr(type(find_tracker(team)), "list_backlog", refuse)
    comment = team.says("/sprint plan")
    for _ in range(20):
        team.bot.forward(minutes=6)
    assert said in "\n".join(team.answers(comment))
    assert "refused" in team.reactions(comment)


def test_a_death_between_any_two_steps_answers_once(team, monkeypatch):
    """The goal is kept once, and the plan is told once."""
    for fatal in range(1, MOST_STEPS):
        comment = team.says(f"/sprint goal Step {fatal}\n\n/sprint plan", settles=False)
        has_lived = outlives_steps(team.bot.settle, monkeypatch, fatal)
        team.bot.restart()
        for _ in range(2):
            team.goes_by()
        [said] = team.answers(comment)
        assert (1, 1) == (
            said.count(f"This is the goal of Sprint 1: Step {fatal}"),
            said.count("### What fits"),
        )
        if has_lived:
            break
    assert 5 < fatal < MOST_STEPS - 1


def test_the_command_line_plans_too(talk, tmp_path):
    """The same table, of the same work items."""
    with on_local_board(talk, FakeClock()) as made:
        bot = made.bot
        bot.forward(minutes=1)
        bot.bot.outside.trackers["churn"].create_item(NewWorkItem(title="Train", body=""))
        config = tmp_path / "plan.toml"
        config.write_text(SETTINGS.format(database=bot.settings.server.database.get_secret_value()))
        with time_machine.travel(bot.clock(), tick=False):
            done = CliRunner().invoke(main, ["plan", "--config", str(config)])
        assert 0 == done.exit_code, done.output
        assert "### What fits into Sprint 2 of churn" in done.stdout
        assert "| 1 | Train |" in done.stdout
        told = CliRunner().invoke(main, ["plan", "--json", "--config", str(config)])
        [line] = json.loads(told.stdout)["lines"]
        assert ("Train", "backlog") == (line["candidate"]["title"], line["candidate"]["place"])
        wrong = CliRunner().invoke(main, ["plan", "--config", str(config), "--project", "fraud"])
        assert (2, True) == (wrong.exit_code, "--project takes one of churn" in wrong.output)
