"""Which experiments a source plans, and where a project's code lives."""

import pytest

from trainboard.policy import Door, Project


@pytest.mark.parametrize(
    ("globs", "planned"),
    [
        ((), False),
        (("churn-*",), True),
        (("Churn-*",), False),
        (("scratch", "churn-xg?"), True),
        (("churn",), False),
        (("*",), True),
        (("[!c]*",), False),
    ],
)
def test_experiments_are_chosen_by_globs(globs, planned):
    """Case counts, one match is enough, and without globs nothing is planned."""
    assert planned == Door(name="runs/ci", project="churn", experiments=globs).plans("churn-xgb")


@pytest.mark.parametrize(
    ("code", "is_there"),
    [
        ("github:acme/churn", True),
        ("github:Acme/Churn", True),
        ("azure-repos:acme/churn", False),
        ("github:acme/churn2", False),
        (None, False),
    ],
)
def test_code_lives_in_one_repository(code, is_there):
    """Letters do not tell repositories apart, platforms do."""
    project = Project(name="churn", tracker="local:churn", code=code)

    assert is_there == project.lives_in("github:acme/churn")


@pytest.mark.parametrize(
    ("globs", "environment", "is_relied_on"),
    [
        (None, "Production", True),
        (None, "prod", True),
        (None, "prod-eu", False),
        (("PROD-*",), "prod-eu", True),
        ((), "production", False),
    ],
)
def test_environments_of_production_are_chosen_by_globs(globs, environment, is_relied_on):
    """Letters do not tell environments apart."""
    chosen = {} if globs is None else {"production": globs}
    project = Project(name="churn", tracker="local:churn", **chosen)

    assert is_relied_on == project.is_production(environment)
