"""The senders of the demo: each signs as the real one does, and posts to the running service."""

import base64
import json
import secrets
import time
import uuid
from typing import Any

import msgspec
import requests

from trainboard.errors import TransientError
from trainboard_webhooks import sources

TIMEOUT_SECONDS = 10
JSON = {"Content-Type": "application/json"}


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """Secrets made anew for every play."""

    runs: str
    mlflow: str
    github: str
    alertmanager: str


def make_keys() -> Keys:
    """Fresh secrets, in the form that each sender has."""
    return Keys(
        runs="whsec_" + base64.b64encode(secrets.token_bytes(32)).decode(),
        mlflow=secrets.token_urlsafe(24),
        github=secrets.token_urlsafe(24),
        alertmanager=secrets.token_urlsafe(24),
    )


class Senders:
    """Posts deliveries to the service at `address` and answers the status of each."""

    def __init__(self, address: str, keys: Keys) -> None:
        self._address = address
        self._keys = keys
        self._session = requests.Session()
        self._session.trust_env = False

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def run(self, document: dict[str, Any] | bytes, *, delivery: str = "") -> int:
        """A job reports a run; bytes are sent as they are."""
        return self._send("runs", "/webhooks/runs", self._keys.runs, "run", document, delivery)

    def mlflow(self, document: dict[str, Any]) -> int:
        """An MLflow server tells of its model registry."""
        return self._send("mlflow", "/webhooks/mlflow/demo", self._keys.mlflow, "", document)

    def github(self, event: str, document: dict[str, Any]) -> int:
        """GitHub sends an event."""
        return self._send("github", "/webhooks/github", self._keys.github, event, document)

    def alertmanager(self, document: dict[str, Any]) -> int:
        """An Alertmanager tells of a group of alerts."""
        path = "/webhooks/alertmanager/demo"
        return self._send("alertmanager", path, self._keys.alertmanager, "alerts", document)

    def _send(
        self,
        source: str,
        path: str,
        secret: str,
        kind: str,
        document: dict[str, Any] | bytes,
        delivery: str = "",
    ) -> int:
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        headers = sources()[source].sign(secret, kind, body, delivery or str(uuid.uuid4()), time.time())
        return self.post(path, body, dict(headers))

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> int:
        """Post `body` and answer the status.

        Raises:
            TransientError: the service does not answer.
        """
        try:
            answer = self._session.post(
                self._address + path, data=body, headers=JSON | headers, timeout=TIMEOUT_SECONDS
            )
        except requests.RequestException as error:
            raise TransientError(f"The demo's service does not answer at {self._address}: {error}") from error
        return answer.status_code

    def get(self, path: str) -> Any:
        """What the service's JSON API says, None while it does not answer."""
        try:
            answer = self._session.get(self._address + path, timeout=TIMEOUT_SECONDS)
        except requests.RequestException:
            return None
        return answer.json() if answer.ok else None
