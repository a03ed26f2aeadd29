"""What DVCLive and DVC tell DVC Studio of a run while it goes on; we stand in for Studio.

Source: dvc-studio-client 0.23, `post_live_metrics` and its schema.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from trainboard.errors import PayloadError
from trainboard.events import Event, RunReported
from trainboard_webhooks import Credential, Identity
from trainboard_webhooks.answers import Proof
from trainboard_webhooks.dvclive.mapping import read_report, repository_of
from trainboard_webhooks.passwords import header_value, is_secret
from trainboard_webhooks.payload import Payload, shorten
from trainboard_webhooks.repositories import check_repository

NAME = "dvclive"
NAMED = False
MAX_BODY_BYTES = 30 * 1024 * 1024
PROOF: Proof = "password"
FORGIVING = False
ADDRESS = "/api/live"
ACCEPTED = 200

_SCHEME = "token"
_KINDS = frozenset({"start", "data", "done"})
_PLOTS = "plots"
_MAX_READ_BYTES = 1024 * 1024
_HEAD_BYTES = 64 * 1024


def verify(
    headers: Mapping[str, str], body: bytes, credentials: Sequence[Credential], now: float
) -> Credential | None:
    """The credential one of whose secrets is the token."""
    del body, now
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != _SCHEME:
        return None
    return next((known for known in credentials if is_secret(token.strip(), known.secrets)), None)


def sign(secret: str, kind: str, body: bytes, delivery_id: str, now: float) -> dict[str, str]:
    """The headers with which DVCLive posts `body`; the kind stands in the body."""
    del kind, body, delivery_id, now
    return {"Content-Type": "application/json", "Authorization": f"token {header_value(secret)}"}


def identify(headers: Mapping[str, str], body: bytes) -> Identity | None:
    """The event, known by what it says, and its run. None for one that holds plots only, which are not kept.

    Plots with their pictures may be large; they come by themselves, and are not even read.
    """
    del headers
    if len(body) > _MAX_READ_BYTES:
        if _has_plots_only(body[:_HEAD_BYTES]):
            return None
        raise PayloadError(f"without plots the body has more than {_MAX_READ_BYTES} bytes")
    payload = Payload.parse(body)
    kind, report = _kind(payload), read_report(payload)
    if kind == "data" and payload.find("metrics") is None and payload.find("params") is None:
        return None
    kept = payload.encode_without(_PLOTS) if payload.find(_PLOTS) is not None else None
    return Identity(
        id=hashlib.sha256(body if kept is None else kept).hexdigest(),
        kind=kind,
        entity=shorten(f"{NAME}/{report.source}/{report.run.id}"),
        body=kept,
    )


def vouch(sender: Credential, identity: Identity, body: bytes) -> Identity:
    """The same; refuses a run of a repository that the sender's token is not for."""
    if sender.repository:
        check_repository(sender, repository_of(Payload.parse(body)))
    return identity


def parse(door: str, kind: str, body: bytes) -> Iterable[Event]:
    """What the event says of its run."""
    payload = Payload.parse(body)
    report = read_report(payload)
    if kind == "data" and payload.find("metrics") is None and payload.find("params") is None:
        return []
    return [RunReported(door=door, report=report)]


def _kind(payload: Payload) -> str:
    kind = payload["type"].text()
    if kind not in _KINDS:
        raise PayloadError(f"$.type must be start, data or done, not {shorten(kind, 60)}")
    return kind


def _has_plots_only(head: bytes) -> bool:
    """True for a large body that has come to its plots without metrics or parameters before."""
    before, found, _ = head.partition(b'"plots"')
    return bool(found) and b'"metrics"' not in before and b'"params"' not in before
