"""Webhooks of an MLflow model registry: hints, because MLflow drops what it cannot deliver.

Source: MLflow, "Webhooks"; the wire format is that of MLflow 3.17.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from trainboard.errors import PayloadError
from trainboard.events import Event, ModelChanged, PollDue
from trainboard_webhooks import Credential, Identity
from trainboard_webhooks.answers import Proof
from trainboard_webhooks.payload import Payload, shorten
from trainboard_webhooks.signatures import is_standard_signed, standard_signature

NAME = "mlflow"
NAMED = True
MAX_BODY_BYTES = 1024 * 1024
PROOF: Proof = "signature"
FORGIVING = False

_Action = Literal["registered", "version", "alias set", "alias cleared", "tag set", "tag cleared"]


class _Change(msgspec.Struct, frozen=True):
    """What a kind tells: the fields its body must have, and whether runs may have changed too."""

    action: _Action
    fields: tuple[str, ...] = ()
    polls: bool = False


_CHANGES = {
    "registered_model.created": _Change("registered"),
    "model_version.created": _Change("version", ("version",), polls=True),
    "model_version_alias.created": _Change("alias set", ("version", "alias"), polls=True),
    "model_version_alias.deleted": _Change("alias cleared", ("alias",), polls=True),
    "model_version_tag.set": _Change("tag set", ("version",)),
    "model_version_tag.deleted": _Change("tag cleared", ("version",)),
}
_WORD = re.compile(r"[a-z_]{1,64}")
_EXAMPLES = {
    ("run_id",): "abcd1234abcd5678",
    ("key",): "example_key",
    ("alias",): "example_alias",
    ("tags", "example_key"): "example_value",
}


def verify(
    headers: Mapping[str, str], body: bytes, credentials: Sequence[Credential], now: float
) -> Credential | None:
    """The credential whose secret, taken as UTF-8, signed id, time and body."""
    for known in credentials:
        keys = [secret.encode() for secret in known.secrets]
        if is_standard_signed(
            headers.get("x-mlflow-delivery-id"),
            headers.get("x-mlflow-timestamp"),
            headers.get("x-mlflow-signature"),
            body,
            keys,
            now,
        ):
            return known
    return None


def sign(secret: str, kind: str, body: bytes, delivery_id: str, now: float) -> dict[str, str]:
    """The headers with which MLflow posts `body`; the kind stands in the body."""
    del kind
    timestamp = str(int(now))
    return {
        "Content-Type": "application/json",
        "X-MLflow-Delivery-Id": delivery_id,
        "X-MLflow-Timestamp": timestamp,
        "X-MLflow-Signature": standard_signature(secret.encode(), delivery_id, timestamp, body),
    }


def identify(headers: Mapping[str, str], body: bytes) -> Identity | None:
    """The delivery's id, `entity.action`, and the model.

    None for a test delivery, and for a prompt: its template is nobody's business here, so it is
    not stored.
    """
    payload = Payload.parse(body)
    kind = f"{_word(payload, 'entity')}.{_word(payload, 'action')}"
    if kind.startswith("prompt") or _is_test(payload):
        return None
    name = payload.find("data", "name")
    return Identity(
        id=headers.get("x-mlflow-delivery-id", ""),
        kind=kind,
        entity=shorten(f"{NAME}/{name.text()}") if name else NAME,
    )


def parse(door: str, kind: str, body: bytes) -> Iterable[Event]:
    """What changed in the registry, and where a run may be behind it that it is time to look."""
    change = _CHANGES.get(kind)
    if change is None:
        return []
    payload = Payload.parse(body)
    if (_find_text(payload, "key") or "").startswith("_mlflow"):
        return []
    events: list[Event] = [_model_changed(door, change, payload)]
    return [*events, PollDue(door=door)] if change.polls else events


def _word(payload: Payload, key: str) -> str:
    word = payload[key].text()
    if not _WORD.fullmatch(word):
        raise PayloadError(f"$.{key} must be a word in small letters")
    return word


def _is_test(payload: Payload) -> bool:
    """True for what MLflow's `test_webhook` sends, which no field marks as a test."""
    if _find_text(payload, "budget_policy_id") == "bp-abc123":
        return True
    if _find_text(payload, "name") != "example_model":
        return False
    return any(_find_text(payload, *path) == example for path, example in _EXAMPLES.items())


def _model_changed(door: str, change: _Change, payload: Payload) -> ModelChanged:
    fields = payload["data"]
    return ModelChanged(
        door=door,
        action=change.action,
        model=fields["name"].text(),
        at=payload["timestamp"].time(),
        version=fields["version"].text() if "version" in change.fields else None,
        alias=fields["alias"].text() if "alias" in change.fields else None,
        run_id=_find_text(payload, "run_id") or None,
    )


def _find_text(payload: Payload, *path: str) -> str | None:
    found = payload.find("data", *path)
    return None if found is None else found.text()
