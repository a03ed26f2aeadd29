"""A notebook becomes scripts: offered, asked for, kept up to date, and closed once the work is over."""

import pytest

from fakes.clock import FakeClock
from fakes.refactoring import PATH, THIN, OnLocalBoard, OnPlatform
from fakes.stories import Story
from fakes.talking import TalkingOnAzure, TalkingOnGitHub
from fakes.teams import on_azure_devops, on_github

WORLDS = {"github": (on_github, TalkingOnGitHub), "azure devops": (on_azure_devops, TalkingOnAzure)}


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
