"""What the settings ask of a GitHub App."""

import tomllib
from pathlib import Path

import pytest

from fakes.github.apps import COVERED_BY
from trainboard.settings import Settings
from trainboard.settings.values import Surroundings
from trainboard.wiring.github_app import list_features, list_repositories, sum_up
from trainboard_webhooks.github import KINDS

UNASKED = {"installation", "installation_repositories"}
ON_GITHUB = '[[projects]]\nname = "churn"\ntracker = "github:acme/churn"\n'
ON_AZURE = """
[azure_devops]
organization_url = "https://dev.azure.com/acme"
[[projects]]
name = "churn"
tracker = "azure-boards:acme/Churn/Churn Team"
code = "github:acme/churn"
"""


def settings(text):
    return Settings.model_validate(tomllib.loads(text), context=Surroundings({}, Path()))


def needs(text):
    return sum_up(list_features(settings(text)))


def test_a_project_on_github():
    """All that is heard there, and no permission that nothing uses."""
    found = needs(ON_GITHUB)
    assert (
        {
            "actions": "read",
            "checks": "write",
            "contents": "read",
            "deployments": "write",
            "issues": "write",
            "merge_queues": "read",
            "metadata": "read",
            "pull_requests": "write",
            "statuses": "read",
        },
        sorted(KINDS - UNASKED),
    ) == (found.permissions, list(found.events))


@pytest.mark.parametrize("text", [ON_GITHUB, ON_AZURE])
def test_each_event_is_covered(text):
    """GitHub refuses a manifest with an event that no permission in it covers."""
    found = needs(text)
    assert [] == [event for event in found.events if not COVERED_BY[event] & found.permissions.keys()]


def test_code_on_github_and_work_items_elsewhere():
    """Nothing is heard of issues but their comments."""
    events = needs(ON_AZURE).events
    assert {"issue_comment", "pull_request"} <= set(events)
    assert not {"issues", "sub_issues", "label", "milestone"} & set(events)


@pytest.mark.parametrize(
    ("more", "permissions"),
    [
        (
            '[projects.board]\nproject = "acme/12"',
            {"organization_projects": "write"},
        ),
        (
            '[projects.commands]\nroles = { close = "team:acme/ml" }',
            {"members": "read"},
        ),
        (
            '[[projects.pipelines]]\nkind = "workflow"\nname = "retrain"\nfile = "retrain.yml"',
            {"actions": "write"},
        ),
        (
            '[[projects.pipelines]]\nkind = "repository-dispatch"\nname = "retrain"\nevent = "retrain"',
            {"actions": "write", "contents": "write"},
        ),
    ],
)
def test_what_is_asked_for_only_where_it_is_used(more, permissions):
    """Boards, teams and starting cost permissions of their own."""
    plain = needs(ON_GITHUB).permissions
    assert {**plain, **permissions} == needs(f"{ON_GITHUB}{more}\n").permissions


def test_teams_of_azure_devops():
    """Who is in them GitHub is not asked."""
    rule = '[projects.commands]\nroles = { close = "team:ML leads" }\n'
    assert "members" not in needs(ON_AZURE + rule).permissions


def test_nothing_on_github():
    """Nothing is asked for."""
    assert ({}, (), []) == (needs("").permissions, needs("").events, list_repositories(settings("")))


def test_repositories_are_named_once():
    """In the order of the projects, trackers first."""
    more = '[[projects]]\nname = "b"\ntracker = "github:acme/plan"\ncode = "github:acme/churn"\n'
    assert ["acme/churn", "acme/plan"] == list_repositories(settings(ON_GITHUB + more))
