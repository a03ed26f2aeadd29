"""GitHub: which pull request a merge queue tries."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from trainboard.errors import PayloadError
from trainboard.events import MergeQueued
from trainboard_webhooks import github

FIXTURES = Path(github.__file__).parent / "fixtures"
GROUP = json.loads((FIXTURES / "merge_group__checks_requested.json").read_text())
BASE = "5f1e0000000000000000000000000000000000aa"


def queued(**changes):
    body = GROUP | {"merge_group": GROUP["merge_group"] | changes}
    return list(github.parse("github", "merge_group", json.dumps(body).encode()))


@pytest.mark.parametrize(
    ("branch", "number"),
    [
        (f"main/pr-57-{BASE}", 57),
        (f"release/1.x/pr-7-{BASE}", 7),
        (f"main/pr-1-x/pr-9-{BASE}", 9),
        (f"main/pr-0-{BASE}", None),
        (f"main/pr-{'9' * 40}-{BASE}", None),
        ("main", None),
    ],
)
def test_the_branch_names_the_pull_request(branch, number):
    """A branch of any other form is no news."""
    found = queued(head_ref=f"refs/heads/gh-readonly-queue/{branch}")
    commit = GROUP["merge_group"]["head_sha"]
    at = datetime(2026, 1, 12, 9, 40, tzinfo=UTC)
    expected = [MergeQueued(code="github:acme/churn", number=number, commit=commit, at=at)] if number else []
    assert expected == found


def test_only_queues_are_read():
    """Somebody's branch of that name elsewhere is no queue."""
    assert [] == queued(head_ref=f"refs/heads/main/pr-57-{BASE}")


def test_the_commit_must_be_one():
    """A gate is set on commits only."""
    with pytest.raises(PayloadError, match="head_sha must be the full hash"):
        queued(head_sha="main")
