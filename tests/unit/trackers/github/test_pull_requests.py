"""Descriptions of pull requests on GitHub."""

import pytest
from trainboard.trackers.github.pull_requests import PERMISSIONS, PullRequests

from fakes.github import FakeGitHub
from fakes.github.keys import make_pem
from trainboard.budgets.memory import MemoryBudgets
from trainboard.diagnosis import Grade
from trainboard.errors import DoubtError, MissingError, TransientError
from trainboard.github.client import API_URL
from trainboard.github.credentials import AppCredential, TokenCredential


@pytest.fixture
def open_pulls(fake, clock):
    """Opens the repository's pull requests with a credential; closes them at the end."""
    opened = []

    def open_with(credential=None):
        credential = credential or TokenCredential(fake.token, MemoryBudgets(clock))
        made = PullRequests(repository="acme/churn", credential=credential, api_url=API_URL, clock=clock)
        opened.append(made)
        return made

    yield open_with
    for each in opened:
        each.close()


@pytest.fixture
def pulls(open_pulls):
    return open_pulls()


def make_pull(fake: FakeGitHub, body: str | None = "A try."):
    """A pull request of Ana's."""
    return fake.person_opens(fake.churn, "Try LightGBM", body=body, is_pull=True)


@pytest.mark.parametrize(("body", "expected"), [("A try.", "A try."), (None, "")])
def test_a_description_is_read(fake, pulls, body, expected):
    """As it stands; one that was never written is empty."""
    made = make_pull(fake, body)
    assert (expected, "github:acme/churn") == (pulls.get(made.number), pulls.name)


def test_a_description_is_replaced(fake, pulls):
    """In one call, and twice is once."""
    made = make_pull(fake)
    for _ in range(2):
        pulls.replace(made.number, "Better.")
    assert ("Better.", ["PATCH /repos/acme/churn/pulls/1"] * 2) == (made.body, fake.calls())


def test_an_issue_is_no_pull_request(fake, pulls):
    """Nor is what was never there."""
    fake.person_opens(fake.churn, "An issue")
    for number in (1, 404):
        with pytest.raises(MissingError):
            pulls.get(number)


@pytest.mark.parametrize(
    ("act", "expected"),
    [(lambda pulls: pulls.get(1), TransientError), (lambda pulls: pulls.replace(1, "x"), DoubtError)],
)
def test_a_failure_is_told_by_its_class(fake, pulls, act, expected):
    """A read that fails did nothing; of a write nobody knows."""
    make_pull(fake)
    fake.next_fault(502)
    with pytest.raises(expected):
        act(pulls)


def test_an_app_asks_for_no_more_than_it_needs(fake, clock, open_pulls):
    """Its token may write pull requests there, and nothing else."""
    made = make_pull(fake)
    pulls = open_pulls(AppCredential(4711, make_pem(), MemoryBudgets(clock), PERMISSIONS))
    pulls.replace(made.number, "x")
    [asked] = [each.json for each in fake.requests if each.path.endswith("/access_tokens")]
    assert {"metadata": "read", "pull_requests": "write"} == asked["permissions"]


def test_a_repository_without_issues_is_in_order(fake, pulls):
    """Only its code lives there."""
    fake.churn.has_issues = False
    findings = list(pulls.examine())
    assert [Grade.OK] * 2 == [each.grade for each in findings]
    assert "We may write descriptions of pull requests in acme/churn." == findings[-1].message
