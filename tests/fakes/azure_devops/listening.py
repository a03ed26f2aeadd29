"""A subscription and its listener, for tests of the stand-in itself."""

import json

from azure.devops.v7_1.service_hooks.models import Subscription

from fakes.azure_devops.hooks import EVENTS

URL = "https://bot.example/webhooks/azure-devops"
INPUTS = {"url": URL, "basicAuthUsername": "hook", "basicAuthPassword": "secret"}


def subscription(event, *, version=None, filters=None, inputs=None, **more):
    """A subscription as the bot asks for it."""
    publisher, versions, _ = EVENTS.get(event, ("tfs", ("1.0",), ()))
    return Subscription(
        publisher_id=publisher,
        event_type=event,
        resource_version=version or versions[-1],
        consumer_id="webHooks",
        consumer_action_id="httpRequest",
        publisher_inputs=filters or {},
        consumer_inputs=inputs or INPUTS,
        **more,
    )


class Receiver:
    """What listens at the URL: it answers with `status` and remembers what came."""

    def __init__(self):
        self.status = 202
        self.received = []

    def __call__(self, url, body, headers, auth):
        self.received.append((url, json.loads(body), headers, auth))
        return self.status

    @property
    def bodies(self):
        return [body for _, body, _, _ in self.received]
