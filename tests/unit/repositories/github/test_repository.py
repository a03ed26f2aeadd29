"""Pull requests on GitHub: what is sent, how often, and what is made of the answers."""

from datetime import UTC, datetime

import pytest

from fakes.github import FakeGitHub
from fakes.github.keys import make_pem
from judges import github_openapi
from trainboard.budgets.memory import MemoryBudgets
from trainboard.diagnosis import Grade
from trainboard.errors import DoubtError, MissingError, PermanentError, TransientError
from trainboard.github.credentials import AppCredential, TokenCredential
from trainboard.repositories import Gate
from trainboard.repositories.github import PERMISSIONS, GitHubRepository

PULL = "/repos/acme/churn/pulls/1"


def make_pull(fake, body="A try."):
    """A pull request of Ana's."""
    return fake.person_opens(fake.churn, "Try LightGBM", body=body, is_pull=True)


def test_a_pull_request_is_read_in_one_call(fake, repository):
    """Its time is that of its last change, as webhooks have it."""
    pull = make_pull(fake)
    found = repository.get_pull_request(1)
    assert (pull.commits[-1], datetime(2026, 1, 5, 9, tzinfo=UTC)) == (found.head, found.at)
    assert ("https://github.com/acme/churn/pull/1", [f"GET {PULL}"]) == (found.url, fake.calls())


def test_a_description_that_was_never_written_is_empty(fake, repository):
    """GitHub says null."""
    make_pull(fake, body=None)
    assert "" == repository.get_pull_request(1).text


def test_a_fork_is_told(fake, repository):
    """Its branch is in another repository."""
    pull = make_pull(fake)
    pull.from_fork, pull.is_draft = True, True
    found = repository.get_pull_request(1)
    assert (True, True) == (found.from_fork, found.draft)


def test_a_fork_and_an_author_that_are_gone(fake, repository):
    """GitHub says null to both, and the pull request stays readable."""
    make_pull(fake)
    shape = fake.shapes.pull(fake.churn, fake.churn.issues[1])
    fake.next_fault(200, body=shape | {"user": None, "head": shape["head"] | {"repo": None}})
    found = repository.get_pull_request(1)
    assert ("", True) == (found.author, found.from_fork)


def test_a_description_is_replaced(fake, repository):
    """In one call, and twice is once."""
    pull = make_pull(fake)
    for _ in range(2):
        repository.describe(1, "Better.")
    assert ("Better.", [f"PATCH {PULL}"] * 2) == (pull.body, fake.calls())


def test_a_comment_is_made_in_one_call(fake, repository):
    """It asks nothing first."""
    make_pull(fake)
    repository.create_comment(1, "One check.")
    assert ["POST /repos/acme/churn/issues/1/comments"] == fake.calls()


def test_an_issue_is_no_pull_request(fake, repository):
    """Nor is what was never there."""
    fake.person_opens(fake.churn, "An issue")
    for number in (1, 404):
        with pytest.raises(MissingError):
            repository.get_pull_request(number)


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda repository: repository.get_pull_request(1), TransientError),
        (lambda repository: repository.describe(1, "x"), DoubtError),
        (lambda repository: repository.create_comment(1, "x"), DoubtError),
    ],
)
def test_a_failure_is_told_by_its_class(fake, repository, act, expected):
    """A read that fails did nothing; of a write nobody knows."""
    make_pull(fake)
    fake.next_fault(502)
    with pytest.raises(expected):
        act(repository)


def test_a_renamed_repository_is_followed(fake, repository):
    """To read; its code keeps the name that the settings have."""
    make_pull(fake)
    fake.rename("acme/churn", "acme/churn-model")
    assert "github:acme/churn" == repository.get_pull_request(1).code


def test_an_archived_repository_refuses(fake, repository):
    """For good, with GitHub's own reason."""
    make_pull(fake)
    fake.next_fault(403, body={"message": "Repository was archived so is read-only."})
    with pytest.raises(PermanentError, match="archived"):
        repository.create_comment(1, "x")


def test_an_app_asks_for_no_more_than_it_needs(fake, app_repository):
    """Its token may write pull requests and checks there, and nothing else."""
    make_pull(fake)
    app_repository.describe(1, "x")
    [asked] = [each.json for each in fake.requests if each.path.endswith("/access_tokens")]
    assert {"checks": "write", "metadata": "read", "pull_requests": "write"} == asked["permissions"]


def test_a_repository_without_issues_is_in_order(fake, repository):
    """Only its code lives there."""
    fake.churn.has_issues = False
    findings = list(repository.examine())
    assert [Grade.OK] * 2 == [each.grade for each in findings]
    assert "We may write comments and checks of pull requests in acme/churn." == findings[-1].message


def test_an_app_that_lacks_a_permission(fake, app_repository):
    """The doctor names what must be granted."""
    del fake.granted["checks"]
    fake.granted["pull_requests"] = "read"
    [finding] = app_repository.examine()
    assert (Grade.FAILING, True) == (
        finding.grade,
        "it lacks checks: write, pull_requests: write." in finding.message,
    )


def test_a_token_without_write_access(fake, repository):
    """It may comment, and set no status."""
    fake.churn.push = False
    [_, trouble] = repository.examine()
    assert (Grade.FAILING, True) == (trouble.grade, "GitHub takes no commit statuses" in trouble.message)


def test_an_odd_name_is_refused(clock):
    """It would lead elsewhere."""
    credential = TokenCredential("t", MemoryBudgets(clock))
    with pytest.raises(ValueError, match="owner/name"):
        GitHubRepository(repository="acme/churn/../other", credential=credential, clock=clock)


@pytest.mark.parametrize("is_app", [False, True])
def test_the_fakes_answers_are_as_described(clock, is_app):
    """What the tests go by is what GitHub sends."""
    url = "http://127.0.0.1:4803"
    with github_openapi.watch(url, answers=True), FakeGitHub(url, clock=clock).running() as fake:
        budgets = MemoryBudgets(clock)
        app = AppCredential(4711, make_pem(), budgets, PERMISSIONS)
        credential = app if is_app else TokenCredential(fake.token, budgets)
        repository = GitHubRepository(
            repository="acme/churn", credential=credential, api_url=url, clock=clock
        )
        pull = make_pull(fake)
        fake.person_pushes(pull, "train.py")
        for state in ("waiting", "failure", "success"):
            repository.set_gate(
                1, Gate(name="trainboard/metric-gate", commit=pull.commits[-1], state=state, title=state)
            )
        fake.person_ends(pull, merged=True)
        assert ["train.py"] == [each.path for each in repository.list_files(1)]
        repository.describe(1, "x")
        assert "merged" == repository.get_pull_request(1).state
        repository.close()
    assert [] == github_openapi.take_findings()
