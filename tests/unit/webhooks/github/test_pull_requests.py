"""GitHub: a pull request as a delivery tells of it."""

import json
from pathlib import Path

import pytest

from trainboard.errors import PayloadError
from trainboard_webhooks import github

OPENED = json.loads((Path(github.__file__).parent / "fixtures" / "pull_request__opened.json").read_text())


def pull_request(**changes):
    body = OPENED | {"pull_request": OPENED["pull_request"] | changes}
    [event] = github.parse("github", "pull_request", json.dumps(body).encode())
    return event.pull_request


def head(**changes):
    return OPENED["pull_request"]["head"] | changes


@pytest.mark.parametrize(
    ("changes", "state", "merged_as"),
    [
        ({"merge_commit_sha": "a" * 40}, "open", None),
        ({"state": "closed", "merge_commit_sha": "a" * 40}, "closed", None),
        ({"state": "closed", "merged": True, "merge_commit_sha": "a" * 40}, "merged", "a" * 40),
        ({"state": "closed", "merged": None, "merged_at": "2026-01-12T10:00:00Z"}, "merged", None),
        ({"state": "closed", "merged": False, "merged_at": None}, "closed", None),
    ],
)
def test_the_trial_merge_is_no_merge(changes, state, merged_as):
    """What GitHub merges to try it out is not what became of the pull request; only its end tells that."""
    found = pull_request(**changes)
    assert (state, merged_as) == (found.state, found.merged_as)


@pytest.mark.parametrize(
    ("changes", "from_fork"),
    [
        ({}, False),
        ({"head": head(repo=OPENED["repository"] | {"id": 5})}, True),
        ({"head": head(repo=None)}, True),
        ({"head": head(repo=None, user=None)}, True),
    ],
)
def test_a_fork_is_known_by_its_number(changes, from_fork):
    """By the id of the repository, because names change; a deleted repository was a fork."""
    assert from_fork == pull_request(**changes).from_fork


def test_little_is_needed():
    """Author, text and draft may be missing, as in old deliveries, or null, as of deleted accounts."""
    for changes in ({"user": None, "body": None, "draft": None}, {"user": {}, "body": ""}):
        found = pull_request(**changes)
        assert ("", "", False) == (found.author, found.text, found.draft)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"state": "ajar"}, "state must be"),
        ({"head": head(sha="main")}, "sha must be the full hash of a commit"),
        ({"head": head(sha="A" * 40)}, "sha must be the full hash of a commit"),
        ({"merged": "yes", "state": "closed"}, "merged must be a boolean"),
    ],
)
def test_what_is_not_understood_is_refused(changes, complaint):
    """A state that is none and a commit that is none are not guessed at."""
    with pytest.raises(PayloadError, match=complaint):
        pull_request(**changes)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://acme", "", "https://" + "a" * 2000, None])
def test_only_pages_are_pointed_to(url):
    """An address that no browser should be sent to is none."""
    assert pull_request(html_url=url).url == ""
