"""Reports of training runs from jobs and scripts: RunEvent v1, plain or as a CloudEvent.

A job of GitHub Actions may bear a token in place of a signature; what the token says of the job is believed
before what the report says. Who bears a token of Microsoft Entra is known as if it had signed: that tells of
no job.

Source: Standard Webhooks specification (signature); CloudEvents 1.0, "HTTP Protocol Binding".
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec
from msgspec import UNSET

from trainboard.errors import PayloadError
from trainboard.events import Event, RunReported
from trainboard.run_origins import RunOrigin
from trainboard.runs import RunReport
from trainboard_webhooks import Credential, Identity
from trainboard_webhooks.answers import Proof
from trainboard_webhooks.callers import find_principal
from trainboard_webhooks.job_tokens import find_job
from trainboard_webhooks.payload import parse_json, shorten
from trainboard_webhooks.repositories import check_repository
from trainboard_webhooks.runs.attesting import MAX_ID, MAX_SOURCE, attest, origin_of
from trainboard_webhooks.signatures import (
    is_fresh,
    is_standard_signed,
    standard_key,
    standard_keys,
    standard_signature,
)

NAME = "runs"
NAMED = False
MAX_BODY_BYTES = 256 * 1024
PROOF: Proof = "signature"
FORGIVING = False

_TIME = re.compile(
    r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-5][0-9](\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_TIME_PATHS = (("time",), ("run", "started_at"), ("run", "ended_at"), ("metrics", "*", "at"))
_MAX_INTEGER = 2**63 - 1
_UNKNOWN_KEY = re.compile(
    r"Object contains unknown field `(?P<key>.*?)`(?: - at `(?P<path>[^`]*)`)?", re.DOTALL
)


class _CloudEvent(msgspec.Struct, frozen=True):
    specversion: Literal["1.0"]
    data: RunReport


def verify(
    headers: Mapping[str, str], body: bytes, credentials: Sequence[Credential], now: float
) -> Credential | None:
    """The credential one of whose secrets signed id, time and body, or that believes the sender's token.

    A token of Entra is good for many messages: beside it, a time that is told must be near.

    Raises:
        TransientError: the token may be good; its key is not known yet.
    """
    for known in credentials:
        if is_standard_signed(
            headers.get("webhook-id"),
            headers.get("webhook-timestamp"),
            headers.get("webhook-signature"),
            body,
            standard_keys(known.secrets),
            now,
        ):
            return known
    job = find_job(headers, credentials, now)
    if job is not None:
        return job
    stamp = headers.get("webhook-timestamp")
    return find_principal(headers, credentials, now) if stamp is None or is_fresh(stamp, now) else None


def sign(secret: str, kind: str, body: bytes, delivery_id: str, now: float) -> dict[str, str]:
    """The headers with which a sender that follows Standard Webhooks posts `body`."""
    del kind
    timestamp = str(int(now))
    return {
        "Content-Type": "application/json",
        "webhook-id": delivery_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": standard_signature(standard_key(secret), delivery_id, timestamp, body),
    }


def identify(headers: Mapping[str, str], body: bytes) -> Identity:
    """The delivery's id, and the experiment. Refuses everything that the schema refuses."""
    report = decode(body)
    return Identity(
        id=headers.get("webhook-id", ""),
        kind="run",
        entity=_entity(report),
    )


def vouch(sender: Credential, identity: Identity, body: bytes) -> Identity:
    """The same for who signed; of a job with what its token says of it, and good for one delivery.

    Who bears a token of Entra is as one who signed. Refuses a run of a repository that is not the sender's.
    """
    if sender.job is None and not sender.repository:
        return identity
    report = decode(body)
    if sender.job is None:
        check_repository(sender, report.links.repo if report.links else UNSET)
        return identity
    report = attest(report, origin_of(sender.job))
    return msgspec.structs.replace(
        identity,
        id=identity.id or sender.job.token.id,
        entity=_entity(report),
        body=msgspec.json.encode(report),
        token=sender.job.token,
    )


def parse(door: str, kind: str, body: bytes) -> Iterable[Event]:
    """What the body says of its run."""
    del kind
    return [RunReported(door=door, report=decode(body))]


def decode(body: bytes) -> RunReport:
    """The report in `body`, or in the `data` of the CloudEvent that `body` is.

    Raises:
        PayloadError: the body is no RunEvent v1; names the path.
    """
    return _convert(parse_json(body))


def read_left(body: bytes, origin: RunOrigin, name: str) -> RunReport:
    """The report that a run of a pipeline left in a file, as one of `origin`.

    It need not say what the platform tells: without an id it is the run `name` there.

    Raises:
        PayloadError: the file holds no RunEvent v1; names the path.
    """
    if len(body) > MAX_BODY_BYTES:
        raise PayloadError(f"it has more than {MAX_BODY_BYTES:,} bytes")
    return attest(_convert(_complete(parse_json(body), origin, name)), origin)


def _complete(value: object, origin: RunOrigin, name: str) -> object:
    """`value` with a source and an id of its run, where it has none."""
    if not isinstance(value, dict) or "specversion" in value:
        return value
    source, run = shorten(origin.source, MAX_SOURCE), value.get("run")
    completed = {"run": {"id": shorten(name, MAX_ID)} | run} if isinstance(run, dict) else {}
    return {"source": source} | value | completed


def _convert(told: object) -> RunReport:
    value = _whole_numbers(told)
    is_cloud_event = isinstance(value, dict) and "specversion" in value
    _check_times(value, ("data",) if is_cloud_event else ())
    try:
        if is_cloud_event:
            return msgspec.convert(value, _CloudEvent).data
        return msgspec.convert(value, RunReport)
    except msgspec.ValidationError as error:
        raise PayloadError(_sentence(str(error))) from None


def _entity(report: RunReport) -> str:
    return shorten(f"{NAME}/{report.source}/{report.experiment.name}")


def _whole_numbers(value: object) -> object:
    """`value` with 1.0 written as 1, which JSON Schema takes for the same integer."""
    if isinstance(value, float) and value.is_integer() and abs(value) <= _MAX_INTEGER:
        return int(value)
    if isinstance(value, dict):
        return {key: _whole_numbers(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_whole_numbers(item) for item in value]
    return value


def _check_times(value: object, root: tuple[str, ...]) -> None:
    """Refuse what msgspec takes for a time and RFC 3339 or a database does not."""
    for keys in _TIME_PATHS:
        for path, text in _texts_at(value, (*root, *keys), "$"):
            if not _TIME.fullmatch(text):
                raise PayloadError(f"{path} must be a time with an offset, like 2026-01-05T09:00:00Z")


def _texts_at(value: object, keys: tuple[str, ...], path: str) -> Iterator[tuple[str, str]]:
    """The texts under `keys`, where * is any key, each with its path."""
    if not keys:
        if isinstance(value, str):
            yield path, value
    elif isinstance(value, dict):
        for key in value if keys[0] == "*" else keys[:1]:
            if key in value:
                yield from _texts_at(value[key], keys[1:], f"{path}.{shorten(key, 60)}")


def _sentence(message: str) -> str:
    unknown = _UNKNOWN_KEY.fullmatch(message)
    if unknown:
        return f"unknown key {json.dumps(shorten(unknown['key'], 60))} at {unknown['path'] or '$'}"
    return "the body is no run event: " + shorten(message.replace(" - at ", " at ").replace("`", ""), 400)
