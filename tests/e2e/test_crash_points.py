"""The process is killed beside all that it writes; another one goes on, and nobody can tell.

`benchmarks/crash_points.py` kills it between every two steps, also the processes of other set-ups.
"""

import pytest

from crashes import Harm, harm_of, play
from crashes.stories import STORIES

IN_SHORT = {
    "local": ("alert_closes_bug", "sprint_ends"),
    "github": ("approval_is_passed_on", "check_fails", "run_makes_item"),
    "azure-devops": ("alert_opens_bug", "comment_is_obeyed", "experiment_ends_by_rule", "run_updates_item"),
}


def harms(told):
    """Where a death did harm, and which."""
    *crashes, unharmed = told
    return [(each.at, harm) for each in crashes if (harm := harm_of(each, unharmed)) != Harm()]


@pytest.mark.parametrize("world", IN_SHORT)
def test_nothing_is_lost_doubled_or_wrong_wherever_the_process_dies(world):
    """Nor given up, and each of the stories writes something."""
    told = list(play("sqlite", world, "--beside-writes", "--stories", *IN_SHORT[world]))
    assert {name: [] for name in IN_SHORT[world]} == {each[-1].story: harms(each) for each in told}
    assert [] == [each[-1].story for each in told if each[-1].seen["effects given up"]]
    assert 2 <= min(len(each) - 1 for each in told)


def test_each_story_is_told_somewhere():
    """A new one belongs into the short selection, too."""
    assert set(STORIES) == {story for chosen in IN_SHORT.values() for story in chosen}


def test_postgresql_loses_nothing_either(postgresql_url):
    """Where leases of a dead process stay until they end."""
    stories = ("comment_is_obeyed", "run_makes_item")
    told = list(play(postgresql_url, "github", "--beside-writes", "--stories", *stories))
    assert {name: [] for name in stories} == {each[-1].story: harms(each) for each in told}


@pytest.mark.peer
def test_a_github_that_we_did_not_write_has_one_issue(emulate_server):
    """With one milestone, and all its text."""
    given = ("--given", emulate_server.url, emulate_server.token)
    [told] = play("sqlite", "emulate", "--beside-writes", "--stories", "run_makes_item", *given)
    assert [] == harms(told)
    [issue] = told[-1].seen["items"]
    assert "**1 run: 1 finished**" in issue


def test_two_processes_die_one_after_the_other():
    """The second one while it does what the first one left."""
    [told] = play("sqlite", "local", "--deaths", "2", "--beside-writes", "--stories", "run_updates_item")
    assert [] == harms(told)
    assert {1, 2} == {each.at.count(" | ") for each in told[:-1]}


def test_a_service_with_its_threads_is_killed():
    """While it updates an issue."""
    [told] = play("sqlite", "github", "--victim", "serve", "--beside-writes", "--stories", "run_updates_item")
    assert [] == harms(told)
    assert len(told) > 1
