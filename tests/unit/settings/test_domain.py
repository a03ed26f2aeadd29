"""Settings as values of the domain."""

from datetime import date, timedelta

import pytest

from trainboard.iterations import SprintPolicy
from trainboard.policy import Door, Project
from trainboard.settings import Settings, doors_of, projects_of

BOARDS = "azure-boards:acme/Churn/Team"


def test_projects_and_doors_say_what_the_settings_say():
    """Each key of the plan arrives in the domain, doors are named by kind and name."""
    settings = Settings.model_validate(
        {
            "engine": {"keep_done_days": 30},
            "projects": [
                {
                    "name": "churn",
                    "tracker": "github:acme/churn",
                    "production": ["prod-*"],
                    "refactor_above": 50,
                    "milestone_comments": False,
                    "model_tags": True,
                    "sprint": {
                        "length_days": 7,
                        "first_start": "2026-02-02",
                        "timezone": "Europe/Berlin",
                        "working_days": ["mon"],
                        "holidays": ["2026-02-09"],
                        "name_template": "S{number}",
                        "create_ahead": 3,
                        "carry_over": "all",
                        "capacity_points": 30,
                    },
                }
            ],
            "sources": [
                {
                    "kind": "mlflow",
                    "name": "prod",
                    "project": "churn",
                    "url": "http://mlflow:5000",
                    "experiments": ["churn-*"],
                }
            ],
        }
    )
    sprint = SprintPolicy(
        length_days=7,
        first_start=date(2026, 2, 2),
        timezone="Europe/Berlin",
        working_days=("mon",),
        holidays=(date(2026, 2, 9),),
        name_template="S{number}",
    )
    project = Project(
        name="churn",
        tracker="github:acme/churn",
        code="github:acme/churn",
        sprint=sprint,
        create_ahead=3,
        carry_over="all",
        capacity_points=30,
        production=("prod-*",),
        refactor_above=50,
        run_trackers=("mlflow/prod",),
        milestone_comments=False,
        model_tags=True,
        remembers=timedelta(days=30),
    )
    assert (project,) == projects_of(settings)
    polled = Door(name="mlflow/prod", project="churn", experiments=("churn-*",), polled=True)
    assert (polled, Door(name="git-tags/churn", project="churn")) == doors_of(settings)


def test_the_defaults_are_those_of_the_domain():
    """A project without [projects.sprint] is the one that the domain means by default."""
    assert (Project(name="default", tracker="local:default"),) == projects_of(Settings())


@pytest.mark.parametrize(
    ("tracker", "code", "expected"),
    [
        (BOARDS, "github:acme/churn", "AB#{ref}"),
        (BOARDS, "azure-repos:acme/Churn/churn", None),
        (BOARDS, "local", None),
        ("github:acme/churn", "github:acme/churn", None),
        ("github:acme/churn", "azure-repos:acme/Churn/churn", None),
        ("local", "github:acme/churn", None),
    ],
)
def test_boards_read_their_numbers_on_github(tracker, code, expected):
    """Only Azure Boards looks for its work items in descriptions, and only on GitHub."""
    settings = Settings.model_validate(
        {
            "azure_devops": {"organization_url": "https://dev.azure.com/acme"},
            "projects": [{"name": "churn", "tracker": tracker, "code": code}],
        }
    )
    [project] = projects_of(settings)
    assert (expected, None if code == "local" else code) == (project.mention, project.code)
