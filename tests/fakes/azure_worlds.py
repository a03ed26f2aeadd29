"""An organisation of Azure DevOps as our stand-in plays it, with the roles that its teams give."""

from contextlib import contextmanager

from fakes.azure_devops import faults
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
    tells_editors = True

    def __init__(self, azure):
        self.azure = azure
        azure.add_project(PROJECT)
        self.team = azure.find_team(azure.find_project(PROJECT), None)
        self.team.members.remove(azure.ben)
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
        if who in self.team.members:
            self.team.members.remove(who)
        self.team.admins.discard(who.id)
        if role is not Role.ANYONE:
            self.team.members.append(who)
        if role is Role.ADMIN:
            self.team.admins.add(who.id)

    def lose_answer(self):
        for method in ("POST", "PUT"):
            self.azure.faults.add(faults.close(), method=method, after_work=True)

    @contextmanager
    def outage(self):
        self.azure.is_down = True
        yield
        self.azure.is_down = False
