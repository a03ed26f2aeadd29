"""An organisation of Azure DevOps as our stand-in plays it, with the roles that its teams give."""

from contextlib import contextmanager

from fakes.azure_devops import faults, refusals
from fakes.azure_devops.state import Identity
from trainboard.approvals import Person
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.credentials import TokenCredential
from trainboard.azure_devops.locations import KnownLocations, name_account
from trainboard.budgets.memory import MemoryBudgets
from trainboard.comments import Role

PROJECT = "Churn 'n' co"


class AzureConversationWorld:
    """Ana writes; Ben is in no team until he gets a role. A subclass knows what is commented on."""

    roles = (Role.ANYONE, Role.WRITE, Role.ADMIN)
    team, lost_team, foreign_team = "ML leads (Berlin)", "Lost", "acme/ml-leads"
    tells_editors = True

    def __init__(self, azure):
        self.azure = azure
        azure.add_project(PROJECT)
        self.planners = azure.find_team(azure.find_project(PROJECT), None)
        self.planners.members.remove(azure.ben)
        self.leads = azure.add_team(azure.find_project(PROJECT), self.team)
        self.service = Identity("Trainer", "trainer", kind="servicePrincipal")
        azure.add_identity(self.service)
        self.ana, self.ben = (Person(id=each.id, name=each.unique_name) for each in (azure.ana, azure.ben))
        self.organization = Organization(
            url=azure.url,
            credential=TokenCredential(azure.token),
            budget=MemoryBudgets(azure.clock).of(name_account(azure.url), ()),
            clock=azure.clock,
            locations=KnownLocations(azure.url, azure.identity_url),
        )

    @property
    def now(self):
        return self.azure.now

    def gives_role(self, person, role):
        who = self.azure.identities[person.id]
        if who in self.planners.members:
            self.planners.members.remove(who)
        self.planners.admins.discard(who.id)
        if role is not Role.ANYONE:
            self.planners.members.append(who)
        if role is Role.ADMIN:
            self.planners.admins.add(who.id)

    def puts_into_team(self, person):
        self.leads.members.append(self.azure.identities[person.id])

    def puts_below_team(self, person):
        inner = Identity("Seniors", "seniors", kind="group", members=frozenset([person.id]))
        outer = Identity("All leads", "all leads", kind="group", members=frozenset([inner.id]))
        self.leads.members += [self.azure.add_identity(inner), self.azure.add_identity(outer)][1:]

    def takes_out_of_team(self, person):
        self.leads.members.remove(self.azure.identities[person.id])

    def hides_teams(self):
        self.leads.members.append(self.azure.add_identity(Identity("Others", "others", kind="group")))
        refused = refusals.forbidden("The token has not the scope.")
        self.azure.faults.add(faults.refusal(refused), path="Identities", times=99)

    def lose_answer(self):
        for method in ("POST", "PUT"):
            self.azure.faults.add(faults.close(), method=method, after_work=True)

    @contextmanager
    def outage(self):
        self.azure.is_down = True
        yield
        self.azure.is_down = False
