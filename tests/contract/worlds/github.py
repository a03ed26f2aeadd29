"""GitHub as our own fake plays it."""

from contextlib import contextmanager
from datetime import timedelta

from fakes.github import PERSON, FakeGitHub
from fakes.github.state import Comment
from trainboard.budgets.memory import MemoryBudgets
from trainboard.github.credentials import TokenCredential
from trainboard.trackers.github import GitHubTracker


class GitHubWorld:
    """The repository `acme/churn` with a token that may write."""

    assignee = "ana"
    can_nest = True
    knows_people = True
    tells_changes = True

    def __init__(self, fake):
        self.fake = fake
        credential = TokenCredential(fake.token, MemoryBudgets(lambda: fake.now))
        self.tracker = GitHubTracker(repository="acme/churn", credential=credential, clock=lambda: fake.now)

    def pass_time(self):
        return self.fake.now + timedelta(seconds=1)

    def list_titles(self):
        return [issue.title for issue in self.fake.churn.issues.values()]

    def person_opens(self, title, *, label):
        return str(self.fake.person_opens(self.fake.churn, title, labels=[label]).number)

    def person_edits(self, ref, body):
        self._touch(ref).body = body

    def person_closes(self, ref):
        issue = self._touch(ref)
        issue.state, issue.reason = "closed", "completed"

    def person_gives_up(self, ref):
        issue = self._touch(ref)
        issue.state, issue.reason = "closed", "not_planned"

    def person_labels(self, ref, label):
        issue = self._touch(ref)
        self.fake.add_label(self.fake.churn, label)
        issue.labels.append(label)

    def person_comments(self, ref, body):
        issue = self._touch(ref)
        issue.comments.append(Comment(self.fake.new_id(), PERSON, body, self.fake.now, self.fake.now))

    def person_renames(self, iteration, name):
        self.fake.churn.milestones[int(iteration)].title = name

    @contextmanager
    def outage(self):
        self.fake.is_down = True
        yield
        self.fake.is_down = False

    def _touch(self, ref):
        issue = self.fake.churn.issues[int(ref)]
        issue.updated_at = self.fake.tick()
        return issue


@contextmanager
def open_world(request):
    with FakeGitHub().running() as fake:
        world = GitHubWorld(fake)
        yield world
        world.tracker.close()
