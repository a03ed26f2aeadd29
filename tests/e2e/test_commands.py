"""People command in comments, and the bot obeys whom the platform lets."""

import pytest

from fakes.clock import FakeClock
from fakes.conversation import run
from fakes.github import PERSON
from fakes.mortal import outlives_steps
from fakes.talking import TalkingOnAzure, TalkingOnGitHub, TalkingOnLocalBoard
from fakes.teams import on_azure_devops, on_github, on_local_board
from trainboard.applying.comments import apply as obey
from trainboard.comments import Hint
from trainboard.effects import ObeyComment
from trainboard.triggers import Origin

WORLDS = {
    "github": (on_github, TalkingOnGitHub),
    "azure devops": (on_azure_devops, TalkingOnAzure),
    "local": (on_local_board, TalkingOnLocalBoard),
}


PIPELINES = [
    {
        "kind": "local",
        "name": "nightly",
        "commands": ["retrain"],
        "parameters": [{"name": "dataset"}],
    },
    {
        "kind": "local",
        "name": "release",
        "commands": ["promote", "rollback"],
        "parameters": [{"name": "place", "type": "environment"}],
    },
]
MOST_STEPS = 60


@pytest.fixture(params=WORLDS)
def team(request, talk):
    """A team with an experiment's work item and a pull request that belongs to it."""
    opened, kind = WORLDS[request.param]
    with opened(talk, FakeClock(), pipelines=PIPELINES) as made:
        talking = kind(made)
        talking.begins()
        yield talking


def test_a_work_item_goes_into_the_next_sprint(team):
    """And back again; a reaction is all that is said."""
    before = team.sprint
    comment = team.says("/sprint next")
    team.goes_by()
    assert (before, "Sprint 2") == ("Sprint 1", team.sprint)
    assert (["done"], []) == (team.reactions(comment), team.answers(comment))
    undo = team.says("/undo")
    team.goes_by()
    assert before == team.sprint
    assert ["done"] == team.reactions(undo)


def test_help_tells_what_somebody_may_here(team):
    """Another one than Ana may less."""
    mine, theirs = team.says("/help"), team.says("/help", team.ben)
    team.goes_by()
    [to_ana], [to_ben] = team.answers(mine)[:1], team.answers(theirs)
    usage = "/sprint next|current|backlog|plan|goal|<sprint> [<text>] [of=next|current|<choice>]"
    assert f"- `{usage}`: put this into another sprint" in to_ana
    assert "What others may:" in to_ben
    assert "- `/sprint`: people who may triage" in to_ben


def test_whoever_may_not_is_told_why_and_nothing_happens(team):
    """Once; the second time a reaction has to do."""
    comment = team.says("/sprint next", team.ben)
    again = team.says("/sprint backlog", team.ben)
    team.goes_by()
    assert "Sprint 1" == team.sprint
    [said] = team.answers(comment)
    assert "is for people who may triage" in said
    assert (["refused"], ["refused"]) == (team.reactions(comment), team.reactions(again))


def test_mistakes_of_one_comment_are_told_in_one_answer(team):
    """And the rest of it is done."""
    comment = team.says("/sprint\n\n/asign ada\n/label data\n/trainboard nonsense")
    team.goes_by()
    [said] = team.answers(comment)
    assert "Here `sprint` is missing" in said
    assert "Did you mean `/assign`?" in said
    assert "There is no such command." in said
    assert ["refused"] == team.reactions(comment)
    assert "data" in team.labels


def test_words_of_others_are_let_alone(team):
    """No reaction, no answer, no call."""
    calls = len(team.asked)
    comment = team.says("/lgtm\nLooks fine, we may /close it.")
    team.goes_by()
    assert ([], []) == (team.reactions(comment), team.answers(comment))
    assert "Sprint 1" == team.sprint
    assert calls == len(team.asked)


def test_a_forged_or_outdated_word_does_nothing(team):
    """What the comment says when it is read counts, and not what was told of it."""
    comment = team.says_otherwise("/close", "Nothing.")
    team.says_otherwise("/close", None)
    team.goes_by()
    assert team.is_open
    assert ([], []) == (team.reactions(comment), team.answers(comment))


def test_a_comment_is_obeyed_once_however_often_it_is_told(team):
    """Hooks may come twice, and a command may stand in two edits."""
    comment = team.says("/label data")
    team.goes_by()
    team.unlabels("data")
    for _ in range(3):
        team.tells_again(comment)
        team.goes_by()
    assert "data" not in team.labels
    assert ["done"] == team.reactions(comment)


def test_an_edit_brings_what_it_adds(team):
    """In the same answer, and what stood there before is not done anew."""
    comment = team.says("/help status", on_pull=True)
    team.goes_by()
    [before] = team.answers(comment)
    assert "It will tell how this stands" in before
    team.edits(comment, "/help status\n\n/help why")
    team.goes_by()
    [after] = team.answers(comment)
    assert after.startswith(before)
    assert "It will tell why the bot" in after.removeprefix(before)


def test_how_it_stands_is_told_in_one_place(team):
    """Whoever asks: the answer before is edited."""
    first = team.says("/status", on_pull=True)
    team.goes_by()
    [before] = team.answers(first, "/status")
    assert "at commit" in before
    second = team.says("/status", team.ben, on_pull=True)
    team.goes_by()
    [after] = team.answers(second, "/status")
    assert before != after
    assert [] == team.answers(first) + team.answers(second)
    assert "done" in team.reactions(first)
    assert "done" in team.reactions(second)


def test_a_work_item_is_split_into_parts_once(team):
    """Each an item below it, in its sprint."""
    comment = team.says('/split "Clean the labels" "Train on them"')
    for _ in range(2):
        team.goes_by()
        team.tells_again(comment)
    assert [("Clean the labels", "Sprint 1"), ("Train on them", "Sprint 1")] == team.parts
    assert ["done"] == team.reactions(comment)


def test_nobody_commands_by_editing_somebody_elses_comment(team):
    """Where the platform lets them edit it at all."""
    if team.ana is not PERSON:
        pytest.skip("only its author can edit a comment there")
    comment = team.says("Ready.")
    team.edits(comment, "Ready.\n\n/close", team.ben)
    team.goes_by()
    assert team.is_open
    [said] = team.answers(comment)
    assert "only its author can command by an edit" in said


def test_an_edit_that_is_told_as_a_new_comment_is_an_edit(team):
    """A hook may leave out that it is one, or be forged: what the platform says of the comment counts."""
    if not isinstance(team, TalkingOnAzure):
        pytest.skip("the platform does not tell who edited a comment")
    comment = team.says("Ready.")
    team.bot.forward(minutes=20)
    team.azure.person_edits_comment(team.item.id, comment.id, "<div>/close</div>")
    team.azure.notifications.clear()
    origin = Origin(place="azure-boards:acme/Churn", ref=team.ref)
    hint = Hint(origin=origin, comment=str(comment.id), at=team.bot.clock(), lines=("close",))
    obey(ObeyComment(project="churn", hint=hint), team.bot.bot.outside)
    team.goes_by()
    assert team.is_open
    [said] = team.answers(comment)
    assert "after more than 15 minutes" in said


def test_a_waiver_lets_the_gate_pass(team):
    """Until somebody pushes."""
    comment = team.says("/waive the labels were wrong", on_pull=True)
    team.team.checks("success")
    team.goes_by()
    assert ["done"] == team.reactions(comment)
    assert "the labels were wrong" in team.team.comment


def read_body(team):
    """The work item as people see it."""
    return team.bot.bot.outside.trackers["churn"].get_item(team.ref).body


def test_the_plan_of_an_experiment_is_commanded(team):
    """Its work item shows targets and budget, and takes an easier target only when that is confirmed."""
    said = [team.says("/target val_auc >= 0.99"), team.says("/budget runs<=50, cost<=300 EUR")]
    team.goes_by()
    assert "| `val_auc >= 0.99` |" in read_body(team)
    assert "| `runs <= 50` |" in read_body(team)
    assert [["done"], ["done"]] == [team.reactions(each) for each in said]
    asked = team.says("/target val_auc >= 0.5")
    team.goes_by()
    [shown] = team.answers(asked)
    assert "which is easier than `val_auc >= 0.99`" in shown
    assert "| `val_auc >= 0.99` |" in read_body(team)
    team.says(read_confirmation(shown))
    team.goes_by()
    assert "| `val_auc >= 0.5` |" in read_body(team)


def test_people_conclude_an_experiment(team):
    """Its work item says so and is closed; who takes that back has it open again."""
    comment = team.says("/conclude deeper trees are worth it")
    team.goes_by()
    assert (False, ["done"]) == (team.is_open, team.reactions(comment))
    assert "**Concluded** by the word of" in read_body(team)
    team.says("/undo")
    team.goes_by()
    assert team.is_open
    assert "Concluded" not in read_body(team)


def test_an_experiment_that_nobody_planned_is_tracked(team):
    """Its runs so far and those to come are shown in the item that somebody wrote; let go, no more."""
    team.says("/untrack")
    team.goes_by()
    team.bot.reports(run("late", "churn-xgb", metrics={"val_auc": 0.91}))
    assert "| late |" not in read_body(team)
    team.says("/track churn-xgb")
    team.goes_by()
    assert "late" in read_body(team)
    team.says("/untrack")
    team.goes_by()
    team.says("/track other-net")
    team.bot.reports(run("first", "other-net", metrics={"val_auc": 0.7}))
    team.goes_by()
    team.bot.forward(minutes=2)
    assert "first" in read_body(team)


def test_apps_are_not_obeyed(team):
    """Unless the settings name them: here is none."""
    comment = team.says("/close", team.an_app)
    team.goes_by()
    assert team.is_open
    assert "done" not in team.reactions(comment)


def test_a_comment_of_which_nobody_told_is_found(team):
    """Once, also if it is told of later; where the platform lists comments, or what hooks did not tell."""
    if team.ana is not PERSON:
        pytest.skip("there the look behind the hooks finds it")
    team.bot.forward(minutes=11)
    comment = team.says("/label data", tells=False)
    team.bot.forward(minutes=11)
    assert "data" in team.labels
    assert ["done"] == team.reactions(comment)
    team.unlabels("data")
    team.tells_again(comment)
    team.bot.forward(minutes=11)
    assert "data" not in team.labels


def test_what_is_found_late_is_answered_and_not_done(team):
    """What is dangerous is late after a quarter of an hour."""
    if team.ana is not PERSON:
        pytest.skip("there the look behind the hooks finds it")
    team.bot.forward(minutes=11)
    comment = team.says("/waive the labels were wrong", on_pull=True, tells=False)
    team.team.github.is_down = True
    team.bot.forward(minutes=20)
    team.team.github.is_down = False
    team.bot.forward(minutes=11)
    [said] = team.answers(comment)
    assert "which is too late: write it again" in said
    assert "the labels were wrong" not in team.team.comment


def test_a_dangerous_command_is_confirmed_and_done_once(team):
    """What will be done is shown with its commit; both comments end with the same word."""
    asked = team.says("/retrain dataset=2026-11", on_pull=True)
    team.goes_by()
    [shown] = team.answers(asked)
    assert f"- run `nightly` on commit `{team.team.head[:12]}`, with `dataset` = `2026-11`" in shown
    assert team.started == []
    confirmed = team.says(read_confirmation(shown), on_pull=True)
    for _ in range(2):
        team.goes_by()
        team.tells_pull_again(confirmed)
    assert ["nightly"] == team.started
    assert "done" in team.reactions(asked)
    assert ["done"] == team.reactions(confirmed)
    assert "`nightly`, asked for by" in team.team.comment


def test_a_push_between_command_and_confirmation_refuses_it(team):
    """The person saw another commit."""
    asked = team.says("/promote staging", on_pull=True)
    team.goes_by()
    [shown] = team.answers(asked)
    team.team.pushes(files={"src/train.py": "print(2)\n"})
    confirmed = team.says(read_confirmation(shown), on_pull=True)
    team.goes_by()
    assert [] == team.started
    assert any("It would do something else by now" in said for said in team.answers(confirmed))


def test_an_environment_has_one_holder(team):
    """Whoever comes second is told who holds it."""
    asked = team.says("/promote staging", on_pull=True)
    team.goes_by()
    team.says(read_confirmation(team.answers(asked)[0]), on_pull=True)
    team.goes_by()
    second = team.says("/rollback staging", on_pull=True)
    team.goes_by()
    assert ["release"] == team.started
    [said] = team.answers(second)
    assert "`staging` is taken" in said


def read_confirmation(shown):
    """What the bot asks to be written."""
    return "/confirm " + shown.partition("/confirm ")[2].partition("`")[0]


def outlives(team, monkeypatch, fatal):
    """The bot does what is due; True if it outlives all its steps, and then another process goes on."""
    has_lived = outlives_steps(team.bot.settle, monkeypatch, fatal)
    team.bot.restart()
    team.goes_by()
    return has_lived


def test_a_death_between_any_two_steps_obeys_once(team, monkeypatch):
    """What was commanded is done, and answered once."""
    for fatal in range(1, MOST_STEPS):
        comment = team.says(f"/label step{fatal}\n\n/help sprint", settles=False)
        has_lived = outlives(team, monkeypatch, fatal)
        assert f"step{fatal}" in team.labels
        assert 1 == len(team.answers(comment))
        assert "done" in team.reactions(comment)
        if has_lived:
            break
    assert 5 < fatal < MOST_STEPS - 1
