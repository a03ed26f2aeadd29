"""What the tracker says when it looks at itself: what stands in the way, and what to do."""

from datetime import timedelta
from email.utils import format_datetime

import pytest

from fakes.github.keys import make_pem
from judges import github_openapi
from trainboard.budgets.memory import MemoryBudgets
from trainboard.diagnosis import Examinable, Grade
from trainboard.github.credentials import AppCredential
from trainboard.trackers.github import PERMISSIONS, GitHubTracker

FINE = [
    "GitHub lets us in for acme/churn: 5000 of 5000 calls are left.",
    "We may write issues, labels and milestones in acme/churn.",
]


@pytest.fixture
def app_tracker(fake, clock):
    credential = AppCredential(4711, make_pem(), MemoryBudgets(clock), PERMISSIONS)
    made = GitHubTracker(repository="acme/churn", credential=credential, clock=clock)
    yield made
    made.close()


def troubles(tracker):
    """What is found that is not in order."""
    return [finding for finding in tracker.examine() if finding.grade is not Grade.OK]


def test_all_is_well(fake, tracker):
    """Two calls that change nothing."""
    assert FINE == [finding.message for finding in tracker.examine()]
    assert ["GET /rate_limit", "GET /repos/acme/churn"] == fake.calls()
    assert isinstance(tracker, Examinable)


def test_a_token_without_write_access(fake, tracker):
    """GitHub drops labels and milestones without a word: the doctor has that word."""
    fake.churn.push = False
    [trouble] = troubles(tracker)
    assert (Grade.FAILING, True) == (trouble.grade, "leaves labels and milestones out" in trouble.message)
    assert "Give the user the role Write in the repository." == trouble.fix


def test_an_app_has_no_role(fake, app_tracker):
    """What an App may do it was granted when it signed in, whatever its role is said to be."""
    fake.churn.push = False
    assert [] == troubles(app_tracker)


def test_an_app_without_the_permission(fake, app_tracker):
    """It cannot sign in."""
    fake.next_fault(422, body={"message": "The permissions requested are not granted"}, method="POST")
    [trouble] = troubles(app_tracker)
    assert (Grade.FAILING, True) == (
        trouble.grade,
        "permissions requested are not granted" in trouble.message,
    )


def test_permissions_that_are_not_told(fake, tracker):
    """What is not known is a note."""
    fake.next_fault(200, body={"rate": {"limit": 1, "remaining": 1}})
    fake.next_fault(200, body={"full_name": "acme/churn"})
    [trouble] = troubles(tracker)
    assert (Grade.NOTE, "GitHub does not say what we may do in acme/churn.") == (
        trouble.grade,
        trouble.message,
    )


def test_a_repository_that_takes_no_issues(fake, tracker):
    """Each reason is told."""
    fake.churn.has_issues, fake.churn.archived = False, True
    assert [
        ("acme/churn is archived: nothing can be written there.", "Unarchive it."),
        ("Issues are turned off in acme/churn.", "Turn them on in the repository's settings."),
    ] == [(trouble.message, trouble.fix) for trouble in troubles(tracker)]


@pytest.mark.parametrize("seconds", [-16, 16])
def test_a_wrong_clock(fake, tracker, clock, seconds):
    """It is told beside GitHub's."""
    date = format_datetime(clock.now + timedelta(seconds=seconds), usegmt=True)
    fake.next_fault(200, headers={"Date": date}, body={"rate": {"limit": 1, "remaining": 1}})
    [trouble] = troubles(tracker)
    assert (Grade.FAILING, True) == (
        trouble.grade,
        trouble.message.startswith("The clock stands at 2026-01-05"),
    )


def test_a_revoked_token(fake, tracker):
    """GitHub's reason and what to look at."""
    fake.tokens.clear()
    [trouble] = troubles(tracker)
    assert (Grade.FAILING, True) == (trouble.grade, "Check github.token" in trouble.message)


def test_a_repository_that_we_cannot_see(fake, tracker):
    """A wrong name, or a token that may not look."""
    fake.churn.visible = False
    [trouble] = troubles(tracker)
    assert (Grade.FAILING, "Mend the way into acme/churn: see docs/github.md.") == (
        trouble.grade,
        trouble.fix,
    )


def test_a_server_that_limits_nobody(fake, tracker):
    """An Enterprise server may answer 404."""
    fake.next_fault(404, body={"message": "Rate limiting is not enabled."})
    assert ["GitHub lets us in for acme/churn, and limits nobody.", FINE[1]] == [
        finding.message for finding in tracker.examine()
    ]


def test_a_limit_is_no_fault(fake, tracker):
    """The bot waits, and so must who asks."""
    fake.next_fault(429, headers={"Retry-After": "5"}, body={"message": "slow"})
    [trouble] = troubles(tracker)
    assert (Grade.NOTE, "Ask again later. The bot waits by itself.") == (trouble.grade, trouble.fix)


def test_an_answer_that_is_no_rate(fake, tracker):
    """A proxy's page is told as such."""
    fake.next_fault(200, body="<html>")
    [trouble] = troubles(tracker)
    assert (Grade.FAILING, True) == (trouble.grade, "not the JSON that GitHub promises" in trouble.message)


def test_the_fakes_answers_are_as_described(clock):
    """What the tests go by is what GitHub sends."""
    from fakes.github import FakeGitHub
    from trainboard.github.credentials import TokenCredential

    url = "http://127.0.0.1:4802"
    with github_openapi.watch(url, answers=True), FakeGitHub(url, clock=clock).running() as fake:
        credential = TokenCredential(fake.token, MemoryBudgets(clock))
        tracker = GitHubTracker(repository="acme/churn", credential=credential, api_url=url, clock=clock)
        assert [] == troubles(tracker)
        tracker.close()
    assert [] == github_openapi.take_findings()
