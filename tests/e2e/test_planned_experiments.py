"""A person plans an experiment before any run exists, and its runs are shown on that very work item."""

import pytest

from fakes.clock import FakeClock
from fakes.conversation import run
from fakes.planning_people import PlanningOnAzure, PlanningOnGitHub, PlanningOnLocalBoard, fill_in
from fakes.teams import on_azure_devops, on_github, on_local_board
from trainboard.store import items

WORLDS = {
    "github": (on_github, PlanningOnGitHub),
    "azure devops": (on_azure_devops, PlanningOnAzure),
    "local": (on_local_board, PlanningOnLocalBoard),
}
EXPERIMENT = "churn-deep"


@pytest.fixture(params=WORLDS)
def team(request, talk):
    """A team with a board, its current sprint, and nothing planned."""
    opened, kind = WORLDS[request.param]
    with opened(talk, FakeClock()) as made:
        yield kind(made)


def refs(team):
    return [item.ref for item in team.bot.items()]


def test_the_runs_of_a_planned_experiment_are_shown_on_its_plan(team):
    """No second item is made, what the person wrote stays, and targets and guard-rails are judged there."""
    rails = "latency_p95_ms <= 50 ms"
    ref = team.opens(fill_in(EXPERIMENT, HYPOTHESIS="Depth helps.", GUARD_RAILS=rails))
    assert "Sprint 1" == team.sprint_of(ref)
    assert "No run yet." in team.get(ref).body
    metrics = {"val_auc": 0.93, "latency_p95_ms": 70}
    team.bot.reports(run("deep-1", EXPERIMENT, metrics=metrics))
    team.bot.forward(minutes=2)
    body = team.get(ref).body
    assert [ref] == refs(team)
    assert "Depth helps." in body
    assert "1 of 1 target met, 0 of 1 guard-rail held" in body
    assert "| Guard-rail `latency_p95_ms <= 50 ms` | 70 |" in body
    [said] = team.said_on(ref)
    assert "is **met**: " in said


def test_the_name_of_a_plan_counts_as_tracked(team):
    """Also where the settings would not show the experiment."""
    ref = team.opens(fill_in("nobody-planned-this"))
    team.bot.reports(run("r1", "nobody-planned-this", metrics={"val_auc": 0.5}))
    team.bot.forward(minutes=2)
    assert [ref] == refs(team)
    assert "1 run: 1 finished" in team.get(ref).body


def test_a_plan_that_is_told_again_is_taken_once(team):
    """The text that the bot wrote stays to the letter."""
    ref = team.opens(fill_in(EXPERIMENT))
    before = team.get(ref).body
    team.tells(ref, "opened")
    assert before == team.get(ref).body
    assert ([ref], []) == (refs(team), team.said_on(ref))


def test_a_plan_of_which_nobody_told_is_found(team):
    """Within the hour."""
    ref = team.opens(fill_in(EXPERIMENT), tells=False)
    assert "No run yet." not in team.get(ref).body
    team.looks()
    assert "No run yet." in team.get(ref).body


def test_a_second_plan_is_told_which_one_there_is(team):
    """Once; given another name it is taken."""
    first, second = team.opens(fill_in(EXPERIMENT)), team.opens(fill_in(EXPERIMENT))
    team.tells(second, "opened")
    [said] = team.said_on(second)
    assert f"Work item `{first}` shows that experiment in this sprint." in said
    team.edits(second, fill_in("churn-wide"))
    assert "No run yet." in team.get(second).body
    assert [said] == team.said_on(second)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("churn-*", "`churn-*` is a pattern"),
        ("churn-a\nchurn-b", "leave one name"),
        ("x" * 251, "at most 250"),
    ],
)
def test_a_plan_names_one_experiment(team, name, said):
    """What names none that can be known is told what to do."""
    ref = team.opens(fill_in(name))
    assert said in "".join(team.said_on(ref))
    assert "No run yet." not in team.get(ref).body


def test_who_may_not_track_does_not_plan(team):
    """They are told so, and no run is shown there; on a local board everybody may."""
    ref = team.opens(fill_in(EXPERIMENT), by_ben=True)
    if isinstance(team, PlanningOnLocalBoard):
        assert "No run yet." in team.get(ref).body
        return
    [said] = team.said_on(ref)
    assert "`/track` is for people who may write." in said
    team.bot.reports(run("r1", EXPERIMENT, metrics={"val_auc": 0.5}))
    team.bot.forward(minutes=2)
    assert "Training runs" not in team.get(ref).body
    assert 2 == len(refs(team))


@pytest.mark.parametrize("body", [fill_in("_No response_"), "We should try deeper trees."])
def test_what_names_no_experiment_is_left_alone(team, body):
    """The label alone makes no plan."""
    ref = team.opens(body)
    assert (body, []) == (team.get(ref).body.replace("*No response*", "_No response_"), team.said_on(ref))


def test_another_item_with_such_headings_is_no_plan(team):
    """Without the label nothing is read into it."""
    ref = team.opens(fill_in(EXPERIMENT), label="idea")
    assert ("Training runs" in team.get(ref).body, []) == (False, team.said_on(ref))


def test_a_plan_takes_the_place_of_an_item_that_is_gone(team):
    """Whoever deleted the old one, or let it go, may plan anew."""
    team.bot.reports(run("old", EXPERIMENT, metrics={"val_auc": 0.5}))
    [old] = refs(team)
    outside = team.bot.bot.outside
    with outside.database.write() as connection:
        items.lose(connection, items.find(connection, "churn", EXPERIMENT, 1), team.bot.clock())
    ref = team.opens(fill_in(EXPERIMENT))
    assert "1 run: 1 finished" in team.get(ref).body
    assert [old, ref] == refs(team)
