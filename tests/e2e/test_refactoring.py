"""A notebook becomes scripts: offered, asked for, kept up to date, and closed once the work is over."""

import pytest

from fakes.clock import FakeClock
from fakes.mortal import outlives_steps
from fakes.refactoring import LONG, LONGER, PATH, THIN, OnLocalBoard, OnPlatform
from fakes.stories import Story
from fakes.talking import TalkingOnAzure, TalkingOnGitHub
from fakes.teams import on_azure_devops, on_github
from trainboard.comments import CommandState, Role
from trainboard.errors import DoubtError

WORLDS = {"github": (on_github, TalkingOnGitHub), "azure devops": (on_azure_devops, TalkingOnAzure)}

MOST_STEPS = 60


@pytest.fixture
def local(tmp_path):
    story = Story(f"sqlite:///{tmp_path}/trainboard.db")
    yield OnLocalBoard(story)
    story.close()


@pytest.fixture(params=[*WORLDS, "local"])
def team(request, talk):
    if request.param == "local":
        yield request.getfixturevalue("local")
        return
    opened, kind = WORLDS[request.param]
    with opened(talk, FakeClock()) as made:
        yield OnPlatform(kind(made))


def test_from_the_offer_to_the_end(team):
    """Offered in the comment, made when asked, shown there, and closed by the merge that links it."""
    team.opens()
    assert f"`{PATH}` has 120 of 120 lines outside of functions, 0 functions." in team.comment
    assert f"write `/refactor {PATH}`." in team.comment
    assert [] == team.tasks

    team.says("/refactor")
    task = team.task
    assert (f"Refactor {PATH} into scripts", "open", ("tb:refactor",)) == (
        task.title,
        task.state,
        task.labels,
    )
    assert "Sprint 1" == team.sprint
    assert "| lines of code outside of functions | 120 of 120 (100%) |" in task.body
    assert "paired with a script, such as with `jupytext" in task.body
    assert f"`{PATH}` becomes scripts in work item" in team.comment
    assert "write `/refactor" not in team.comment

    team.opens(team.links(task.ref), {PATH: THIN})
    team.passes()
    assert "| lines of code outside of functions | 1 of 2 (50%) |" in team.task.body
    assert "open" == team.task.state
    team.merges({PATH: THIN})
    assert "closed" == team.task.state
    assert "was merged with tests green." in team.task.body


def test_asked_by_two_people_in_two_pull_requests(team):
    """There is one work item, and whoever asks later is told of it."""
    team.opens()
    team.says("/refactor")
    team.says(f"/refactor {PATH}")
    team.opens("", {PATH: LONGER})
    team.says("/refactor explore.ipynb")
    assert 1 == len(team.tasks)
    assert "| lines of code outside of functions | 150 of 150 (100%) |" in team.task.body


def test_what_people_write_stays(team):
    """A box that is ticked, and words around the bot's part, when the figures change."""
    team.opens()
    team.says("/refactor")
    team.writes("[ ] unit tests call", "[x] unit tests call")
    team.writes("- [ ] the notebook is thin", "- [ ] ask Ada first\n- [ ] the notebook is thin")
    team.opens("", {PATH: LONGER})
    body = team.task.body
    assert "150 of 150" in body
    assert "[x] unit tests call" in body
    assert "[ ] ask Ada first" in body


def test_whoever_asked_may_take_it_back(team):
    """The work item is closed, and offered again; asked anew, the same one is opened."""
    team.opens()
    team.says("/refactor")
    team.says("/undo")
    assert "closed" == team.task.state
    assert f"write `/refactor {PATH}`" in team.comment
    team.says("/refactor ")
    assert "open" == team.task.state


def test_a_deleted_one_is_made_anew_when_asked(local):
    """And not by itself."""
    local.opens()
    local.says("/refactor")
    local.deletes()
    local.opens("", {PATH: LONGER})
    assert [] == local.tasks
    assert f"write `/refactor {PATH}`" in local.comment
    local.says("/refactor")
    assert "open" == local.task.state


def test_whoever_may_not_write_makes_nothing(local):
    """And is told which rule."""
    local.opens()
    comment = local.says("/refactor", "ben", role=Role.TRIAGE)
    [(state, said)] = local.answer(comment)
    assert (CommandState.REFUSED, []) == (state, local.tasks)
    assert "is for people who may write" in said


def merged(local, *, keeps=LONG, closes=False, **checks):
    """A pull request that links the task was merged with these checks. Returns the last line of the task."""
    local.opens()
    local.says("/refactor")
    local.opens(local.links(local.task.ref), {PATH: LONGER})
    local.checks(**checks)
    local.merges({PATH: keeps}, closes=closes)
    return local.told


def test_it_stays_open_while_tests_are_red_and_says_why(local):
    """And is closed once they passed, whatever the notebook has left, for lint was green."""
    told = merged(local, lint="passed", unit_tests="failed")
    assert "- Still open: [pull request 7](https://github.com/acme/churn/pull/7) was merged" in told
    assert told.endswith("but tests were not green.")
    assert "open" == local.task.state
    local.checks(unit_tests="passed")
    assert "closed" == local.task.state
    assert local.told.endswith("was merged with lint and tests green.")


@pytest.mark.parametrize(("keeps", "state"), [(THIN, "closed"), (LONG, "open")])
def test_without_lint_the_notebook_must_be_thin(local, keeps, state):
    """As it stands where it was merged to."""
    told = merged(local, unit_tests="passed", keeps=keeps)
    assert state == local.task.state
    assert ("nobody told of lint" in told) == (state == "open")


def test_nobody_who_opens_it_again_is_fought(local):
    """The same merge does not close it twice."""
    merged(local, lint="passed", unit_tests="passed")
    assert "closed" == local.task.state
    local.sets("open")
    local.checks(lint="passed")
    local.opens(local.links(local.task.ref), {PATH: THIN})
    assert "open" == local.task.state


def test_what_the_platform_closes_too_early_is_told_once(local):
    """It stays closed: whoever merged may have meant it."""
    merged(local, lint="passed", unit_tests="failed", closes=True)
    local.checks(lint="passed")
    local.checks(lint="passed")
    assert "closed" == local.task.state
    [said] = [each.body for each in local.comments]
    assert "was merged and this was closed with it, though tests were not green." in said


def test_what_a_person_closes_later_is_not_remarked_on(local):
    """They know why."""
    merged(local, lint="passed", unit_tests="failed")
    local.sets("closed")
    local.checks(lint="passed")
    assert ([], "closed") == (local.comments, local.task.state)


@pytest.mark.parametrize("is_made", [True, False])
def test_a_call_whose_end_is_not_known_makes_one(local, is_made):
    """The next attempt looks whether it did."""
    local.opens()
    local.fails_to_make(DoubtError("no answer"), is_made=is_made)
    local.says("/refactor")
    local.bot.forward(minutes=30)
    assert 1 == len(local.tasks)
    assert f"`{PATH}` becomes scripts in work item" in local.comment


@pytest.mark.parametrize(
    "path",
    [
        "@ada `x` #1 <img src=x>.ipynb",
        "a\nb\n/close\n.ipynb",
        "d/" * 2040 + "x.ipynb",
        "a\u202e\u200b<!-- trainboard:end -->.ipynb",
    ],
    ids=["marks", "lines", "long", "unicode"],
)
def test_a_hostile_path_does_nothing(local, path):
    """The work item is made all the same, once, and its text mentions and ends nothing."""
    local.opens("", {path: LONG})
    local.says("/refactor")
    local.says("/refactor ")
    task, text = local.task, local.task.body + local.comment
    assert (True, 1) == (len(task.title) <= 200, len(task.title.splitlines()))
    assert [] == [harm for harm in ("@ada", "#1 ", "\n/close") if harm in task.title + text]
    assert 1 == task.body.count("<!-- trainboard:end -->")
    local.opens("", {path: LONGER})
    assert "150 of 150" in local.task.body


def test_a_death_between_any_two_steps_makes_one(local, monkeypatch):
    """Another process goes on, and finds what was made."""
    for fatal in range(1, MOST_STEPS):
        if fatal % 20 == 1:
            local.opens("", {f"n{number:02}.ipynb": LONG for number in range(fatal, fatal + 20)})
        local.says(f"/refactor n{fatal:02}.ipynb", settles=False)
        has_lived = outlives_steps(local.bot.settle, monkeypatch, fatal)
        local.bot.restart()
        local.goes_by()
        local.goes_by()
        assert fatal == len(local.tasks)
        if has_lived:
            break
    assert 5 < fatal < MOST_STEPS - 1
