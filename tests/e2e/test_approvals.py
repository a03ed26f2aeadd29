"""A run waits for an approval. It is announced once, and a person's word is passed on once, or refused."""

import pytest

from fakes.approving import ApprovingOnAzure, ApprovingOnGitHub
from fakes.clock import FakeClock
from fakes.mortal import outlives_steps
from fakes.teams import on_azure_devops, on_github
from trainboard.approvals import DecisionState

MOST_STEPS = 60
WORLDS = {"github": (on_github, ApprovingOnGitHub), "azure devops": (on_azure_devops, ApprovingOnAzure)}


@pytest.fixture(params=WORLDS)
def team(request, talk):
    """A pull request whose head commit waits for somebody before it goes to production."""
    opened, kind = WORLDS[request.param]
    with opened(talk, FakeClock()) as made:
        waiting = kind(made)
        waiting.opens()
        waiting.waits()
        made.goes_by()
        yield waiting


def test_it_is_announced_once(team):
    """On the work item, with who may answer, however often the platform tells of it."""
    for _ in range(3):
        team.tells()
        team.team.goes_by()
    [told] = team.announcements
    assert "`production` waits for an approval of" in told
    assert f"one of: {team.listed}" in told
    assert "`production` waits for an approval" in team.team.comment
    assert "`production` waits for an approval" in team.team.item


def outlives(team, monkeypatch, fatal):
    """The bot does what is due; True if it outlives all its steps, and then another process goes on."""
    has_lived = outlives_steps(team.bot.settle, monkeypatch, fatal)
    team.bot.restart()
    team.team.goes_by()
    return has_lived


def test_a_death_after_the_announcement_makes_no_second_one(team, monkeypatch):
    """Between any two steps; the next process looks before it writes."""
    for fatal in range(1, MOST_STEPS):
        before = len(team.announcements)
        team.waits_also(f"other-{fatal}")
        has_lived = outlives(team, monkeypatch, fatal)
        assert 1 == len(team.announcements) - before
        if has_lived:
            break
    assert 3 < fatal < MOST_STEPS - 1


@pytest.mark.parametrize("verdict", ["approved", "rejected"])
def test_a_word_is_passed_on(team, verdict):
    """As that of the person, on the platform and in the comment; nothing waits any more."""
    decision = team.answers(verdict)
    assert DecisionState.PASSED_ON is decision.state
    [(heard, comment)] = team.heard
    comment = comment.replace("\u200b", "")
    told = f"{verdict.capitalize()} as {team.ana.name} asked on pull request {team.number}."
    assert (verdict, told) == (
        heard,
        comment,
    )
    shown = team.team.comment.replace("\u200b", "")
    assert f"`production` was {verdict} by {team.ana.name}" in shown
    assert "waits for an approval" not in shown + team.team.item


def test_a_word_of_somebody_else_is_not_passed_on(team):
    """The bot lends nobody its right; the comment says why, and where the platform takes an answer."""
    decision = team.answers(who=team.ben)
    assert (DecisionState.REFUSED, []) == (decision.state, team.heard)
    shown = team.team.comment.replace("\u200b", "")
    assert f"{team.ben.name} wanted to approve `production`: ✗ not passed on." in shown
    assert "[Answer it there](" in shown
    assert "`production` waits for an approval" in shown


def test_a_push_after_the_word_refuses_it(team):
    """Also if the hook that tells of the push is late: the platform is asked."""
    key = team.says()
    team.pushes_untold()
    team.bot.settle()
    team.team.goes_by()
    decision = team.find(key)
    assert (DecisionState.REFUSED, "Something was pushed after it was said.") == (
        decision.state,
        decision.reason,
    )
    assert [] == team.heard


def test_another_model_version_after_the_word_refuses_it(team):
    """The person saw what the commit had made then, and nothing else is let through."""
    team.team.trains("made", team.team.head, val_auc=0.93)
    key = team.says()
    team.registers("made", "8")
    team.bot.settle()
    decision = team.find(key)
    assert "The commit has other model versions now: churn 8." == decision.reason
    assert (DecisionState.REFUSED, []) == (decision.state, team.heard)


def test_an_answer_that_gets_lost_is_looked_for(team):
    """The platform heard it and never said so: it is told once, and known."""
    team.lose_answer()
    key = team.says()
    team.bot.settle()
    assert DecisionState.ASKED is team.find(key).state
    team.team.goes_by()
    assert (DecisionState.PASSED_ON, 1) == (team.find(key).state, len(team.heard))


def test_a_process_may_die_between_any_two_steps(team, monkeypatch):
    """Nothing is answered twice, and no word is lost."""
    for fatal in range(1, MOST_STEPS):
        key = team.says(key=f"comment-{fatal}")
        has_lived = outlives(team, monkeypatch, fatal)
        team.team.goes_by()
        assert (DecisionState.PASSED_ON, fatal) == (team.find(key).state, len(team.heard))
        if has_lived:
            break
        team.waits()
        team.team.goes_by()
    assert 3 < fatal < MOST_STEPS - 1


def test_an_outage_puts_it_off_and_not_for_ever(team):
    """It is passed on once the platform is back; what was said an hour ago is not meant any more."""
    team.is_down(True)
    key = team.says()
    team.bot.settle()
    assert DecisionState.ASKED is team.find(key).state
    team.is_down(False)
    team.bot.forward(minutes=10)
    assert (DecisionState.PASSED_ON, 1) == (team.find(key).state, len(team.heard))


def test_a_word_that_could_not_be_passed_on_in_an_hour_is_refused(team):
    """With what stood in the way."""
    team.is_down(True)
    key = team.says()
    for _ in range(15):
        team.bot.forward(minutes=6)
    decision = team.find(key)
    team.is_down(False)
    assert (DecisionState.REFUSED, []) == (decision.state, team.heard)
    assert decision.reason.startswith("It could not be passed on within an hour.")


def test_what_was_answered_meanwhile_is_not_answered_again(team):
    """The word came too late."""
    key = team.says()
    team.ends()
    team.bot.settle()
    team.team.goes_by()
    assert DecisionState.REFUSED is team.find(key).state
    assert "already" in team.find(key).reason
