"""Senders of webhooks: they sign as the real ones do, and post to a test client or a server."""

from collections.abc import Mapping

import msgspec

from trainboard.deliveries import Acceptance, Delivery
from trainboard_webhooks import Credential, sources

NOW = 1_768_208_400.0
SECRETS = {
    "alertmanager": "a token of the tests",
    "grafana": "a token of other tests",
    "azure-devops": "a-password-of-the-tests",
    "azure-monitor": "a secret of the action group, with ü",
    "cloudevents": "a secret of any sender, with ü",
    "dvclive": "a token of the job, with ü",
    "event-grid": "a secret of the subscription, with ü",
    "evidently": "a secret of the job, with ü",
    "github": "a secret of the tests",
    "mlflow": "another secret, with ü",
    "wandb": "a secret of the automation, with ü",
    "runs": "whsec_dGVzdHMgb2YgdHJhaW5ib2FyZCBzaWduIHdpdGggdGhpcw==",
}


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """One configured sender of a source."""

    source: str
    name: str = ""
    secret: str = ""

    @property
    def address(self):
        """Where it posts to."""
        named = sources()[self.source].NAMED
        return f"/webhooks/{self.source}" + (f"/{self.name}" if named else "")

    @property
    def door(self):
        """The `source` of its deliveries."""
        return "/".join(filter(None, [self.source, self.name]))

    @property
    def credential(self):
        return Credential(self.name, (self.secret or SECRETS[self.source],))

    def headers(self, kind, body, delivery_id="delivery-1", now=NOW):
        return sources()[self.source].sign(self.secret or SECRETS[self.source], kind, body, delivery_id, now)


SENDERS = {
    "alertmanager": Sender(source="alertmanager", name="prod"),
    "grafana": Sender(source="grafana", name="prod"),
    "azure-devops": Sender(source="azure-devops"),
    "azure-monitor": Sender(source="azure-monitor", name="prod"),
    "cloudevents": Sender(source="cloudevents", name="prod"),
    "dvclive": Sender(source="dvclive", name="laptops"),
    "event-grid": Sender(source="event-grid", name="prod"),
    "evidently": Sender(source="evidently", name="prod"),
    "github": Sender(source="github"),
    "mlflow": Sender(source="mlflow", name="prod"),
    "wandb": Sender(source="wandb", name="prod"),
    "runs": Sender(source="runs", name="ci"),
}


def lower(headers: Mapping[str, str]) -> dict[str, str]:
    """`headers` with the names as a source gets them."""
    return {name.lower(): value for name, value in headers.items()}


class Inbox:
    """An inbox in memory that remembers what it took; `answer` may be an error to raise."""

    def __init__(self, answer=Acceptance.STORED):
        self.answer = answer
        self.deliveries: list[Delivery] = []

    def accept(self, delivery):
        if isinstance(self.answer, Exception):
            raise self.answer
        self.deliveries.append(delivery)
        return self.answer
