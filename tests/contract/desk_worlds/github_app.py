"""An environment with a rule of our App, as our own fake plays GitHub."""

from contextlib import contextmanager

from fakes.github import OTHER, PERSON, FakeGitHub, read_timeout
from fakes.github.approvals import Environment
from fakes.github.keys import make_pem
from trainboard.approvals import OF_REPOSITORY, Person
from trainboard.budgets.memory import MemoryBudgets
from trainboard.github.credentials import AppCredential
from trainboard.github.teams import PERMISSIONS as TEAMS
from trainboard.pipelines.github_protection import PERMISSIONS, GitHubApprovalDesk
from trainboard.pull_requests import Approval


class GitHubWorld:
    """The repository `acme/churn` whose environment `production` names Ana as a required reviewer."""

    ana = Person(id=str(PERSON.id), name=PERSON.login)
    ben = Person(id=str(OTHER.id), name=OTHER.login)

    def __init__(self, fake):
        self.fake = fake
        fake.granted |= {"deployments": "write", "members": "read"}
        budgets = MemoryBudgets(lambda: fake.now)
        self.desk = GitHubApprovalDesk(
            repository="acme/churn",
            credential=AppCredential(fake.app.id, make_pem(), budgets, PERMISSIONS),
            teams=AppCredential(fake.app.id, make_pem(), budgets, TEAMS),
            clock=lambda: fake.now,
        )
        self.environment = Environment("production", [PERSON])
        fake.churn.environments["production"] = self.environment
        self.held = fake.hold(fake.churn, "production", actor=fake.bot)
        self.approval = Approval(
            code="github:acme/churn",
            ref=f"{self.held.run.id}/{self.held.deployment}",
            state="pending",
            at=fake.now,
            run=str(self.held.run.id),
            environment="production",
            commit=self.held.run.commit,
            desk=OF_REPOSITORY,
        )

    def answers(self):
        return [(self.held.state, self.held.comment)] if self.held.comment else []

    def puts_into_group(self, person, *, nested):  # noqa: ARG002  GitHub lists members of child teams too
        self.fake.teams["ml-leads"] = {person.name: "active"}
        self.environment.reviewers = ["ml-leads"]

    def forbids_own(self, person):
        self.environment.prevents_self_review = True
        self.held.run.actor = next(each for each in self.fake.people if each.login == person.name)

    def answered_elsewhere(self):
        self.held.state = "approved"

    def vanishes(self):
        self.fake.churn.runs.clear()

    def locks_us_out(self):
        self.desk.look(self.approval, self.ana)  # it signs in
        self.fake.granted["deployments"] = "read"

    def lose_answer(self):
        self.desk.look(self.approval, self.ana)
        self.fake.next_fault(error=read_timeout(), after_commit=True, method="POST")

    @contextmanager
    def outage(self):
        self.fake.is_down = True
        yield
        self.fake.is_down = False


@contextmanager
def open_world(request):
    with FakeGitHub().running() as fake:
        world = GitHubWorld(fake)
        yield world
        world.desk.close()
