"""GitHub as our own fake plays it, for an App: gates are check runs."""

from contextlib import contextmanager

from contract.repository_worlds.github_token import GitHubWorld
from fakes.github import FakeGitHub
from fakes.github.keys import make_pem
from fakes.github.state import App, CheckRun
from trainboard.budgets.memory import MemoryBudgets
from trainboard.github.credentials import AppCredential
from trainboard.repositories.github import PERMISSIONS, READING

STRANGER = App(1, "stranger", "Iv1.stranger")


class GitHubAppWorld(GitHubWorld):
    """The same repository, where another App has a check of the same name on each commit."""

    neutral = "neutral"

    def person_opens(self, title, **more):
        number = super().person_opens(title, **more)
        self._add_strange_check(self.fake.churn.issues[number].commits[-1])
        return number

    def person_pushes(self, number, *paths):
        commit = super().person_pushes(number, *paths)
        self._add_strange_check(commit)
        return commit

    def _add_strange_check(self, commit):
        name = "trainboard/metric-gate"
        self.fake.churn.check_runs.append(CheckRun(self.fake.new_id(), name, commit, STRANGER, self.fake.now))

    def find_gate(self, number, gate):  # noqa: ARG002  a commit's
        found = [
            run
            for run in self.fake.churn.check_runs
            if (run.name, run.commit, run.app) == (gate.name, gate.commit, self.fake.app)
        ]
        return (found[-1].conclusion or "waiting", found[-1].output["title"]) if found else None


@contextmanager
def open_world(request):
    with FakeGitHub().running() as fake:
        budgets = MemoryBudgets(lambda: fake.now)
        credentials = (
            AppCredential(fake.app.id, make_pem(), budgets, needed) for needed in (PERMISSIONS, READING)
        )
        world = GitHubAppWorld(fake, *credentials)
        yield world
        world.repository.close()
