"""What happens to a request at a webhook's address: verify, store, answer. Knows no web framework."""

import math
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any, NoReturn

import msgspec
import structlog
from structlog.contextvars import bound_contextvars

from trainboard.deliveries import Acceptance, Delivery
from trainboard.errors import PayloadError, TransientError
from trainboard_webhooks import Credential, Identity, Source, sources
from trainboard_webhooks.problem import Answer, render_answer, render_problem

Accept = Callable[[Delivery], Acceptance]
Observe = Callable[[str, str, float], None]

_log = structlog.get_logger(__name__)

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
    ends = environ.get("CONTENT_LENGTH") or environ.get("wsgi.input_terminated")
    return Request(
        method=environ["REQUEST_METHOD"],
        door=door,
        headers=_Headers(environ),
        read=environ["wsgi.input"].read if ends else lambda _: b"",
    )


class _Headers(Mapping[str, str]):
    """The headers in a WSGI environment by their names in lower case; few of the many are looked at."""

    def __init__(self, environ: Mapping[str, Any]) -> None:
        self._environ = environ

    def __getitem__(self, name: str) -> str:
        value: str = self._environ[_variable(name)]
        if not value and name in _UNPREFIXED:
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        names = (name.removeprefix("HTTP_") for name in self._environ if name.startswith("HTTP_"))
        yield from (name.replace("_", "-").lower() for name in names)
        yield from (name for name in _UNPREFIXED if self._environ.get(_variable(name)))

    def __len__(self) -> int:
        return sum(1 for _ in self)


_UNPREFIXED = ("content-type", "content-length")


@lru_cache(maxsize=64)
def _variable(name: str) -> str:
    upper = name.upper().replace("-", "_")
    return upper if name in _UNPREFIXED else f"HTTP_{upper}"


class Receiver:
    """Takes requests for every configured source.

    Args:
        accept: stores a delivery durably and says what it is; TransientError where it cannot.
        credentials: by source name; a source without any has no address.
        clock: Unix seconds.
        observe: told once per request its address, empty for an unknown one, what became of it, and
            after how many seconds.
    """

    def __init__(
        self,
        accept: Accept,
        credentials: Mapping[str, Sequence[Credential]],
        *,
        clock: Callable[[], float] = time.time,
        observe: Observe = lambda _door, _outcome, _seconds: None,
    ) -> None:
        self._accept = accept
        self._clock = clock
        self._observe = observe
        self._entries = _entries(credentials)

    def receive(self, request: Request) -> Answer:
        """Verify, store and answer."""
        began = time.perf_counter()
        entry = self._entries.get(request.door)
        if entry is None:
            self._observe("", Outcome.UNKNOWN, time.perf_counter() - began)
            return render_problem(404, "No source is configured at this address.")
        try:
            outcome, answer = self._take(entry, request)
        except _RefusedError as refused:
            outcome, answer = refused.outcome, refused.answer
        except Exception:  # noqa: BLE001  a bug of ours must not lose a delivery: it is sent back
            _log.exception("a delivery could not be taken", door=request.door)
            outcome, answer = Outcome.UNAVAILABLE, _render_unavailable(_RETRY_SECONDS)
        self._observe(request.door, outcome, time.perf_counter() - began)
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
                event_key=identity.event_key,
                hook=identity.hook,
            )
        )

    def _store(self, delivery: Delivery) -> tuple[Outcome, Answer]:
        try:
            with bound_contextvars(source=delivery.source, delivery=delivery.id):
                acceptance = self._accept(delivery)
        except TransientError as error:
            answer = _render_unavailable(error.retry_after_seconds or _RETRY_SECONDS)
            raise _RefusedError(Outcome.UNAVAILABLE, answer) from error
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
    if not _is_json(request.headers.get("content-type", "")):
        _refuse(Outcome.TYPE, 415, "Set the content type of the webhook to application/json.")


@lru_cache(maxsize=256)
def _is_json(content_type: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    return _JSON_TYPE.fullmatch(media_type) is not None and not media_type.endswith("-batch+json")


def _read_body(request: Request, max_bytes: int) -> bytes:
    declared = _declared_bytes(request)
    if declared is not None and declared > max_bytes:
        _refuse_size(max_bytes)
    body = _read_up_to(request, max_bytes + 1 if declared is None else declared)
    if len(body) > max_bytes:
        _refuse_size(max_bytes)
    if declared is not None and len(body) < declared:
        _refuse(Outcome.MALFORMED, 400, "The body ended before its Content-Length.")
    return body


def _read_up_to(request: Request, wanted: int) -> bytes:
    first = _read_chunk(request, min(wanted, _CHUNK_BYTES))
    if len(first) == wanted:
        return first
    body = bytearray(first)
    while first and len(body) < wanted:
        chunk = _read_chunk(request, min(wanted - len(body), _CHUNK_BYTES))
        if not chunk:
            break
        body += chunk
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


def _render_unavailable(retry_seconds: float) -> Answer:
    """Also where a bug of ours is in the way: what is not stored must come again."""
    after = {"Retry-After": str(max(1, math.ceil(retry_seconds)))}
    return render_problem(503, "The delivery could not be stored; send it again.", after)


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
