"""A workflow on GitHub as our own fake plays it, for an account with a token."""

from contextlib import contextmanager

from fakes.github import FakeGitHub, read_timeout
from fakes.pipelines import pipeline
from trainboard.budgets.memory import MemoryBudgets
from trainboard.github.credentials import TokenCredential
from trainboard.pipelines.github_actions import GitHubActionsStarter

OWN = {"trainboard", "commit", "parameters"}


class GitHubWorld:
    """The repository `acme/churn` with a workflow that carries our mark in its title."""

    tells_run = True

    def __init__(self, fake, credential):
        self.fake = fake
        self.starter = GitHubActionsStarter(
            repository="acme/churn", credential=credential, clock=lambda: fake.now
        )
        self.workflow, self.pipeline = self.declare()

    def declare(self):
        """A workflow, and how it is declared in the settings."""
        inputs = {"dataset": False, "dry_run": False, "trainboard": False, "commit": False}
        workflow = self.fake.add_workflow(
            self.fake.churn, "retrain.yml", inputs=inputs, title="Retrain {trainboard}"
        )
        return workflow, pipeline(commit="commit")

    def now(self):
        return self.fake.now

    def list_started(self):
        return [
            {name: value for name, value in run.inputs.items() if name not in OWN}
            for run in self.fake.churn.runs
        ]

    def add_commit(self):
        pull = self.fake.person_opens(self.fake.churn, "Try LightGBM", is_pull=True)
        return pull.commits[-1]

    def list_commits(self):
        return [run.inputs.get("commit") for run in self.fake.churn.runs]

    def lose_answer(self):
        self.fake.next_fault(error=read_timeout(), after_commit=True, method="POST")

    def breaks(self, how):
        if how == "gone":
            del self.fake.churn.workflows["retrain.yml"]
        elif how == "disabled":
            self.workflow.state = "disabled_manually"
        else:
            self.fake.churn.push = False

    @contextmanager
    def outage(self):
        self.fake.is_down = True
        yield
        self.fake.is_down = False


@contextmanager
def opened(kind, make_credential):
    with FakeGitHub().running() as fake:
        fake.granted |= {"actions": "write", "contents": "write"}
        world = kind(fake, make_credential(fake, MemoryBudgets(lambda: fake.now)))
        yield world
        world.starter.close()


def open_world(request):
    return opened(GitHubWorld, lambda fake, budgets: TokenCredential(fake.token, budgets))
