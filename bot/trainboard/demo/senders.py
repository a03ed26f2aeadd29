"""The senders of the demo: each signs as the real one does, and posts to the running service."""

import base64
import hashlib
import hmac
import json
import secrets
import time
import uuid
from typing import Any

import msgspec
import requests

from trainboard.errors import TransientError

TIMEOUT_SECONDS = 10
JSON = {"Content-Type": "application/json"}


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """Secrets made anew for every play."""

    runs: str
    mlflow: str
    github: str


def make_keys() -> Keys:
    """Fresh secrets, in the form that each sender has."""
    return Keys(
        runs="whsec_" + base64.b64encode(secrets.token_bytes(32)).decode(),
        mlflow=secrets.token_urlsafe(24),
        github=secrets.token_urlsafe(24),
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
        """A job reports a run, signed by Standard Webhooks; bytes are sent as they are."""
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        identity, stamp = delivery or f"msg_{uuid.uuid4().hex}", str(int(time.time()))
        key = base64.b64decode(self._keys.runs.removeprefix("whsec_"))
        return self.post(
            "/webhooks/runs",
            body,
            {
                "webhook-id": identity,
                "webhook-timestamp": stamp,
                "webhook-signature": _v1(key, f"{identity}.{stamp}.".encode() + body),
            },
        )

    def mlflow(self, document: dict[str, Any]) -> int:
        """An MLflow server tells of its model registry."""
        body = json.dumps(document).encode()
        identity, stamp = str(uuid.uuid4()), str(int(time.time()))
        message = f"{identity}.{stamp}.".encode() + body
        return self.post(
            "/webhooks/mlflow/demo",
            body,
            {
                "X-MLflow-Delivery-Id": identity,
                "X-MLflow-Timestamp": stamp,
                "X-MLflow-Signature": _v1(self._keys.mlflow.encode(), message),
            },
        )

    def github(self, event: str, document: dict[str, Any]) -> int:
        """GitHub sends an event."""
        body = json.dumps(document).encode()
        mac = hmac.new(self._keys.github.encode(), body, hashlib.sha256).hexdigest()
        return self.post(
            "/webhooks/github",
            body,
            {
                "X-GitHub-Event": event,
                "X-GitHub-Delivery": str(uuid.uuid4()),
                "X-Hub-Signature-256": f"sha256={mac}",
            },
        )

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


def _v1(key: bytes, message: bytes) -> str:
    return "v1," + base64.b64encode(hmac.digest(key, message, hashlib.sha256)).decode()
