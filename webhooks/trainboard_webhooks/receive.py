"""What happens to a request at a webhook's address: verify, store, answer. Knows no web framework.

It waits for nothing: a request is a generator that asks for the body and for a delivery to be stored,
and whoever serves it waits as that kind of server does.
"""

import re
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from functools import lru_cache
from typing import NoReturn

import msgspec
import structlog

from trainboard.deliveries import Acceptance, Delivery
from trainboard.errors import PayloadError, TransientError
from trainboard_webhooks import (
    Batcher,
    Credential,
    Greeter,
    Identity,
    Imitator,
    Putter,
    Source,
    Voucher,
    sources,
)
from trainboard_webhooks.answers import (
    RETRY_SECONDS,
    Outcome,
    forgive,
    ignore,
    render_replayed,
    render_stranger,
    render_unavailable,
)
from trainboard_webhooks.problem import Answer, render_answer, render_problem
from trainboard_webhooks.query import QUERY

Observe = Callable[[str, str, float], None]

_log = structlog.get_logger(__name__)

_MAX_LENGTH_DIGITS = 15
_COULD_NOT = "a delivery could not be taken"
_JSON_TYPE = re.compile(r"application/(?:[a-z0-9.!#$&^_-]+\+)?json")
_DELIVERY_ID = re.compile(r"[ -~]{1,256}")


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One request below /webhooks/, its body apart.

    `door` is the rest of the path (`github`, `mlflow/prod`); names of headers are in lower case.
    """

    method: str
    door: str
    headers: Mapping[str, str]
    query: str = ""

    def told(self) -> Mapping[str, str]:
        """What a source is told beside the body: the headers, and the query where there is one."""
        return {**self.headers, QUERY: self.query} if self.query else self.headers


class BodyWanted(msgspec.Struct, frozen=True):
    """Asks for the body. `declared` are the bytes it shall have, None if it ends where the sender ends.

    The answer to it are at most `most_bytes` and one more, fewer than declared if the sender broke off.
    """

    declared: int | None
    most_bytes: int


Steps = Generator[BodyWanted | Delivery, bytes | Acceptance, Answer]
"""The steps of a request, which ends with its answer.

It asks for its body at most once, then for a delivery to be stored at most once; that there is no room for
the body, or that it cannot be stored, is thrown in as TransientError.
"""


class _Entry(msgspec.Struct, frozen=True):
    """A source and who may send; None, or empty, what it does not do."""

    source: Source
    credentials: tuple[Credential, ...]
    greeter: Greeter | None
    voucher: Voucher | None
    batches: str
    methods: tuple[str, ...]
    accepted: int


class _RefusedError(Exception):
    def __init__(self, outcome: Outcome, answer: Answer) -> None:
        super().__init__(outcome)
        self.outcome = outcome
        self.answer = answer


class Receiver:
    """Takes requests for every configured source.

    Args:
        credentials: by source name; a source without any has no address.
        clock: Unix seconds.
        observe: told once per request its address, empty for an unknown one, what became of it, and
            after how many seconds.
    """

    def __init__(
        self,
        credentials: Mapping[str, Sequence[Credential]],
        *,
        clock: Callable[[], float] = time.time,
        observe: Observe = lambda _door, _outcome, _seconds: None,
    ) -> None:
        self._clock = clock
        self._observe = observe
        self._entries = _entries(credentials)

    def receive(self, request: Request) -> Steps:
        """Verify, have stored, and answer."""
        began = time.perf_counter()
        entry = self._entries.get(request.door)
        if entry is None:
            self._observe("", Outcome.UNKNOWN, time.perf_counter() - began)
            return render_problem(404, "No source is configured at this address.")
        try:
            outcome, answer = yield from self._take(entry, request)
        except _RefusedError as refused:
            outcome, answer = self._answer(entry, request, refused)
        except Exception:  # noqa: BLE001  a bug of ours must not lose a delivery: it is sent back
            _log.exception(_COULD_NOT, door=request.door)
            outcome, answer = Outcome.UNAVAILABLE, render_unavailable(RETRY_SECONDS)
        self._observe(request.door, outcome, time.perf_counter() - began)
        return answer

    def _take(
        self, entry: _Entry, request: Request
    ) -> Generator[BodyWanted | Delivery, bytes | Acceptance, tuple[Outcome, Answer]]:
        told = request.told()
        if request.method == "OPTIONS" and entry.greeter is not None:
            return self._greet(entry, entry.greeter, request, told)
        _check_method(request, entry.methods)
        _check_type(request, entry.batches)
        wanted = _want_body(request, entry.source.MAX_BODY_BYTES)
        try:
            body = yield wanted
        except TransientError as error:
            raise _RefusedError(Outcome.UNAVAILABLE, render_unavailable(RETRY_SECONDS)) from error
        assert isinstance(body, bytes)
        _check_body(body, wanted)
        delivery = self._find_delivery(entry, request, told, body)
        if isinstance(delivery, Answer):
            return Outcome.GREETING, delivery
        try:
            acceptance = yield delivery
        except TransientError as error:
            answer = render_unavailable(error.retry_after_seconds or RETRY_SECONDS)
            raise _RefusedError(Outcome.UNAVAILABLE, answer) from error
        except Exception as error:
            _log.exception(_COULD_NOT, source=delivery.source, delivery=delivery.id)
            raise _RefusedError(Outcome.UNAVAILABLE, render_unavailable(RETRY_SECONDS)) from error
        assert isinstance(acceptance, Acceptance)
        if acceptance is Acceptance.REPLAYED:
            raise _RefusedError(Outcome.REPLAYED, render_replayed())
        return _OUTCOMES[acceptance], _render_acceptance(acceptance, delivery.id, entry.accepted)

    def _greet(
        self, entry: _Entry, greeter: Greeter, request: Request, told: Mapping[str, str]
    ) -> tuple[Outcome, Answer]:
        """Answer a question that has no body."""
        self._verify(entry, told, b"")
        answer = greeter.greet(request.method, told, b"")
        if answer is None:
            _check_method(request)
        assert answer is not None
        return Outcome.GREETING, answer

    def _verify(self, entry: _Entry, told: Mapping[str, str], body: bytes) -> Credential:
        try:
            sender = entry.source.verify(told, body, entry.credentials, self._clock())
        except TransientError as error:
            answer = render_unavailable(error.retry_after_seconds or RETRY_SECONDS)
            raise _RefusedError(Outcome.UNAVAILABLE, answer) from error
        if sender is None:
            raise _RefusedError(Outcome.UNAUTHORIZED, render_stranger(entry.source.PROOF))
        return sender

    def _find_delivery(
        self, entry: _Entry, request: Request, told: Mapping[str, str], body: bytes
    ) -> Delivery | Answer:
        """What is to be stored, or the answer to a greeting."""
        sender = self._verify(entry, told, body)
        if entry.greeter is not None and (answer := _greet(entry.greeter, told, body)) is not None:
            return answer
        identity = _identify(entry.source, told, body)
        if identity is None:
            return render_answer(200, {"status": "greeting"})
        if entry.voucher is not None:
            identity = _vouch(entry.voucher, sender, identity, body)
        _check_id(identity)
        if sender.hooks and identity.hook not in sender.hooks:
            reason = f"the settings do not name the hook {identity.hook}"
            raise _RefusedError(*ignore(request.door, reason))
        return Delivery(
            source=_door(entry.source, sender),
            id=self._name(identity),
            kind=identity.kind,
            entity=identity.entity,
            body=body if identity.body is None else identity.body,
            event_key=identity.event_key,
            hook=identity.hook,
            token=identity.token,
        )

    def _name(self, identity: Identity) -> str:
        if identity.renews_seconds is None:
            return identity.id
        return f"{identity.id}/{int(self._clock()) // identity.renews_seconds}"

    def _answer(self, entry: _Entry, request: Request, refused: _RefusedError) -> tuple[Outcome, Answer]:
        source = entry.source
        if not source.FORGIVING:
            return refused.outcome, refused.answer
        known = source.verify(request.told(), b"", entry.credentials, self._clock()) is not None
        return forgive(request.door, refused.outcome, refused.answer, proof=source.PROOF, known=known)


_OUTCOMES = {acceptance: Outcome(acceptance.value) for acceptance in Acceptance}


def _entries(credentials: Mapping[str, Sequence[Credential]]) -> dict[str, _Entry]:
    entries: dict[str, _Entry] = {}
    for name, source in sources().items():
        senders = tuple(credentials.get(name, ()))
        if source.NAMED:
            entries |= {_door(source, sender): _entry(source, (sender,)) for sender in senders}
        elif senders:
            entries[name] = _entry(source, senders)
    return entries


def _entry(source: Source, senders: tuple[Credential, ...]) -> _Entry:
    greeter = source if isinstance(source, Greeter) else None
    voucher = source if isinstance(source, Voucher) else None
    batches = source.BATCHES if isinstance(source, Batcher) else ""
    methods = source.METHODS if isinstance(source, Putter) else _POST
    accepted = source.ACCEPTED if isinstance(source, Imitator) else _ACCEPTED
    return _Entry(source, senders, greeter, voucher, batches, methods, accepted)


_POST = ("POST",)
_ACCEPTED = 202


def _door(source: Source, sender: Credential) -> str:
    return f"{source.NAME}/{sender.name}" if sender.name else source.NAME


def _check_method(request: Request, methods: tuple[str, ...] = ("POST",)) -> None:
    if request.method not in methods:
        known = " or ".join(methods)
        _refuse(Outcome.METHOD, 405, f"Deliveries are sent with {known}.", {"Allow": ", ".join(methods)})


def _check_type(request: Request, batches: str) -> None:
    content_type = request.headers.get("content-type", "")
    if not _is_json(content_type) and not (batches and _media_type(content_type) == batches):
        _refuse(Outcome.TYPE, 415, "Set the content type of the webhook to application/json.")


def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


@lru_cache(maxsize=256)
def _is_json(content_type: str) -> bool:
    media_type = _media_type(content_type)
    return _JSON_TYPE.fullmatch(media_type) is not None and not media_type.endswith("-batch+json")


def _want_body(request: Request, most_bytes: int) -> BodyWanted:
    declared = _declared_bytes(request)
    if declared is not None and declared > most_bytes:
        _refuse_size(most_bytes)
    return BodyWanted(declared, most_bytes)


def _check_body(body: bytes, wanted: BodyWanted) -> None:
    if len(body) > wanted.most_bytes:
        _refuse_size(wanted.most_bytes)
    if wanted.declared is not None and len(body) < wanted.declared:
        _refuse(Outcome.BROKEN_OFF, 400, "The body ended before its Content-Length.")


def _declared_bytes(request: Request) -> int | None:
    text = request.headers.get("content-length")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_LENGTH_DIGITS):
        _refuse(Outcome.MALFORMED, 400, "The Content-Length is not a number of bytes.")
    return int(text)


def _greet(greeter: Greeter, told: Mapping[str, str], body: bytes) -> Answer | None:
    try:
        return greeter.greet("POST", told, body)
    except PayloadError as error:
        _refuse(Outcome.MALFORMED, 400, str(error))


def _identify(source: Source, told: Mapping[str, str], body: bytes) -> Identity | None:
    try:
        return source.identify(told, body)
    except PayloadError as error:
        _refuse(Outcome.MALFORMED, 400, str(error))


def _vouch(voucher: Voucher, sender: Credential, identity: Identity, body: bytes) -> Identity:
    try:
        return voucher.vouch(sender, identity, body)
    except PayloadError as error:
        _refuse(Outcome.MALFORMED, 400, str(error))


def _check_id(identity: Identity) -> None:
    if not _DELIVERY_ID.fullmatch(identity.id):
        _refuse(Outcome.MALFORMED, 400, "The delivery's id must be 1 to 256 printable ASCII characters.")


def _render_acceptance(acceptance: Acceptance, delivery_id: str, accepted: int) -> Answer:
    """What the sender of a stored or known delivery is told."""
    status = 200 if acceptance is Acceptance.DUPLICATE else accepted
    return render_answer(status, {"status": acceptance.value, "delivery": delivery_id})


def _refuse_size(max_bytes: int) -> NoReturn:
    _refuse(Outcome.TOO_LARGE, 413, f"The body is larger than {max_bytes} bytes.")


def _refuse(outcome: Outcome, status: int, detail: str, headers: Mapping[str, str] | None = None) -> NoReturn:
    raise _RefusedError(outcome, render_problem(status, detail, headers))
