"""When work on an item began, so that a report knows how long it took."""

import json
from datetime import timedelta

import pytest

from e2e.test_reports import WORLDS, Reporting
from fakes.clock import FakeClock
from fakes.conversation import SPRINT, run
from fakes.teams import on_azure_devops, on_github
from trainboard.report.happenings import Past

STARTED = SPRINT | {"started_labels": ["In progress"]}


@pytest.fixture(params=["github", "local"])
def labelling(request, talk, tmp_path):
    with WORLDS[request.param](talk, FakeClock(), sprint=STARTED) as opened:
        yield Reporting(opened, tmp_path)


def start_of(team, ref):
    """When work on the item began."""
    return Past(team.list_happenings(ref)).stand_at(team.bot.clock() + timedelta(days=1))[ref].started_at


def test_a_label_that_the_project_names(labelling):
    """Its first time counts; taking it off takes nothing back."""
    item = labelling.makes("Train", 1, 8.0)
    labelling.team.tells()
    at = labelling.changes_now(item, add_labels=("in progress",))
    labelling.changes_now(item, remove_labels=("in progress",))
    labelling.changes_now(item, add_labels=("in progress",))
    assert at == start_of(labelling, item)
    labelling.changes_now(item, state="closed")
    labelling.passes(hours=1)
    told = json.loads(labelling.report("--format", "json"))
    assert 0.36 in told["cycle_hours"]


@pytest.mark.parametrize("world", ["github", "local"])
def test_the_first_run_of_an_experiment(world, talk, tmp_path):
    """By its own start, which lies before the item was made."""
    with WORLDS[world](talk, FakeClock()) as opened:
        team = Reporting(opened, tmp_path)
        team.bot.reports(run("r2", "churn-xgb", run={"started_at": "2026-11-18T07:00:00Z"}))
        team.bot.forward(minutes=1)
        team.team.tells()
        team.passes(hours=1)
        [item] = team.bot.items()
        assert "2026-11-18T07:00:00+00:00" == start_of(team, item.ref).isoformat()
        team.passes(hours=1)
        assert 2 >= sum(each.begins for each in team.list_happenings(item.ref))


def test_a_pull_request_that_names_it(talk, tmp_path):
    """When it was opened, however long it lies open."""
    with on_github(talk, FakeClock()) as opened:
        team = Reporting(opened, tmp_path)
        item = team.makes("Widen the trees", 1, 5.0)
        opened.tells()
        team.bot.clock.forward(minutes=9)
        at = team.bot.clock()
        opened.opens("Widen the trees", f"Fixes #{item}")
        team.passes(hours=1)
        assert at == start_of(team, item)


def test_a_state_that_means_it(talk, tmp_path):
    """Azure Boards tells it by the category, and nothing else counts there."""
    with on_azure_devops(talk, FakeClock()) as opened:
        team = Reporting(opened, tmp_path)
        item = team.makes("Widen the trees", 1, 5.0)
        opened.tells()
        opened.opens("Widen the trees", f"Fixes #{item}")
        team.passes(hours=1)
        assert None is start_of(team, item)
        at = team.bot.clock()
        opened.azure.person_moves(item, "Doing")
        opened.tells()
        assert at == start_of(team, item)
