"""GitHub: what a delivery is about, told by little of its body."""

import json

import pytest

from trainboard.errors import PayloadError
from trainboard_webhooks.github import identify

REPOSITORY = {"full_name": "acme/churn"}
HEAD = "7d1b31e74ee336d15cbd21741bc88a537ed063a0"


def entity(body, kind="push"):
    return identify({"x-github-event": kind, "x-github-delivery": "1"}, json.dumps(body).encode()).entity


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"repository": REPOSITORY, "issue": {"number": 5}}, "github:acme/churn#5"),
        ({"repository": REPOSITORY, "pull_request": {"number": 6}}, "github:acme/churn#6"),
        ({"repository": REPOSITORY, "check_run": {"head_sha": HEAD}}, f"github:acme/churn@{HEAD}"),
        ({"repository": REPOSITORY, "workflow_run": {"head_sha": "a" * 64}}, f"github:acme/churn@{'a' * 64}"),
        ({"repository": REPOSITORY, "deployment": {"sha": HEAD}}, f"github:acme/churn@{HEAD}"),
        (
            {"repository": REPOSITORY, "deployment": {"sha": HEAD}, "workflow_run": None, "check_run": None},
            f"github:acme/churn@{HEAD}",
        ),
        ({"repository": REPOSITORY, "sha": HEAD}, f"github:acme/churn@{HEAD}"),
        ({"repository": REPOSITORY, "sha": "HEAD"}, "github:acme/churn"),
        ({"repository": REPOSITORY, "sha": HEAD + "\n"}, "github:acme/churn"),
        ({"repository": REPOSITORY, "check_run": {}}, "github:acme/churn"),
        ({"repository": REPOSITORY, "deployment": {"sha": None}}, "github:acme/churn"),
        ({"repository": REPOSITORY, "pull_request": {"number": 6}, "sha": HEAD}, "github:acme/churn#6"),
        ({"repository": None, "sha": HEAD}, "github"),
        ({"repository": REPOSITORY, "issue": None}, "github:acme/churn"),
        ({"repository": REPOSITORY, "issue": {}}, "github:acme/churn"),
        ({"repository": None, "organization": {"login": "acme"}}, "github:acme"),
        (
            {"installation": {"id": 1, "account": {"login": "ada"}}, "organization": {"login": "acme"}},
            "github:ada",
        ),
        ({"installation": {"account": {"slug": "holding"}}}, "github:holding"),
        ({"enterprise": {"slug": "holding"}}, "github:holding"),
        ({"repository": {}}, "github"),
        ({}, "github"),
    ],
)
def test_entity_is_what_the_body_is_about(body, expected):
    """An issue or pull request, else a commit, else the repository, else the account, else GitHub."""
    assert expected == entity(body)


def test_long_account_is_shortened():
    """No entity is long, whatever the name."""
    assert 200 == len(entity({"organization": {"login": "x" * 5000}}))


@pytest.mark.parametrize(
    "name", ["", "churn", "acme/churn/x", "acme/ch urn", "acme/\u20ac", "/", "a" * 101 + "/b", "acme/churn\n"]
)
def test_repository_must_be_one(name):
    """The name of a repository goes into the tracker's name, so it must be one."""
    with pytest.raises(PayloadError, match="full_name must be owner/repository"):
        entity({"repository": {"full_name": name}})
