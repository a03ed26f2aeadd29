"""The life of a pull request, told once and played on GitHub and on Azure DevOps."""

import re

import pytest

from fakes.clock import FakeClock
from fakes.teams import on_azure_devops, on_github

EARLIER = "e" * 40


@pytest.fixture(params=[on_github, on_azure_devops], ids=["github", "azure devops"])
def team(request, talk):
    with request.param(talk, FakeClock()) as team:
        yield team


def row(text, group):
    """The state of a group of checks in the comment's table."""
    return re.search(rf"(?m)^\| {group} \| ([^|]*) \|", text)[1]


def test_from_a_red_check_to_production_and_back(team):
    """Red check, fixed, gate met, merged, staging, approval, production: in one comment and on the item."""
    ref = team.plans("val_auc >= 0.92")
    team.deploys("production", commit=EARLIER)
    team.opens("Widen the trees", f"Closes #{ref}", "src/train.py")
    team.checks("failure")
    assert row(team.comment, "unit tests").startswith("✗ 1 failed") or "failed" in row(
        team.comment, "unit tests"
    )
    assert ["waiting"] == team.gates

    team.pushes()
    team.checks("success")
    assert row(team.comment, "unit tests").startswith("✓")
    team.trains("bad", team.head, val_auc=0.91)
    assert ["waiting", "failure"] == team.gates
    team.trains("good", team.head, val_auc=0.93)
    assert ["waiting", "success"] == team.gates
    assert "| `val_auc >= 0.92` | 0.93 | ✓ met | 0.9 (best of other runs) | 0.03 better |" in team.comment

    team.merges()
    team.deploys("staging")
    assert "`staging`" in team.comment
    assert "✓ succeeded" in team.comment
    team.asks_for_production()
    assert "`production` waits for an approval by one of" in team.comment
    assert "`production` waits for an approval by one of" in team.item
    team.approves_production()
    assert re.search(r"`staging`[^→\n]* ✓ succeeded → [^\n]*`production`[^\n]* ✓ succeeded", team.comment)
    assert re.search(
        r"merged, ✓ .*`staging`[^→\n]* ✓ succeeded → [^\n]*`production`[^\n]* ✓ succeeded", team.item
    )
    assert "waits for an approval" not in team.comment + team.item

    team.deploys("production", commit=EARLIER)
    assert re.search(r"`production`[^\n]* ✗ rolled back", team.comment)
    assert re.search(r"`production`[^\n]* ✗ rolled back", team.item)

    figures, environments = team.deployments
    assert "production" == next(iter(environments))
    assert environments["staging"]["commit"] == environments["production"]["deployments"][1]["commit"]
    steps = environments["production"]["deployments"]
    assert [(each["state"], each["rollback"]) for each in steps] == [
        ("succeeded", True),
        ("rolled back", False),
        ("replaced", False),
    ]
    [merged] = steps[1]["pull_requests"]
    assert merged["title"] == "Widen the trees"
    assert ["approved"] == [each["state"] for each in steps[1]["approvals"]]
    assert environments["production"]["commit"] == EARLIER
    assert figures["change_failure_rate"] == 0.5
    assert 0 < figures["lead_time_seconds"] < 3600
    assert 0 < figures["time_to_restore_seconds"] < 3600


def test_it_comes_along_with_a_later_commit(team):
    """Which is told where the merge commit itself never was deployed, also of what becomes of it there."""
    ref = team.plans("val_auc >= 0.92")
    team.deploys("production", commit=EARLIER)
    team.opens("Widen the trees", f"Closes #{ref}", "src/train.py")
    team.merges()
    later = team.builds_on_the_merge()
    team.deploys("production", commit=later)

    for text in (team.comment, team.item):
        assert re.search(r"`production`[^\n]* ✓ succeeded", text)
    figures, environments = team.deployments
    steps = environments["production"]["deployments"]
    assert [["Widen the trees"], []] == [[each["title"] for each in step["pull_requests"]] for step in steps]
    assert figures["lead_time_seconds"] > 0

    team.deploys("production", commit=EARLIER)
    for text in (team.comment, team.item):
        assert re.search(r"`production`[^\n]* ✗ rolled back", text)
