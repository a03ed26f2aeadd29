"""What makes a pull request belong to a work item beside its own words, on GitHub and on Azure DevOps."""

import pytest

from fakes.clock import FakeClock
from fakes.teams import on_azure_devops, on_github


@pytest.fixture(params=[on_github, on_azure_devops], ids=["github", "azure devops"])
def team(request, talk):
    with request.param(talk, FakeClock()) as team:
        yield team


@pytest.fixture
def github_team(talk):
    with on_github(talk, FakeClock()) as team:
        yield team


@pytest.fixture
def azure_team(talk):
    with on_azure_devops(talk, FakeClock()) as team:
        yield team


def writes_of(platform):
    return [str(asked) for asked in platform.requests if asked.method != "GET"]


def test_who_closes_a_sub_issue_works_on_its_parent(team):
    """The experiment above it judges the pull request, and shows it."""
    ref = team.plans("val_auc >= 0.92")
    task = team.writes_task("Widen the trees")
    team.opens("Widen the trees", f"Closes #{task}", "src/train.py")
    assert ["neutral"] == team.gates

    team.puts_below(task, ref)
    assert ["waiting"] == team.gates
    assert f"it is above work item {task}" in team.comment
    assert "Widen the trees" in team.item


def test_a_run_of_the_head_commit_links_its_experiment(team):
    """Nobody names it; after a push it is linked still, and waits for a run of the new head."""
    team.plans("val_auc >= 0.92")
    team.opens("Widen the trees", "More of them", "src/train.py")
    assert ["neutral"] == team.gates

    team.trains("good", team.head, val_auc=0.93)
    assert ["success"] == team.gates
    assert "its runs trained at a commit of this pull request" in team.comment
    assert "Widen the trees" in team.item
    team.pushes()
    assert ["success", "waiting"] == team.gates


def test_the_first_run_of_an_experiment_links_it_too(team):
    """Its work item is made because of that run, after the pull request was shown."""
    team.opens("Widen the trees", "More of them", "src/train.py")
    team.trains("first", team.head, val_auc=0.93)

    assert "its runs trained at a commit of this pull request" in team.comment
    assert "Widen the trees" in team.item


def test_a_merge_that_was_reverted_is_told_to_be_undone(team):
    """On the work item, which shows both; nobody has to train anew to undo it."""
    ref = team.plans("val_auc >= 0.92")
    team.opens("Widen the trees", f"Closes #{ref}", "src/train.py")
    team.merges()
    assert "merged" in team.item
    assert "undone" not in team.item

    team.reverts()
    assert ["neutral"] == team.gates
    assert "merged, undone by pull request" in team.item
    assert 2 == team.item.count("Widen the trees")
    assert "which this one reverts, belongs to it" in team.comment


def test_a_link_that_somebody_made_on_the_work_item_counts(azure_team):
    """As one does that the description names."""
    ref = azure_team.plans("val_auc >= 0.92")
    azure_team.opens("Widen the trees", "More of them", "src/train.py")
    assert ["neutral"] == azure_team.gates

    azure_team.links(ref)
    assert ["waiting"] == azure_team.gates
    assert "linked on the work item" in azure_team.comment
    assert "Widen the trees" in azure_team.item


def test_who_takes_a_work_item_away_takes_its_targets_along(team):
    """The gate of the pull request judges nothing any more, and its comment forgets the item."""
    ref = team.plans("val_auc >= 0.92")
    team.opens("Widen the trees", f"Closes #{ref}", "src/train.py")
    assert ["waiting"] == team.gates

    team.deletes(ref)
    assert ["neutral"] == team.gates
    assert "#### Work items" not in team.comment


def test_a_late_run_of_a_former_head_links_its_experiment(team):
    """It came after the next push: it is no evidence, and the gate waits for a run of the head."""
    team.plans("val_auc >= 0.92")
    team.opens("Widen the trees", "More of them", "src/train.py")
    former = team.head
    team.pushes()
    assert ["neutral", "neutral"] == team.gates

    team.trains("late", former, val_auc=0.93)
    assert ["neutral", "waiting"] == team.gates


def test_an_archive_that_nobody_told_of_is_found_out(github_team):
    """The first refusal says so; the work item and the pull request are left alone until it is open again."""
    ref = github_team.plans("val_auc >= 0.92")
    github_team.opens("Widen the trees", f"Closes #{ref}", "src/train.py")
    github_team.github.churn.archived = True
    github_team.checks("failure")
    before = writes_of(github_team.github)
    github_team.trains("good", github_team.head, val_auc=0.93)
    github_team.checks("failure")
    assert before == writes_of(github_team.github)
    assert ["waiting"] == github_team.gates

    github_team.github.churn.archived = False
    github_team.unarchives()
    github_team.bot.forward(minutes=10)
    assert ["success"] == github_team.gates
    assert "3 runs" in github_team.item
    assert "✗ 1 failed" in github_team.comment


def test_a_transferred_issue_is_ours_no_more(github_team):
    """Nothing is written to it where it is now, and its targets are no longer the pull request's."""
    ref = github_team.plans("val_auc >= 0.92")
    github_team.opens("Widen the trees", f"Closes #{ref}", "src/train.py")
    assert ["waiting"] == github_team.gates

    github_team.transfers(ref)
    before = writes_of(github_team.github)
    assert ["neutral"] == github_team.gates
    github_team.trains("later", "0" * 40, val_auc=0.94)
    assert before == writes_of(github_team.github)
