"""Which repository a git remote is."""

import pytest

from trainboard.git_remotes import parse_repository


@pytest.mark.parametrize(
    ("remote", "repository"),
    [
        ("https://github.com/acme/churn.git", "acme/churn"),
        ("https://user:token@github.com/acme/churn", "acme/churn"),
        ("git@github.com:acme/churn.git", "acme/churn"),
        ("ssh://git@github.com/acme/churn.git", "acme/churn"),
        ("https://gitlab.com/acme/ml/churn/", "acme/ml/churn"),
        ("https://[::1/acme/churn", ""),
        ("", ""),
    ],
)
def test_a_repository_is_the_path_of_its_remote(remote, repository):
    """Whatever the protocol, and without credentials."""
    assert repository == parse_repository(remote)


@pytest.mark.parametrize(
    "remote",
    [
        "https://dev.azure.com/acme/churn/_git/model",
        "https://acme@dev.azure.com/acme/churn/_git/model",
        "https://acme.visualstudio.com/churn/_git/model",
        "https://acme.visualstudio.com/DefaultCollection/churn/_git/model",
        "git@ssh.dev.azure.com:v3/acme/churn/model",
        "ssh://git@ssh.dev.azure.com/v3/acme/churn/model",
        "acme@vs-ssh.visualstudio.com:v3/acme/churn/model",
    ],
)
def test_a_repository_of_azure_repos_has_an_organisation_and_a_project(remote):
    """All addresses of it are one, the one that `azure-repos:` places have."""
    assert "acme/churn/model" == parse_repository(remote)


def test_the_default_repository_of_a_project_is_called_like_it():
    """Azure leaves the project out of its address."""
    assert "acme/churn/churn" == parse_repository("https://dev.azure.com/acme/_git/churn")


def test_blanks_in_names_of_azure_are_blanks():
    """They are encoded in addresses and not in places."""
    assert "acme/Fabrikam Fiber/model" == parse_repository(
        "https://dev.azure.com/acme/Fabrikam%20Fiber/_git/model"
    )


@pytest.mark.parametrize("path", ["acme", "acme/churn", "a/b/_git/c/d", "v3/a/b"])
def test_other_paths_at_azure_stay_what_they_are(path):
    """Nothing is guessed."""
    assert path == parse_repository(f"https://dev.azure.com/{path}")
