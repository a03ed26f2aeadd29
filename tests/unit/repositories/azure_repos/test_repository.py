"""Pull requests in Azure Repos: what is sent, how often, and what is made of the answers."""

import json

import pytest

from fakes.azure_devops import faults
from trainboard.errors import DoubtError, MissingError, PermanentError, TransientError
from trainboard.repositories import Gate

NAME = "trainboard/metric-gate"


def gate_of(commit, state="waiting", title="Waiting."):
    return Gate(name=NAME, commit=commit, state=state, title=title)


def test_a_pull_request_is_read_in_one_call(azure, pull, repository, clock):
    """Azure DevOps tells no time of its last change: it stood so when it was read."""
    found = repository.get_pull_request(pull.id)
    assert ("azure-repos:acme/Churn model/churn", "feature/lgbm", clock.now) == (
        found.code,
        found.branch,
        found.at,
    )
    assert f"{azure.url}/Churn%20model/_git/churn/pullrequest/{pull.id}" == found.url
    assert ["GET git.pullRequests"] == azure.calls()


def test_a_draft_from_a_fork_is_told(pull, repository):
    """Both matter to who may spend what on it."""
    pull.is_draft = pull.is_from_fork = True
    found = repository.get_pull_request(pull.id)
    assert (True, True) == (found.draft, found.from_fork)


def test_a_comment_is_a_closed_thread(azure, pull, repository):
    """In one call, and edited in one."""
    made = repository.create_comment(pull.id, "One check.")
    repository.update_comment(pull.id, made.ref, "Two checks.")
    [thread] = pull.threads
    assert ("closed", "text", ["Two checks."]) == (
        thread.status,
        thread.comments[0].kind,
        [each.content for each in thread.comments],
    )
    assert ["POST git.threads", "GET location.connection", "PATCH git.comments"] == azure.calls()


def test_what_the_system_says_is_no_comment(azure, pull, repository):
    """Nor is what somebody deleted."""
    thread = azure.person_comments_on_pull(pull, "Ana voted 10")
    thread.comments[0].kind = "system"
    gone = azure.person_comments_on_pull(pull, "Never mind.")
    gone.comments[0].is_deleted = True
    azure.person_comments_on_pull(pull, "Why?")
    assert ["Why?"] == [each.body for each in repository.list_comments(pull.id)]


def test_comments_without_words(azure, pull, repository):
    """Azure DevOps leaves out or nulls what is empty; a thread may hold nothing at all."""
    shown = {"id": 1, "publishedDate": "2026-01-05T09:00:00Z", "commentType": "text", "content": None}
    threads = [{"id": 98, "comments": [shown]}, {"id": 99, "comments": None}]
    azure.faults.add(faults.Fault(200, json.dumps({"count": 2, "value": threads})), path="threads")
    assert [""] == [each.body for each in repository.list_comments(pull.id)]


def test_a_thread_without_its_comment_leaves_a_doubt(azure, pull, repository):
    """What came back is not what was asked for: it may be there all the same."""
    azure.faults.add(faults.Fault(200, json.dumps({"id": 7, "comments": []})), path="threads")
    with pytest.raises(DoubtError):
        repository.create_comment(pull.id, "One check.")


def test_a_comment_of_somebody_else_is_not_ours_to_change(azure, pull, repository):
    """Azure DevOps refuses it for good."""
    thread = azure.person_comments_on_pull(pull, "Why?")
    with pytest.raises(PermanentError):
        repository.update_comment(pull.id, f"{thread.id}/1", "Because.")


def test_a_gate_is_a_status_of_the_push(azure, pull, repository):
    """By its genre and name, with no more words than are shown."""
    azure.person_pushes(pull.repository, pull.source)
    repository.set_gate(pull.id, gate_of(pull.iterations[1][0], title="Waiting for a run. " * 20))
    [status] = pull.statuses
    assert ({"genre": "trainboard", "name": "metric-gate"}, "pending", 2) == (
        status["context"],
        status["state"],
        status["iterationId"],
    )
    assert (140, None) == (len(status["description"]), status["targetUrl"])


def test_an_unchanged_gate_costs_two_looks(azure, pull, repository):
    """However often it is set."""
    repository.set_gate(pull.id, gate_of(pull.iterations[0][0]))
    azure.requests.clear()
    repository.set_gate(pull.id, gate_of(pull.iterations[0][0]))
    assert ["GET git.iterations", "GET git.statuses"] == azure.calls()


def test_a_commit_that_came_back_has_a_gate_of_its_newest_push(pull, repository, clock):
    """A force push may go back to an older commit; the status of the older push does not count any more."""
    first = pull.iterations[0][0]
    repository.set_gate(pull.id, gate_of(first, "success"))
    pull.iterations += [("b" * 40, clock.now), (first, clock.now)]
    repository.set_gate(pull.id, gate_of(first, "success"))
    assert [1, 3] == [status["iterationId"] for status in pull.statuses]


def test_a_pull_request_without_a_push_changes_nothing(pull, repository):
    """It has no files, and no commit to judge."""
    commit = pull.iterations.pop()[0]
    assert [] == repository.list_files(pull.id)
    with pytest.raises(MissingError):
        repository.set_gate(pull.id, gate_of(commit))


def test_a_description_that_is_too_long(pull, repository):
    """Azure DevOps keeps 4,000 characters."""
    with pytest.raises(PermanentError):
        repository.describe(pull.id, "x" * 4_001)


def test_a_repository_that_we_cannot_see_is_not_missing(open_repository):
    """Renamed, or its name is wrong: nobody knows of the pull request."""
    with pytest.raises(TransientError, match="Check the repository's name"):
        open_repository("gone").get_pull_request(1)


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda repository, number: repository.list_comments(number), TransientError),
        (lambda repository, number: repository.create_comment(number, "x"), DoubtError),
    ],
)
def test_a_failure_is_told_by_its_class(azure, pull, repository, act, expected):
    """A read that fails did nothing; of a write nobody knows."""
    azure.faults.add(faults.unavailable(), times=9)
    with pytest.raises(expected):
        act(repository, pull.id)
