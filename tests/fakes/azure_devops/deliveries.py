"""Deliveries of service hooks: who is told, how often it is tried again, what failures lead to.

Source: "Troubleshoot service hooks", "Webhooks".
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus

import requests

from fakes.azure_devops import payloads
from fakes.azure_devops.state import NO_ID, make_id
from judges import azure_devops_shapes

TRANSIENT = (
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
)
RETRIES = [timedelta(seconds=seconds) for seconds in (1, 2, 4, 8, 16, 32, 60, 60)]
PROBATION = [timedelta(minutes=minutes) for minutes in (20, 40, 80, 160, 320, 640, 900)]


@dataclass
class Notification:
    """An event for a subscription; `body` is what was last sent, `due_at` when it is sent next."""

    id: int
    subscription: object
    event_id: str
    render: Callable[[str], dict]
    created_at: datetime
    modified_at: datetime
    due_at: datetime
    status: str = "queued"
    result: str = "pending"
    attempts: int = 0
    request: str = ""
    response: str = ""
    error: str = ""
    body: dict = field(default_factory=dict)


def announce(org, kind, subject, facts):
    """Queue an event for every subscription that wants it.

    What happens while a subscription is held on probation is lost to it.
    """
    event_id = make_id("event", org.new_id("event"))
    for subscription in org.subscriptions.values():
        if subscription.event == kind and payloads.matches(subscription, kind, subject, facts):
            _queue(org, subscription, kind, subject, event_id)


def _queue(org, subscription, kind, subject, event_id):
    is_held = subscription.held_until is not None and org.now < subscription.held_until
    if subscription.status not in {"enabled", "onProbation"} or is_held:
        return

    def render(version):
        return payloads.render(org, kind, subject, version)

    number, now = org.new_id("notification"), org.now
    org.notifications.append(Notification(number, subscription, event_id, render, now, now, now))


def post(url, body, headers, auth):
    """Send over HTTP. Returns the status, None if nobody answered."""
    try:
        return requests.post(url, data=body, headers=headers, auth=auth, timeout=10).status_code
    except requests.RequestException:
        return None


def deliver(org, send=post):
    """Send everything that is due; `send` is given URL, body, headers and name with password.

    Returns:
        What was sent and what was answered: pairs of a notification and a status.
    """
    due = [each for each in org.notifications if each.status == "queued" and each.due_at <= org.now]
    return [(each, _try(org, each, send)) for each in due if each.subscription.status != "disabledBySystem"]


def _try(org, notification, send):
    subscription = notification.subscription
    notification.body = _render(notification, subscription)
    if notification.event_id != NO_ID:
        azure_devops_shapes.hear_hook(subscription.event, subscription.version, notification.body)
    text = json.dumps(notification.body)
    inputs = subscription.consumer_inputs
    told = dict(line.split(":", 1) for line in inputs.get("httpHeaders", "").splitlines() if ":" in line)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "VSServices/19.0 (TfsJobAgent.exe)",
        "X-VSS-SubscriptionId": subscription.id,
        "X-VSS-ActivityId": make_id("activity", notification.id),
        **told,
    }
    name = inputs.get("basicAuthUsername", "")
    auth = (name, inputs.get("basicAuthPassword", "")) if name or inputs.get("basicAuthPassword") else None
    status = send(inputs["url"], text, headers, auth)
    notification.attempts += 1
    notification.modified_at = org.now
    notification.request, notification.response = f"Method: POST, URI: {inputs['url']}", f"Status: {status}"
    _judge(org, notification, status)
    return status


def _render(notification, subscription):
    return {
        "subscriptionId": subscription.id,
        "notificationId": notification.id,
        "id": notification.event_id,
        "eventType": subscription.event,
        "publisherId": subscription.publisher,
        **notification.render(subscription.version),
        "resourceVersion": subscription.version,
    }


def _judge(org, notification, status):
    subscription = notification.subscription
    if status is not None and 200 <= status < 300:
        notification.status, notification.result = "completed", "succeeded"
        subscription.enable()
    elif status in {None, *TRANSIENT} and notification.attempts <= len(RETRIES):
        notification.due_at = org.now + RETRIES[notification.attempts - 1]
    else:
        notification.status, notification.result = "completed", "failed"
        notification.error = f"The remote server returned {status}."
        _punish(org, subscription, status)


def _punish(org, subscription, status):
    """410 turns a subscription off; any other lasting failure puts it on probation, seven times at most."""
    if status == HTTPStatus.GONE or subscription.probation_retries >= len(PROBATION):
        subscription.status, subscription.held_until = "disabledBySystem", None
        return
    subscription.status = "onProbation"
    subscription.held_until = org.now + PROBATION[subscription.probation_retries]
    subscription.probation_retries += 1
    subscription.last_retry_at = org.now


def test(org, subscription):
    """Send a made-up event; neither it nor its subscription is kept."""

    def render(version):
        return payloads.render_sample(org, subscription.event)

    number, now = org.new_id("notification"), org.now
    notification = Notification(number, subscription, NO_ID, render, now, now, now)
    _try(org, notification, org.send_hook)
    return notification
