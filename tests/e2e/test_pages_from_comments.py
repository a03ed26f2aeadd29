"""What the bot writes on the platforms leads to its own pages, where these have an address for others."""

import functools
import re

import pytest

from fakes.clock import FakeClock
from fakes.teams import on_azure_devops, on_github

ROOT = "https://board.example"


@pytest.fixture(params=[on_github, on_azure_devops], ids=["github", "azure devops"])
def team(request, talk, tmp_path):
    server = {"database": f"sqlite:///{tmp_path}/bot.db", "dashboard": "public", "public_url": ROOT}
    with request.param(functools.partial(talk, server=server), FakeClock()) as team:
        yield team


def follow(team, text, name):
    """The page behind the link of that name, which must be there, and the place on it."""
    [address] = re.findall(rf"\[{name}\]\(([^)]+)\)", text)
    path, _, place = address.removeprefix(ROOT).partition("#")
    answer = team.bot.http.get(path)
    assert 200 == answer.status_code
    assert not place or f'id="{place}"' in answer.text
    return answer.text


def test_a_work_item_leads_to_its_experiment_and_its_sprint(team):
    """To the experiment itself, not to the board that it is on."""
    team.plans("val_auc >= 0.92")
    assert "<h1>churn-xgb" in follow(team, team.item, "This experiment's page")
    assert "Sprint" in follow(team, team.item, "Its sprint's report")


def test_the_comment_on_a_pull_request_leads_to_its_row(team):
    """Among all of its project."""
    team.plans("val_auc >= 0.92")
    team.opens("Widen the trees", "More of them", "src/train.py")
    team.trains("good", team.head, val_auc=0.93)
    assert "Widen the trees" in follow(team, team.comment, "All pull requests")
