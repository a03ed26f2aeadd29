"""What happens to a request at a webhook's address: verify, store, answer. Knows no web framework."""

import math
import re
import time
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, NoReturn

import msgspec

from trainboard.deliveries import Acceptance, Delivery
from trainboard.errors import PayloadError, TransientError
from trainboard_webhooks import Credential, Identity, Source, sources
from trainboard_webhooks.problem import Answer, render_answer, render_problem

Accept = Callable[[Delivery], Acceptance]
Observe = Callable[[str, str], None]

_CHUNK_BYTES = 64 * 1024
_MAX_LENGTH_DIGITS = 15
_RETRY_SECONDS = 5
_JSON_TYPE = re.compile(r"application/(?:[a-z0-9.!#$&^_-]+\+)?json")
_DELIVERY_ID = re.compile(r"[ -~]{1,256}")


class Outcome(StrEnum):
    """What became of a request, for the metrics."""

    STORED = "stored"
    IN_PROGRESS = "in progress"
    DUPLICATE = "duplicate"
    AGAIN = "again"
    GREETING = "greeting"
    UNKNOWN = "unknown source"
    METHOD = "wrong method"
    TYPE = "wrong content type"
    TOO_LARGE = "too large"
    UNAUTHORIZED = "unauthorized"
    MALFORMED = "malformed"
    UNAVAILABLE = "unavailable"


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One request below /webhooks/.

    `door` is the rest of the path (`github`, `mlflow/prod`), header names are in lower case, and
    `read(n)` gives at most n bytes of the body, none at its end.
    """

    method: str
    door: str
    headers: Mapping[str, str]
    read: Callable[[int], bytes]


class _Entry(msgspec.Struct, frozen=True):
    source: Source
    credentials: tuple[Credential, ...]


class _RefusedError(Exception):
    def __init__(self, outcome: Outcome, answer: Answer) -> None:
        super().__init__(outcome)
        self.outcome = outcome
        self.answer = answer


def request_of(environ: Mapping[str, Any], door: str) -> Request:
    """The request that a WSGI server describes.

    A body without Content-Length is read only where the server promises that the stream ends.
    """
    headers = {
        name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name[:5] == "HTTP_"
    }
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            headers[name.replace("_", "-").lower()] = environ[name]
    ends = "content-length" in headers or environ.get("wsgi.input_terminated")
    return Request(
        method=environ["REQUEST_METHOD"],
        door=door,
        headers=headers,
        read=environ["wsgi.input"].read if ends else lambda _: b"",
    )


class Receiver:
    """Takes requests for every configured source.

    Args:
        accept: stores a delivery durably and says what it is; TransientError where it cannot.
        credentials: by source name; a source without any has no address.
        clock: Unix seconds.
        observe: told once per request its address, empty for an unknown one, and what became of it.
    """

    def __init__(
        self,
        accept: Accept,
        credentials: Mapping[str, Sequence[Credential]],
        *,
        clock: Callable[[], float] = time.time,
        observe: Observe = lambda _door, _outcome: None,
    ) -> None:
        self._accept = accept
        self._clock = clock
        self._observe = observe
        self._entries = _entries(credentials)

    def receive(self, request: Request) -> Answer:
        """Verify, store and answer. Raises only what `accept` raises beyond TransientError."""
        entry = self._entries.get(request.door)
        if entry is None:
            self._observe("", Outcome.UNKNOWN)
            return render_problem(404, "No source is configured at this address.")
        try:
            outcome, answer = self._take(entry, request)
        except _RefusedError as refused:
            outcome, answer = refused.outcome, refused.answer
        self._observe(request.door, outcome)
        return answer

    def _take(self, entry: _Entry, request: Request) -> tuple[Outcome, Answer]:
        _check_method(request)
        _check_type(request)
        body = _read_body(request, entry.source.MAX_BODY_BYTES)
        sender = entry.source.verify(request.headers, body, entry.credentials, self._clock())
        if sender is None:
            _refuse_sender()
        identity = _identify(entry.source, request, body)
        if identity is None:
            return Outcome.GREETING, render_answer(200, {"status": "greeting"})
        return self._store(
            Delivery(
                source=_door(entry.source, sender),
                id=identity.id,
                kind=identity.kind,
                entity=identity.entity,
                body=body,
            )
        )

    def _store(self, delivery: Delivery) -> tuple[Outcome, Answer]:
        try:
            acceptance = self._accept(delivery)
        except TransientError as error:
            seconds = max(1, math.ceil(error.retry_after_seconds or _RETRY_SECONDS))
            _refuse(
                Outcome.UNAVAILABLE,
                503,
                "The delivery could not be stored; send it again.",
                {"Retry-After": str(seconds)},
            )
        status = 200 if acceptance is Acceptance.DUPLICATE else 202
        return Outcome(acceptance.value), render_answer(
            status, {"status": acceptance.value, "delivery": delivery.id}
        )


def _entries(credentials: Mapping[str, Sequence[Credential]]) -> dict[str, _Entry]:
    entries: dict[str, _Entry] = {}
    for name, source in sources().items():
        senders = tuple(credentials.get(name, ()))
        if source.NAMED:
            entries |= {_door(source, sender): _Entry(source, (sender,)) for sender in senders}
        elif senders:
            entries[name] = _Entry(source, senders)
    return entries


def _door(source: Source, sender: Credential) -> str:
    return f"{source.NAME}/{sender.name}" if sender.name else source.NAME


def _check_method(request: Request) -> None:
    if request.method != "POST":
        _refuse(Outcome.METHOD, 405, "Deliveries are sent with POST.", {"Allow": "POST"})


def _check_type(request: Request) -> None:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not _JSON_TYPE.fullmatch(media_type) or media_type.endswith("-batch+json"):
        _refuse(Outcome.TYPE, 415, "Set the content type of the webhook to application/json.")


def _read_body(request: Request, max_bytes: int) -> bytes:
    declared = _declared_bytes(request)
    if declared is not None and declared > max_bytes:
        _refuse_size(max_bytes)
    wanted = max_bytes + 1 if declared is None else declared
    body = bytearray()
    while len(body) < wanted:
        chunk = _read_chunk(request, min(wanted - len(body), _CHUNK_BYTES))
        if not chunk:
            break
        body += chunk
    if len(body) > max_bytes:
        _refuse_size(max_bytes)
    if declared is not None and len(body) < declared:
        _refuse(Outcome.MALFORMED, 400, "The body ended before its Content-Length.")
    return bytes(body)


def _declared_bytes(request: Request) -> int | None:
    text = request.headers.get("content-length")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_LENGTH_DIGITS):
        _refuse(Outcome.MALFORMED, 400, "The Content-Length is not a number of bytes.")
    return int(text)


def _read_chunk(request: Request, max_bytes: int) -> bytes:
    try:
        return request.read(max_bytes)
    except OSError:
        return b""


def _identify(source: Source, request: Request, body: bytes) -> Identity | None:
    try:
        identity = source.identify(request.headers, body)
    except PayloadError as error:
        _refuse(Outcome.MALFORMED, 400, str(error))
    if identity is not None and not _DELIVERY_ID.fullmatch(identity.id):
        _refuse(Outcome.MALFORMED, 400, "The delivery's id must be 1 to 256 printable ASCII characters.")
    return identity


def _refuse_sender() -> NoReturn:
    _refuse(
        Outcome.UNAUTHORIZED,
        401,
        "The signature is missing, wrong or too old; check the secret and the sender's clock.",
        {"WWW-Authenticate": "HMAC-SHA256"},
    )


def _refuse_size(max_bytes: int) -> NoReturn:
    _refuse(Outcome.TOO_LARGE, 413, f"The body is larger than {max_bytes} bytes.")


def _refuse(outcome: Outcome, status: int, detail: str, headers: Mapping[str, str] | None = None) -> NoReturn:
    raise _RefusedError(outcome, render_problem(status, detail, headers))
