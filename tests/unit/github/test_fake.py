"""Our fake answers as GitHub's description says."""

from datetime import UTC, date, datetime

import pytest

from fakes.github import FakeGitHub
from fakes.github.keys import make_pem
from fakes.pipelines import order, pipeline
from judges import github_openapi
from trainboard.budgets.memory import MemoryBudgets
from trainboard.errors import MissingError, PermanentError
from trainboard.github.credentials import AppCredential, TokenCredential
from trainboard.pipelines.github_actions import GitHubActionsStarter
from trainboard.trackers.github import PERMISSIONS, GitHubTracker
from trainboard.work_items import NewIteration, NewWorkItem, WorkItemChange

API_URL = "https://github.example/api/v3"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def fake(clock):
    with github_openapi.watch(API_URL, answers=True), FakeGitHub(API_URL, clock=clock).running() as running:
        yield running


@pytest.fixture
def tracker(fake, clock):
    made = GitHubTracker(
        repository="acme/churn",
        credential=TokenCredential(fake.token, MemoryBudgets(clock)),
        api_url=API_URL,
        clock=clock,
    )
    yield made
    made.close()


def test_answers_are_as_described(fake, tracker):
    """Every answer of a tracker's whole life has the fields and forms that GitHub describes."""
    sprint = tracker.create_iteration(NewIteration(name="S", start=date(2026, 1, 5), end=date(2026, 1, 18)))
    new = NewWorkItem(
        title="t", body="b", labels=("x",), assignees=("ana",), iteration=sprint.ref, type="Bug"
    )
    parent, child = tracker.create_item(new).ref, tracker.create_item(new).ref
    tracker.update_item(parent, WorkItemChange(state="closed", add_labels=("y",), remove_labels=("x",)))
    tracker.add_child(parent, child)
    tracker.add_child(parent, child)
    comment = tracker.create_comment(parent, "c")
    tracker.update_comment(parent, comment.ref, "d")
    fake.person_opens(fake.churn, "a change", labels=["y"], is_pull=True)
    assert 1 == len(list(tracker.list_items(label="y", since=LONG_AGO)))
    assert 1 == len(list(tracker.list_comments(parent, since=LONG_AGO)))
    assert [sprint] == list(tracker.list_iterations())
    assert [] == github_openapi.take_findings()


def test_app_answers_are_as_described(fake, clock):
    """So are the answers by which an App signs in."""
    credential = AppCredential(4711, make_pem(), MemoryBudgets(clock), PERMISSIONS)
    made = GitHubTracker(repository="acme/churn", credential=credential, api_url=API_URL, clock=clock)
    made.create_item(NewWorkItem(title="t", body=""))
    assert [True] == [item.ours for item in map(made.get_item, ["1"])]
    made.close()
    assert [] == github_openapi.take_findings()


def test_answers_about_workflows_are_as_described(fake, clock):
    """So are those about workflows, what starts them, and their runs."""
    fake.add_workflow(fake.churn, "retrain.yml", inputs={"trainboard": False}, title="{trainboard}")
    fake.add_workflow(fake.churn, "listens.yml", event="retrain-model", title="{trainboard}")
    pull = fake.person_opens(fake.churn, "a change", is_pull=True)
    credential = TokenCredential(fake.token, MemoryBudgets(clock))
    made = GitHubActionsStarter(repository="acme/churn", credential=credential, api_url=API_URL, clock=clock)
    workflow = pipeline(commit="trainboard", marker="", parameters=())
    event = pipeline("repository-dispatch", target="retrain-model", parameters=())
    for of in (workflow, event):
        wanted = order(of, commit=pull.commits[-1])
        made.check(of)
        made.start(wanted)
        made.find(wanted, LONG_AGO)
    made.close()
    assert 2 == len(fake.churn.runs)
    assert [] == github_openapi.take_findings()


def test_refusals_are_as_described(fake, tracker):
    """Missing, deleted and invalid things are answered with the statuses that GitHub describes."""
    deleted = fake.person_opens(fake.churn, "one")
    deleted.gone = "deleted"
    with pytest.raises(PermanentError):
        tracker.create_item(NewWorkItem(title=" ", body=""))
    with pytest.raises(MissingError):
        list(tracker.list_comments("1", since=LONG_AGO))
    assert [] == github_openapi.take_findings()
