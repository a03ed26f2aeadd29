"""Gates on GitHub: check runs of an App, statuses of a token."""

import pytest

from fakes.github.keys import make_pem
from fakes.github.state import Actor, App, CheckRun, Status
from trainboard.budgets.memory import MemoryBudgets
from trainboard.errors import MissingError, PermanentError
from trainboard.github.credentials import AppCredential
from trainboard.repositories import Gate
from trainboard.repositories.github import PERMISSIONS

NAME = "trainboard/metric-gate"
RUNS = "/repos/acme/churn/check-runs"


@pytest.fixture
def pull(fake):
    """A pull request of Ana's."""
    return fake.person_opens(fake.churn, "Try LightGBM", is_pull=True)


@pytest.fixture
def gate(pull):
    """A gate that waits, on its only commit."""
    return Gate(name=NAME, commit=pull.commits[-1], state="waiting", title="Waiting.")


def verdict(gate, state, **fields):
    return Gate(**{"name": gate.name, "commit": gate.commit, "state": state, "title": state} | fields)


def writes(fake):
    return [call for call in fake.calls() if not call.startswith("GET ") and "access_tokens" not in call]


def test_a_check_run_is_completed_in_place(fake, app_repository, gate):
    """One that is under way gets its verdict: people see one check."""
    app_repository.set_gate(1, gate)
    app_repository.set_gate(1, verdict(gate, "success", summary="| auc |", url="https://tb.example/1"))
    [run] = fake.churn.check_runs
    assert [f"POST {RUNS}", f"PATCH {RUNS}/{run.id}"] == writes(fake)
    assert ("completed", "success", "https://tb.example/1") == (run.status, run.conclusion, run.details_url)
    assert {"title": "success", "summary": "| auc |"} == run.output


def test_a_verdict_is_taken_back_by_another_check_run(fake, app_repository, gate):
    """GitHub does not let a completed one change."""
    for state in ("success", "waiting", "failure"):
        app_repository.set_gate(1, verdict(gate, state))
    assert [("completed", "success"), ("completed", "failure")] == [
        (run.status, run.conclusion) for run in fake.churn.check_runs
    ]


def test_a_completed_check_run_gets_new_words(fake, app_repository, gate):
    """The same verdict needs no other check run."""
    app_repository.set_gate(1, verdict(gate, "failure", title="0.91 of 0.95"))
    app_repository.set_gate(1, verdict(gate, "failure", title="0.94 of 0.95"))
    [run] = fake.churn.check_runs
    assert "0.94 of 0.95" == run.output["title"]


def test_an_unchanged_check_run_costs_one_look(fake, app_repository, gate):
    """However often it is set."""
    app_repository.set_gate(1, verdict(gate, "success"))
    fake.requests.clear()
    app_repository.set_gate(1, verdict(gate, "success"))
    assert [f"GET /repos/acme/churn/commits/{gate.commit}/check-runs"] == fake.calls()


def test_a_check_run_that_grew_stale_is_made_anew(fake, app_repository, gate):
    """GitHub itself concludes what waits for two weeks."""
    app_repository.set_gate(1, gate)
    fake.churn.check_runs[0].conclusion = "cancelled"
    app_repository.set_gate(1, gate)
    assert 2 == len(fake.churn.check_runs)


def test_an_app_knows_its_check_runs_by_its_client_id(fake, open_repository, clock, gate):
    """The settings may name either."""
    credential = AppCredential(fake.app.client_id, make_pem(), MemoryBudgets(clock), PERMISSIONS)
    repository = open_repository(credential)
    for _ in range(2):
        repository.set_gate(1, gate)
    assert 1 == len(fake.churn.check_runs)


def test_a_check_run_of_another_app_is_left_alone(fake, app_repository, gate):
    """Whatever its name."""
    theirs = CheckRun(fake.new_id(), NAME, gate.commit, App(1, "stranger"), fake.now)
    fake.churn.check_runs.append(theirs)
    app_repository.set_gate(1, gate)
    assert (2, "queued") == (len(fake.churn.check_runs), theirs.status)


def test_a_summary_is_cut_to_what_github_takes(fake, app_repository, gate):
    """65,535 characters."""
    app_repository.set_gate(1, verdict(gate, "failure", summary="é" * 70_000))
    assert 65_535 == len(fake.churn.check_runs[0].output["summary"])


@pytest.mark.parametrize(("state", "expected"), [("waiting", "pending"), ("neutral", "success")])
def test_a_status_says_what_it_can(fake, repository, gate, state, expected):
    """It has no neutral state; its words have."""
    repository.set_gate(1, verdict(gate, state, title="Nothing of ML is touched. " * 9))
    [status] = fake.churn.statuses
    assert (expected, 140, None) == (status.state, len(status.description), status.target_url)


def test_the_latest_status_of_the_name_counts(fake, repository, gate):
    """Among a hundred others that CI reported, and older ones of ours."""
    repository.set_gate(1, verdict(gate, "failure"))
    for number in range(120):
        status = Status(
            fake.new_id(), gate.commit, f"ci/{number}", "success", None, None, Actor("ci", 9), fake.now
        )
        fake.churn.statuses.append(status)
    repository.set_gate(1, verdict(gate, "failure"))
    repository.set_gate(1, verdict(gate, "success"))
    repository.set_gate(1, verdict(gate, "failure"))
    ours = [each.state for each in fake.churn.statuses if each.context == NAME]
    assert ["failure", "success", "failure"] == ours


@pytest.mark.parametrize("opened", ["repository", "app_repository"])
def test_a_commit_that_a_force_push_took_away(request, opened, pull, gate):
    """GitHub says 422, and it is missing."""
    pull.commits.clear()
    pull.commits.append("a" * 40)
    with pytest.raises(MissingError, match="No commit found"):
        request.getfixturevalue(opened).set_gate(1, gate)


def test_a_permission_that_is_missing_is_no_missing_commit(fake, repository, gate):
    """GitHub says 404 to both; the pull request is there, so it is the permission."""
    fake.next_fault(404, body={"message": "Not Found"})
    with pytest.raises(PermanentError, match="check our permissions") as caught:
        repository.set_gate(1, gate)
    assert not isinstance(caught.value, MissingError)


def test_a_token_without_push_access(fake, repository, gate):
    """The sentence says what is needed."""
    fake.churn.push = False
    with pytest.raises(PermanentError, match="statuses=write"):
        repository.set_gate(1, gate)
