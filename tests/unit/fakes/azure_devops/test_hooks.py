"""The stand-in tells of events by service hooks as Azure DevOps does, and gives up on who does not listen."""

import pytest
import responses
from azure.devops.v7_1.service_hooks.models import (
    Notification,
    NotificationDetails,
)

from fakes.azure_devops.asking import op, refuse
from fakes.azure_devops.hooks import EVENTS
from fakes.azure_devops.listening import INPUTS, URL, subscription


def test_publishers_tell_their_events(hooks):
    """Each event has its versions and filters."""
    assert ["tfs", "pipelines"] == [each.id for each in hooks.list_publishers()]
    events = {each.id: each for each in hooks.get_publisher("tfs").supported_events}
    assert "5.1-preview.3" in events["workitem.updated"].supported_resource_versions
    assert set(EVENTS) - set(events) == {each.id for each in hooks.list_event_types("pipelines")}
    refuse("PublisherNotFoundException", hooks.get_publisher, "odd")


def test_subscription_is_kept(hooks):
    """Its secret is never told again, and stays what it was when the mask comes back."""
    made = hooks.create_subscription(subscription("workitem.updated", filters={"areaPath": ""}))
    assert ("enabled", "********", {}) == (
        made.status,
        made.consumer_inputs["basicAuthPassword"],
        made.publisher_inputs,
    )
    assert [made.id] == [each.id for each in hooks.list_subscriptions(event_type="workitem.updated")]
    assert [] == hooks.list_subscriptions(publisher_id="pipelines")
    made.status = "disabledByUser"
    assert "disabledByUser" == hooks.replace_subscription(made, made.id).status
    assert "disabledByUser" == hooks.get_subscription(made.id).status
    hooks.delete_subscription(made.id)
    refuse("SubscriptionNotFoundException", hooks.get_subscription, made.id)


def test_masked_secret_stays(org, hooks, receiver):
    """What is sent back masked is not the new secret."""
    made = hooks.create_subscription(subscription("workitem.created"))
    hooks.replace_subscription(made, made.id)
    org.person_creates("Churn", "An item")
    org.deliver()
    assert ("hook", "secret") == receiver.received[0][3]


@pytest.mark.parametrize(
    ("event", "more"),
    [
        ("ms.vss-work.work-item-comment-event", {}),
        ("workitem.updated", {"version": "2.0"}),
        ("workitem.updated", {"filters": {"odd": "1"}}),
        ("workitem.updated", {"inputs": {"url": "ftp://bot.example"}}),
        ("workitem.updated", {"inputs": INPUTS | {"odd": "1"}}),
        ("workitem.updated", {"inputs": INPUTS | {"basicAuthPassword": "a b"}}),
        ("workitem.updated", {"inputs": INPUTS | {"basicAuthPassword": "x" * 257}}),
        ("workitem.updated", {"status": "odd"}),
    ],
)
def test_bad_subscription_is_refused(hooks, event, more):
    """Events, versions, filters and addresses are checked."""
    refuse("SubscriptionInputException", hooks.create_subscription, subscription(event, **more))


@pytest.mark.parametrize("change", [{"publisher_id": "pipelines"}, {"consumer_id": "slack"}])
def test_publisher_and_consumer_are_checked(hooks, change):
    """An event belongs to its publisher, and there is one consumer here."""
    wanted = subscription("workitem.updated")
    for name, value in change.items():
        setattr(wanted, name, value)
    refuse("SubscriptionInputException", hooks.create_subscription, wanted)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "10.0.0.1"])
def test_local_addresses_may_be_refused(org, hooks, host):
    """The real service calls nobody at home; the stand-in does, unless it is told not to."""
    wanted = subscription("workitem.updated", inputs={"url": f"http://{host}/"})
    hooks.create_subscription(wanted)
    org.hooks_may_be_local = False
    refuse("SubscriptionInputException", hooks.create_subscription, wanted)
    hooks.create_subscription(subscription("workitem.updated"))


@pytest.mark.parametrize("version", ["1.0", "5.1-preview.3"])
def test_work_item_events(org, clients, hooks, receiver, version):
    """All that happens to a work item is told, in the form of the version that was asked for."""
    for event in [name for name in EVENTS if name.startswith("workitem.")]:
        hooks.create_subscription(subscription(event, version=version))
    number = org.person_creates("Churn", "An item", System_AssignedTo="ben@acme.example").id
    org.person_moves(number, "Active")
    org.person_comments(number, "/sprint next")
    other = org.person_creates("Churn", "Other").id
    link = {"rel": "System.LinkTypes.Related", "url": f"{org.url}/_apis/wit/workItems/{number}"}
    clients.work_item_tracking.update_work_item([op("/relations/-", link)], other)
    org.person_deletes(other)
    org.deliver()
    assert [
        "workitem.created",
        "workitem.updated",
        "workitem.updated",
        "workitem.commented",
        "workitem.created",
        "workitem.updated",
        "workitem.deleted",
    ] == [body["eventType"] for body in receiver.bodies]
    created, moved, commented = receiver.bodies[0], receiver.bodies[1], receiver.bodies[3]
    person = created["resource"]["fields"]["System.AssignedTo"]
    assert "Ben Example <ben@acme.example>" == (
        person if version == "1.0" else f"{person['displayName']} <{person['uniqueName']}>"
    )
    assert {"oldValue": "New", "newValue": "Active"} == moved["resource"]["fields"]["System.State"]
    assert 1 == commented["resource"]["commentVersionRef"]["commentId"]
    assert "/sprint next" == commented["resource"]["fields"]["System.History"]


def test_restored_item_is_told(org, clients, hooks, receiver):
    """So is one that comes back."""
    hooks.create_subscription(subscription("workitem.restored"))
    number = org.person_creates("Churn", "An item").id
    org.person_deletes(number)
    clients.work_item_tracking.restore_work_item({"isDeleted": False}, number, "Churn")
    org.deliver()
    assert [number] == [body["resource"]["id"] for body in receiver.bodies]


def test_code_events(org, hooks, receiver):
    """A push, a pull request's life and its comments."""
    for event in [name for name in EVENTS if "git" in name]:
        hooks.create_subscription(subscription(event))
    code = org.add_repository("Churn", "code")
    pull = org.person_opens_pull(code, "A change", source="refs/heads/topic")
    org.person_pushes(code, "refs/heads/topic")
    org.person_votes(pull, 10)
    org.person_comments_on_pull(pull, "/promote staging")
    org.person_ends_pull(pull)
    org.deliver()
    kinds = [body["eventType"].rpartition(".")[2] for body in receiver.bodies]
    assert [
        "created",
        "updated",
        "push",
        "updated",
        "git-pullrequest-comment-event",
        "merged",
        "updated",
    ] == kinds
    comment = receiver.bodies[4]["resource"]["comment"]
    assert comment["_links"]["threads"]["href"].endswith("/threads/1")


def test_pipeline_events(org, hooks, receiver):
    """A run, its stages and its approval."""
    for event in [name for name in EVENTS if "pipeline" in name or "build" in name]:
        hooks.create_subscription(subscription(event))
    definition = org.add_definition("Churn", "train", org.add_repository("Churn", "code"))
    build = org.queue(definition)
    org.finish_stage(build, "Build")
    environment = org.add_environment("Churn", "Production", [org.ana])
    approval = org.wait_for_approval(build, "Deploy", environment, [org.ana])
    org.deliver()
    assert "project" not in receiver.bodies[-1]["resourceContainers"]
    assert "Ana Example" == receiver.bodies[-1]["resource"]["run"]["requestedFor"]
    org.decide(approval, "approved", org.ana)
    org.finish_build(build)
    org.deliver()
    assert [
        "run-state-changed-event",
        "stage-state-changed-event",
        "stage-state-changed-event",
        "approval-pending",
        "approval-completed",
        "stage-state-changed-event",
        "run-state-changed-event",
        "complete",
    ] == [body["eventType"].rpartition(".")[2] for body in receiver.bodies]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, 2),
        ({"workItemType": "bug"}, 1),
        ({"areaPath": "Churn"}, 2),
        ({"areaPath": "Chu"}, 0),
        ({"tag": "a"}, 1),
        ({"projectId": "other"}, 0),
    ],
)
def test_filters(org, hooks, receiver, filters, found):
    """Only what all filters are true of is told."""
    hooks.create_subscription(subscription("workitem.created", filters=filters))
    org.person_creates("Churn", "An item", System_Tags="a")
    org.person_creates("Churn", "A bug", kind="Bug")
    org.deliver()
    assert found == len(receiver.received)


def test_silent_change_is_not_told(org, clients, hooks, receiver):
    """Who asks for it changes an item without a word to anybody."""
    hooks.create_subscription(subscription("workitem.updated"))
    number = org.person_creates("Churn", "An item").id
    patch = [op("/fields/System.Title", "b")]
    clients.work_item_tracking.update_work_item(patch, number, suppress_notifications=True)
    assert [] == org.deliver()


def test_resource_is_as_it_is_when_it_is_sent(org, hooks, receiver):
    """Not as it was when the event happened."""
    hooks.create_subscription(subscription("workitem.created"))
    number = org.person_creates("Churn", "Old").id
    org.person_retitles(number, "New")
    org.deliver()
    assert ["New"] == [body["resource"]["fields"]["System.Title"] for body in receiver.bodies]


def test_headers_are_sent(org, hooks, receiver):
    """Those that the subscription has, and those that name it."""
    inputs = {"url": URL, "httpHeaders": "X-Secret:abc\nodd"}
    made = hooks.create_subscription(subscription("workitem.created", inputs=inputs))
    org.person_creates("Churn", "An item")
    org.deliver()
    _, _, headers, auth = receiver.received[0]
    assert ("abc", made.id, None) == (headers["X-Secret"], headers["X-VSS-SubscriptionId"], auth)


def test_button_sends_a_sample(org, hooks, receiver):
    """`Test` sends made-up things, which belong to no subscription."""
    details = NotificationDetails(
        publisher_id="tfs",
        event_type="workitem.updated",
        consumer_id="webHooks",
        consumer_action_id="httpRequest",
        consumer_inputs=INPUTS,
        publisher_inputs={},
    )
    assert "succeeded" == hooks.create_test_notification(Notification(details=details)).result
    assert ["00000000-0000-0000-0000-000000000000"] == [body["subscriptionId"] for body in receiver.bodies]
    assert [] == org.notifications
    refuse("SubscriptionInputException", hooks.create_test_notification, Notification())


def test_hooks_go_over_http(org, hooks):
    """Unless a test receives them itself, they are posted with the name and password they were given."""
    made = hooks.create_subscription(subscription("workitem.created", inputs=INPUTS))
    org.person_creates("Churn", "An item")
    with responses.RequestsMock() as mock:
        mock.post(URL, status=202)
        assert [202] == [status for _, status in org.deliver()]
        assert made.id == mock.calls[0].request.headers["X-VSS-SubscriptionId"]
        assert mock.calls[0].request.headers["Authorization"].startswith("Basic ")
    org.person_creates("Churn", "Another")
    assert [None] == [status for _, status in org.deliver()]
