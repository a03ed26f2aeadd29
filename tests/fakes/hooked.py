"""A bot and the organisation in Azure DevOps whose service hooks feed it."""

import base64
import json
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import select

from fakes.azure_devops import AzureDevOps, serving
from fakes.clock import FakeClock
from fakes.conversation import PROJECT
from trainboard.azure_devops.hook_events import HOOK_EVENTS, RELEASE
from trainboard.store import gaps
from trainboard.store.models import DeliveryRow, EventRow

SOURCE = "azure-devops"
URL = "https://bot.acme.example"
PASSWORD = "a-password-of-the-hooks"
EVENTS = [event for event in HOOK_EVENTS if event.publisher != RELEASE]


class World:
    """A bot and the organisation whose hooks feed it; `answers` are given in place of the bot's own."""

    def __init__(self, bot, azure):
        self.bot = bot
        self.azure = azure
        self.answers = []
        azure.hooks_may_be_local = False
        azure.send_hook = self.take

    @property
    def hooks(self):
        return self.bot.bot.outside.hooks[SOURCE]

    def take(self, url, body, headers, auth):
        """What the bot, or what stands before it, answers to a delivery."""
        assert f"{URL}/webhooks/azure-devops" == url
        if self.answers:
            return self.answers.pop(0)
        proof = base64.b64encode(":".join(auth).encode()).decode()
        headers = {**headers, "Authorization": f"Basic {proof}"}
        answer = self.bot.http.post("/webhooks/azure-devops", data=body, headers=headers)
        self.bot.settle()
        return answer.status_code

    def sets_up(self):
        """Somebody ran `trainboard init --azure`; then the bot looks for the first time."""
        for hook in self.hooks.list_all():
            self.hooks.repair(hook)
        self.looks()

    def looks(self, **time):
        """Time goes by, and the bot looks at its hooks."""
        self.bot.clock.forward(**time)
        self.bot.bot.schedule.tick_hooks()
        self.bot.settle()

    def find(self, event):
        """The first subscription to an event."""
        return next(each for each in self.azure.subscriptions.values() if each.event == event)

    def restrict(self, *events):
        """These subscriptions fail with 500 until they are on probation."""
        for event in events:
            self._restrict(self.find(event))

    def restrict_all(self):
        """All subscriptions are on probation."""
        for each in self.azure.subscriptions.values():
            self._restrict(each)

    def _restrict(self, subscription):
        subscription.status, subscription.probation_retries = "onProbation", 1
        subscription.last_retry_at = self.bot.clock()
        subscription.held_until = self.bot.clock() + timedelta(minutes=20)

    def told(self):
        """What was understood of work items, in order."""
        with self.bot.bot.database.read() as connection:
            documents = connection.execute(select(EventRow.document).order_by(EventRow.id)).scalars()
            events = [json.loads(each) for each in documents]
        return [f"{each['action']} {each['ref']}" for each in events if each["event"] == "WorkItemChanged"]

    def came(self, kind):
        """How many deliveries of a kind count."""
        with self.bot.bot.database.read() as connection:
            rows = connection.execute(
                select(DeliveryRow.error).where(DeliveryRow.source == SOURCE, DeliveryRow.kind == kind)
            )
            return sum("another hook" not in (row.error or "") for row in rows)

    def find_gap(self):
        """The only gap."""
        with self.bot.bot.database.read() as connection:
            [gap] = gaps.list_latest(connection, 10)
        return gap


@contextmanager
def opened(talk, database, serve=serving):
    """Hooks of the project Churn and its repository, all of which work."""
    clock = FakeClock()
    with serve(AzureDevOps(clock)) as azure:
        azure.add_project("Churn")
        azure.repository = azure.add_repository("Churn", "model")
        azure.pipeline = azure.add_definition("Churn", "train", azure.repository)
        places = {
            "tracker": "azure-boards:acme/Churn/Churn Team",
            "code": "azure-repos:acme/Churn/model",
        }
        bot = talk(
            clock=clock,
            server={"database": f"sqlite:///{database}", "public_url": URL},
            projects=[PROJECT | places],
            azure_devops={
                "organization_url": azure.url,
                "token": azure.token,
                "webhook_password": PASSWORD,
            },
        )
        world = World(bot, azure)
        world.sets_up()
        azure.requests.clear()
        yield world
        world.hooks.close()
        bot.bot.outside.trackers["churn"].close()
