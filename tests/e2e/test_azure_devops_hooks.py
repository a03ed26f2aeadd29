"""Azure DevOps tells of what happens there: what it is answered, and what counts once."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select, text
from werkzeug.exceptions import NotFound
from werkzeug.test import Client

from fakes.read import item
from trainboard.store import items
from trainboard.store.models import DeliveryRow, EventRow
from trainboard_webhooks import Credential, azure_devops
from trainboard_webhooks.gate import Gate
from trainboard_webhooks.passwords import basic_authorization
from trainboard_webhooks.receive import Receiver

FIXTURES = Path(azure_devops.__file__).parent / "fixtures"
BODIES = {p.stem: p.read_bytes() for p in FIXTURES.glob("*.json") if not p.name.endswith(".events.json")}
FIRST, SECOND, UNNAMED = (f"{digit * 8}-0000-4000-8000-000000000000" for digit in "123")
OLD, NEW = "an old password", "a new password"


class Organization:
    """Azure DevOps with two subscriptions for everything, and one that the settings do not name."""

    def __init__(self, bot):
        self.bot = bot
        self.notifications = 0
        self.outcomes = []
        credential = Credential("", (NEW, OLD), "hooks", frozenset({FIRST, SECOND}))
        receiver = Receiver(
            {"azure-devops": [credential]},
            clock=lambda: bot.clock().timestamp(),
            observe=lambda _door, outcome, _seconds: self.outcomes.append(str(outcome)),
        )
        self.http = Client(Gate(receiver, bot.bot.intake, NotFound()))

    def posts(self, body, *, password=NEW, **more):
        """The status of the answer to what any of the subscriptions posts; the bot does what is due."""
        headers = {"Authorization": basic_authorization("hooks", password)}
        values = {"content_type": "application/json; charset=utf-8", "headers": headers} | more
        answer = self.http.post("/webhooks/azure-devops", data=body, **values)
        self.bot.settle()
        return answer.status_code

    def says(self, stem, subscription=FIRST, *, notification=0, **more):
        """A subscription tells of the event of a fixture, as its next notification if none is given."""
        self.notifications += 1
        number = notification or self.notifications
        document = json.loads(BODIES[stem]) | {"subscriptionId": subscription, "notificationId": number}
        return self.posts(json.dumps(document), **more)

    def renames(self, table, name):
        """Somebody at the database gives a table another name."""
        with self.bot.bot.database.write() as connection:
            connection.execute(text(f"ALTER TABLE {table} RENAME TO {name}"))

    def states(self):
        """How every stored delivery ended."""
        with self.bot.bot.database.read() as connection:
            return (
                connection.execute(select(DeliveryRow.state).where(DeliveryRow.source == "azure-devops"))
                .scalars()
                .all()
            )

    def told(self):
        """What the events that were understood are about and what happened to work items, in order."""
        with self.bot.bot.database.read() as connection:
            documents = connection.execute(select(EventRow.document).order_by(EventRow.id)).scalars()
            events = [json.loads(each) for each in documents]
        changes = (each for each in events if each["event"] == "WorkItemChanged")
        return [f"{each['action']} {each['tracker']}#{each['ref']}" for each in changes]


@pytest.fixture
def azure(bot):
    """An organisation whose service hooks post to a bot, on each of the databases."""
    return Organization(bot)


def test_every_kind_is_stored_and_worked_on(azure):
    """Known kinds and unknown ones; nothing that Azure DevOps sends ends as dead."""
    stems = sorted(stem for stem in BODIES if not stem.endswith("__test"))
    answers = {stem: azure.says(stem) for stem in stems}
    assert {stem for stem, answer in answers.items() if answer != 202} == {"build.complete__xaml_at_1_0"}
    assert ["done"] * (len(stems) - 1) == azure.states()
    assert set(azure.outcomes) == {"stored", "ignored"}


def test_an_event_that_two_subscriptions_tell_counts_once(azure):
    """Each is told of success, and so is whoever sends its notification again."""
    assert [202, 200] == [azure.says("workitem.created__at_5_1", each) for each in (FIRST, SECOND)]
    assert [200, 200] == [
        azure.says("workitem.created__at_5_1", each, notification=number + 1)
        for number, each in enumerate((FIRST, SECOND))
    ]
    assert ["opened azure-boards:contoso#15546"] == azure.told()


def test_a_comment_that_is_told_twice_counts_once(azure):
    """As a comment and as an update, in either order; the next comment is another one."""
    comment = json.loads(BODIES["workitem.commented__at_5_1"])
    comment |= {"subscriptionId": SECOND, "notificationId": 1000}
    comment["resource"]["commentVersionRef"]["commentId"] = 4
    assert [202, 200] == [azure.says("workitem.updated__comment_at_5_1"), azure.posts(json.dumps(comment))]
    assert 202 == azure.says("workitem.commented__at_1_0", SECOND)
    assert ["commented azure-boards:contoso#15545"] * 2 == azure.told()


def test_an_item_that_somebody_deleted_is_gone(azure):
    """It is looked for by its number in the organisation, whatever project and team the settings name."""
    known = item(tracker="azure-boards:contoso", ref="15546", title="Mine")
    with azure.bot.bot.database.write() as connection:
        items.add(connection, known, azure.bot.clock().replace(year=2020))
    azure.says("workitem.deleted__minimal_without_containers")
    with azure.bot.bot.database.read() as connection:
        found = items.find_by_ref(connection, known.tracker, known.ref)
    assert ("gone", "Mine") == (found.item.state, found.item.title)


def test_the_test_button_does_nothing(azure):
    """Before the subscription is made, and in one that the settings name."""
    subscriptions = {
        "git.push__before_the_subscription_is_made__test": "00000000-0000-0000-0000-000000000000",
        "workitem.updated__of_a_subscription__test": FIRST,
    }
    assert [200, 200] == [azure.says(stem, each) for stem, each in subscriptions.items()]
    assert (["greeting", "greeting"], [], []) == (azure.outcomes, azure.states(), azure.told())


def test_the_answer_table(azure):
    """Who is known is told of success or to come again, who is not is told to prove itself."""
    known = {
        "the old password": azure.says("git.push__to_main", password=OLD),
        "the secret header": azure.says("git.push__to_main", headers={"X-Trainboard-Secret": NEW}),
        "a subscription of somebody": azure.says("git.push__to_main", UNNAMED),
        "no JSON": azure.posts(b"<html>"),
        "no object": azure.posts(b"[]"),
        "no ids": azure.posts(b"{}"),
        "no body": azure.posts(b""),
        "another content type": azure.says("git.push__to_main", content_type="text/plain"),
        "too much": azure.posts(b" " * (azure_devops.MAX_BODY_BYTES + 1)),
        "half a body": azure.posts(b"{", environ_overrides={"CONTENT_LENGTH": "100"}),
    }
    assert {
        "the old password": 202,
        "the secret header": 202,
        "a subscription of somebody": 200,
        "no JSON": 200,
        "no object": 200,
        "no ids": 200,
        "no body": 200,
        "another content type": 200,
        "too much": 200,
        "half a body": 503,
    } == known
    strangers = [
        azure.says("git.push__to_main", password="wrong"),
        azure.says("git.push__to_main", headers={}),
        azure.posts(b"no JSON", password="wrong"),
        azure.posts(b" " * (azure_devops.MAX_BODY_BYTES + 1), password="wrong"),
    ]
    assert [401] * 4 == strangers
    assert 2 == len(azure.states())


def test_what_cannot_be_stored_is_to_be_sent_again(azure):
    """While the inbox is away the answer is 503, after which Azure DevOps sends the same again."""
    azure.renames("deliveries", "away")
    assert 503 == azure.says("workitem.created__at_5_1", notification=7)
    azure.renames("away", "deliveries")
    assert [202, 200] == [azure.says("workitem.created__at_5_1", notification=7) for _ in range(2)]
    assert ["opened azure-boards:contoso#15546"] == azure.told()
