"""What is GitHub's own about starting workflows."""

from datetime import timedelta

import pytest

from fakes.github import FakeGitHub
from fakes.github.actions import start
from fakes.pipelines import order, pipeline
from trainboard.budgets.memory import MemoryBudgets
from trainboard.errors import PermanentError
from trainboard.github.credentials import TokenCredential
from trainboard.pipelines.github_actions import MOST_RUNS, GitHubActionsStarter

ENTERPRISE = "https://git.example.com/api/v3"


@pytest.fixture
def fake():
    with FakeGitHub().running() as running:
        running.workflow = running.add_workflow(
            running.churn,
            "retrain.yml",
            inputs={"dataset": False, "dry_run": False, "trainboard": False},
            title="Retrain {trainboard}",
        )
        yield running


@pytest.fixture
def starter(fake):
    credential = TokenCredential(fake.token, MemoryBudgets(lambda: fake.now))
    made = GitHubActionsStarter(repository="acme/churn", credential=credential, clock=lambda: fake.now)
    yield made
    made.close()


def run_others(fake, number):
    """Others start the workflow, so often."""
    for _ in range(number):
        fake.tick()
        start(fake, fake.churn, fake.workflow, "workflow_dispatch", {"trainboard": "of others"})


def test_a_run_is_looked_for_on_further_pages(fake, starter):
    """A hundred a call, up to a bound."""
    wanted, since = order(pipeline()), fake.now
    started = starter.start(wanted)
    run_others(fake, 150)
    fake.requests.clear()
    assert started == starter.find(wanted, since)
    assert 2 == len(fake.calls())
    run_others(fake, MOST_RUNS)
    assert None is starter.find(wanted, since)


def test_no_page_is_asked_for_that_is_too_old(fake, starter):
    """Runs of before the start are none of ours."""
    run_others(fake, 150)
    fake.requests.clear()
    assert None is starter.find(order(pipeline()), fake.now - timedelta(seconds=50))
    assert 1 == len(fake.calls())


def test_where_it_runs_is_said_when_it_does_not_tell(fake, starter):
    """An Enterprise server of old is asked again without the word that it does not know."""
    fake.knows_run_details = False
    assert None is starter.start(order(pipeline())).name
    assert 1 == len(fake.churn.runs)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"event": "x"}, "does not have 'workflow_dispatch' trigger"),
        ({"inputs": {}}, "Unexpected inputs provided"),
        ({"inputs": {"seed": True, "trainboard": False}}, "Required input 'seed' not provided"),
        ({"state": "disabled_inactivity"}, "disabled workflow"),
    ],
)
def test_a_workflow_that_is_another_than_declared_is_told(fake, starter, change, words):
    """In GitHub's words, and with what was tried."""
    for name, value in change.items():
        setattr(fake.workflow, name, value)
    with pytest.raises(PermanentError, match=words) as caught:
        starter.start(order(pipeline()))
    assert str(caught.value).startswith("Could not start retrain.yml in acme/churn: GitHub answered 422")


def test_pages_of_an_enterprise_server(fake):
    """They are on the server itself."""
    credential = TokenCredential(fake.token, MemoryBudgets(lambda: fake.now))
    made = GitHubActionsStarter(
        repository="acme/churn", credential=credential, api_url=ENTERPRISE, clock=lambda: fake.now
    )
    root = "https://git.example.com/acme/churn/actions"
    assert f"{root}/workflows/retrain.yml" == made.page_of(pipeline())
    assert f"{root}?query=event%3Arepository_dispatch" == made.page_of(pipeline("repository-dispatch"))
    made.close()
