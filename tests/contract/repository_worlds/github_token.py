"""GitHub as our own fake plays it, for an account with a token: gates are statuses."""

from contextlib import contextmanager

from fakes.github import PERSON, FakeGitHub
from fakes.github.state import Comment
from trainboard.budgets.memory import MemoryBudgets
from trainboard.github.credentials import TokenCredential
from trainboard.repositories.github import GitHubRepository

STATES = {"pending": "waiting", "success": "success", "failure": "failure"}


class GitHubWorld:
    """The repository `acme/churn`, where somebody turned the issues off."""

    author = "ana"
    neutral = "success"

    def __init__(self, fake, credential, reading=None):
        self.fake = fake
        fake.churn.has_issues = False
        self.repository = GitHubRepository(
            repository="acme/churn", credential=credential, reading=reading, clock=lambda: fake.now
        )

    def person_opens(self, title, *, text="", paths=()):
        pull = self.fake.person_opens(self.fake.churn, title, body=text, is_pull=True)
        pull.paths.extend(paths)
        return pull.number

    def person_pushes(self, number, *paths):
        return self.fake.person_pushes(self.fake.churn.issues[number], *paths)

    def person_builds_on(self, commit):
        return self.fake.person_builds_on(self.fake.churn, commit)

    def person_tags(self, name, commit):
        self.fake.churn.tags[name] = commit

    def person_writes(self, number, path, text):
        return self.fake.person_pushes(self.fake.churn.issues[number], files={path: text})

    def person_merges(self, path, text):
        self.fake.churn.files[path] = text

    def person_ends(self, number, *, merged):
        self.fake.person_ends(self.fake.churn.issues[number], merged=merged)

    def person_comments(self, number, body):
        now = self.fake.tick()
        comment = Comment(self.fake.new_id(), PERSON, body, now, now)
        self.fake.churn.issues[number].comments.append(comment)

    def find_gate(self, number, gate):  # noqa: ARG002  a commit's
        found = [
            each
            for each in self.fake.churn.statuses
            if (each.context, each.commit) == (gate.name, gate.commit)
        ]
        return (STATES[found[-1].state], found[-1].description) if found else None

    def count_writes(self):
        asked = [each for each in self.fake.requests if not each.path.endswith("/access_tokens")]
        return sum(each.method != "GET" for each in asked)

    def is_blocked(self, number):  # noqa: ARG002  nothing there can be
        return False

    @contextmanager
    def outage(self):
        self.fake.is_down = True
        yield
        self.fake.is_down = False


@contextmanager
def open_world(request):
    with FakeGitHub().running() as fake:
        world = GitHubWorld(fake, TokenCredential(fake.token, MemoryBudgets(lambda: fake.now)))
        yield world
        world.repository.close()
