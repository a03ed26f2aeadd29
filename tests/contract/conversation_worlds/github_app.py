"""Comments of `acme/churn`, as our own fake plays GitHub."""

from contextlib import contextmanager

from fakes.github import OTHER, PERSON, FakeGitHub, read_timeout
from fakes.github.keys import make_pem
from fakes.github.state import Actor
from trainboard.approvals import Person
from trainboard.budgets.memory import MemoryBudgets
from trainboard.comments import Role
from trainboard.conversations.github import PERMISSIONS, GitHubConversation
from trainboard.github.credentials import AppCredential
from trainboard.github.teams import PERMISSIONS as TEAMS
from trainboard.triggers import Origin


class GitHubWorld:
    """An issue on which Ana, who has no role of her own, writes."""

    ana = Person(id=str(PERSON.id), name=PERSON.login)
    ben = Person(id=str(OTHER.id), name=OTHER.login)
    roles = (Role.ANYONE, Role.TRIAGE, Role.WRITE, Role.MAINTAIN, Role.ADMIN)
    team, lost_team, foreign_team = "acme/ml-leads", "acme/lost", "Churn ML"
    reactions = ("seen", "done", "refused")
    tells_editors = False

    def __init__(self, fake):
        self.fake = fake
        fake.teams |= {"ml-leads": {}, "ml-leads-berlin": {}}
        fake.parents_of_teams["ml-leads-berlin"] = "ml-leads"
        fake.granted["members"] = "read"
        budgets = MemoryBudgets(lambda: fake.now)
        self.conversation = GitHubConversation(
            repository="acme/churn",
            credential=AppCredential(fake.app.id, make_pem(), budgets, PERMISSIONS),
            teams=AppCredential(fake.app.id, make_pem(), budgets, TEAMS),
            clock=lambda: fake.now,
        )
        self.issue = fake.person_opens(fake.churn, "Try a wider tree")
        self.other = fake.person_opens(fake.churn, "Another")
        self.origin = Origin(place="github:acme/churn", ref=str(self.issue.number))

    @property
    def now(self):
        return self.fake.now

    def writes(self, text, person=PERSON, *, elsewhere=False):
        issue = self.other if elsewhere else self.issue
        return str(self.fake.person_comments(issue, text, who=person).id)

    def service_writes(self, text):
        return self.writes(text, Actor("dependabot[bot]", 49699333))

    def edits(self, comment, text):
        found = self._find(comment)
        found.body, found.updated_at = text, self.fake.tick()

    def deletes(self, comment):
        self.issue.comments.remove(self._find(comment))

    def gives_role(self, person, role):
        names = {Role.ANYONE: "read"}
        self.fake.churn.roles[person.name] = names.get(role, str(role))

    def gives_own_role(self, person):
        """A role that the organisation made, built on "write"."""
        self.fake.churn.bases["data scientist"] = "write"
        self.fake.churn.roles[person.name] = "data scientist"

    def puts_into_team(self, person):
        self.fake.teams["ml-leads"][person.name] = "active"

    def puts_below_team(self, person):
        self.fake.teams["ml-leads-berlin"][person.name] = "active"

    def takes_out_of_team(self, person):
        del self.fake.teams["ml-leads"][person.name]

    def hides_teams(self):
        del self.fake.granted["members"]

    def reactions_of(self, comment):
        words = {"eyes": "seen", "+1": "done", "confused": "refused"}
        return [words[content] for _, content in self._find(comment).reactions]

    def lose_answer(self):
        self.conversation.create_comment(self.origin, "It signs in.")
        self.fake.next_fault(error=read_timeout(), after_commit=True, method="POST")

    @contextmanager
    def outage(self):
        self.fake.is_down = True
        yield
        self.fake.is_down = False

    def _find(self, comment):
        return next(each for each in self.issue.comments if str(each.id) == comment)


@contextmanager
def open_world(request):
    with FakeGitHub().running() as fake:
        world = GitHubWorld(fake)
        yield world
        world.conversation.close()
