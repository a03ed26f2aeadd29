"""GitHub Actions as our stand-in plays them, asked with a token."""

from contextlib import contextmanager

from msgspec.structs import replace

from contract.artifact_worlds import COMMIT
from fakes.clock import FakeClock
from fakes.github import FakeGitHub
from fakes.github.artifacts import leave
from trainboard.budgets.memory import MemoryBudgets
from trainboard.github.credentials import TokenCredential
from trainboard.pipelines.github_artifacts import GitHubArtifacts
from trainboard.results import EndedRun


class GitHubActionsWorld:
    """Runs of a workflow of acme/churn."""

    def __init__(self, github, clock):
        self.github = github
        self._clock = clock
        self.artifacts = GitHubArtifacts(
            repository="acme/churn",
            credential=TokenCredential(github.token, MemoryBudgets(clock)),
            api_url=github.api_url,
            clock=clock,
        )

    def run(self):
        number = self.github.new_id()
        self.github.churn.ended_runs.add(number)
        return EndedRun(
            code="github:acme/churn",
            commit=COMMIT,
            pipeline="github-actions/3",
            run=number,
            at=self._clock(),
            source="gha:acme/churn",
            ran="pushed",
        )

    def leave(self, run, name, content, *, gone=False):
        leave(self.github, self.github.churn, run.run, name, content, commit=COMMIT, gone=gone)

    def forget(self, run):
        return replace(run, run=run.run + 1_000_000)

    def asked(self):
        return len(self.github.requests)

    def break_next(self):
        self.github.next_fault(502)


@contextmanager
def open_world(request):
    """A world of GitHub Actions."""
    clock = FakeClock()
    github = FakeGitHub(clock=clock)
    with github.running():
        world = GitHubActionsWorld(github, clock)
        yield world
        world.artifacts.close()
