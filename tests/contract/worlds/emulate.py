"""GitHub as npm `emulate` plays it: a server that others wrote, over real HTTP."""

import itertools
import time
from contextlib import contextmanager
from datetime import UTC, datetime

import github
import pytest
import responses

from trainboard.budgets.memory import MemoryBudgets
from trainboard.github.credentials import TokenCredential
from trainboard.trackers.github import GitHubTracker

MARKS = [pytest.mark.peer]
NUMBERS = itertools.count(1)
LIES = {"test_comments_since": "emulate lists all comments of an issue, whatever `since` says"}


class EmulateWorld:
    """A new repository of the organisation `acme`, where the person `ana` may write too."""

    assignee = "ana"
    can_nest = False
    knows_people = True
    tells_changes = False

    def __init__(self, server, name, person):
        self.repository = person.get_organization("acme").create_repo(name)
        self.tracker = GitHubTracker(
            repository=f"acme/{name}",
            credential=TokenCredential(server.token, MemoryBudgets(lambda: datetime.now(UTC))),
            api_url=server.url,
        )

    def pass_time(self):
        # Nobody can move another program's clock. GitHub counts in seconds; emulate compares `since` as
        # text with its own milliseconds, by which all of a second lies before that second.
        now = time.time()
        time.sleep(1 - now % 1)
        return datetime.fromtimestamp(int(now), UTC)

    def list_titles(self):
        return [
            found.title for found in self.repository.get_issues(state="all", sort="created", direction="asc")
        ]

    def person_opens(self, title, *, label):
        return str(self.repository.create_issue(title, labels=[label]).number)

    def person_edits(self, ref, body):
        self.repository.get_issue(int(ref)).edit(body=body)

    def person_closes(self, ref):
        self.repository.get_issue(int(ref)).edit(state="closed")

    def person_gives_up(self, ref):
        self.repository.get_issue(int(ref)).edit(state="closed", state_reason="not_planned")

    def person_labels(self, ref, label):
        self.repository.get_issue(int(ref)).add_to_labels(label)

    def person_comments(self, ref, body):
        self.repository.get_issue(int(ref)).create_comment(body)

    def person_renames(self, iteration, name):
        self.repository.get_milestone(int(iteration)).edit(name)

    @contextmanager
    def outage(self):
        with responses.RequestsMock():
            yield


@contextmanager
def open_world(request):
    if lie := LIES.get(request.node.originalname):
        pytest.skip(lie)
    server = request.getfixturevalue("emulate_server")
    options = {"retry": None, "seconds_between_requests": 0, "seconds_between_writes": 0}
    with github.Github(auth=github.Auth.Token(server.person_token), base_url=server.url, **options) as person:
        world = EmulateWorld(server, f"churn-{next(NUMBERS)}", person)
        yield world
        world.tracker.close()
