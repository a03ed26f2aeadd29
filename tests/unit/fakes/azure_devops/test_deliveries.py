"""The stand-in tries again, doubts and gives up on who does not listen, as Azure DevOps does."""

from datetime import timedelta

import pytest
from azure.devops.v7_1.service_hooks.models import NotificationsQuery

from fakes.azure_devops.asking import refuse
from fakes.azure_devops.listening import subscription


@pytest.mark.parametrize("status", [408, 502, 503, 504, None])
def test_transient_failure_is_tried_again(org, clock, hooks, receiver, status):
    """Eight times within three minutes; success in between ends it."""
    made = hooks.create_subscription(subscription("workitem.created"))
    org.person_creates("Churn", "An item")
    receiver.status = status
    org.deliver()
    org.deliver()
    assert 1 == len(receiver.received)
    for seconds in (1, 2, 4, 8, 16, 32, 60):
        clock.forward(seconds=seconds)
        org.deliver()
    assert (8, "enabled") == (len(receiver.received), hooks.get_subscription(made.id).status)
    receiver.status = 202
    clock.forward(seconds=60)
    org.deliver()
    assert [("completed", "succeeded", 9)] == [
        (each.status, each.result, each.details.request_attempts) for each in hooks.get_notifications(made.id)
    ]


def test_transient_failure_becomes_enduring(org, clock, hooks, receiver):
    """After the eighth repetition the subscription is on probation."""
    made = hooks.create_subscription(subscription("workitem.created"))
    org.person_creates("Churn", "An item")
    receiver.status = 503
    for _ in range(9):
        org.deliver()
        clock.forward(seconds=60)
    assert (9, "onProbation") == (len(receiver.received), hooks.get_subscription(made.id).status)


@pytest.mark.parametrize("status", [301, 401, 404, 500])
def test_enduring_failure_leads_to_probation(org, clock, hooks, receiver, status):
    """What happens meanwhile is lost; a success ends it."""
    made = hooks.create_subscription(subscription("workitem.created"))
    receiver.status = status
    org.person_creates("Churn", "An item")
    org.deliver()
    found = hooks.get_subscription(made.id)
    assert ("onProbation", "1") == (found.status, str(found.probation_retries))
    org.person_creates("Churn", "Lost")
    clock.forward(minutes=20)
    receiver.status = 202
    org.person_creates("Churn", "Told")
    org.deliver()
    assert ["An item", "Told"] == [body["resource"]["fields"]["System.Title"] for body in receiver.bodies]
    assert "enabled" == hooks.get_subscription(made.id).status


def test_probation_ends_in_the_cold(org, clock, hooks, receiver):
    """After seven tries the subscription is off until somebody turns it on."""
    made = hooks.create_subscription(subscription("workitem.created"))
    receiver.status = 500
    for _ in range(8):
        org.person_creates("Churn", "An item")
        org.deliver()
        clock.forward(hours=16)
    assert "disabledBySystem" == hooks.get_subscription(made.id).status
    org.person_creates("Churn", "Lost")
    assert [] == org.deliver()
    receiver.status = 202
    made.status = "enabled"
    hooks.replace_subscription(made, made.id)
    org.person_creates("Churn", "Told")
    assert [202] == [status for _, status in org.deliver()]


def test_gone_is_for_ever(org, hooks, receiver):
    """410 turns a subscription off at once, and what waits for it is not sent."""
    made = hooks.create_subscription(subscription("workitem.created"))
    receiver.status = 410
    for title in "ab":
        org.person_creates("Churn", title)
    org.deliver()
    assert ("disabledBySystem", 1) == (hooks.get_subscription(made.id).status, len(receiver.received))


def test_notifications_are_found(org, clock, hooks, receiver):
    """By subscription, result and time, with a summary."""
    made = hooks.create_subscription(subscription("workitem.created"))
    for title, status in (("a", 202), ("b", 410)):
        receiver.status = status
        org.person_creates("Churn", title)
        org.deliver()
        clock.forward(days=1)
    query = NotificationsQuery(
        subscription_ids=[made.id],
        result_type="failed",
        include_details=True,
        min_created_date=clock.now - timedelta(days=3),
        max_created_date=clock.now,
    )
    found = hooks.query_notifications(query)
    assert [(2, "failed")] == [(each.id, each.result) for each in found.results]
    assert {"failed": 1, "succeeded": 1} == {
        each.result: each.notification_count for each in found.summary[0].results
    }
    assert 1 == hooks.get_notification(made.id, 1).id
    assert [2] == [each.id for each in hooks.get_notifications(made.id, max_results=1)]
    assert [1] == [each.id for each in hooks.get_notifications(made.id, result="succeeded")]
    refuse("NotificationNotFoundException", hooks.get_notification, made.id, 9)
