"""The webhooks' addresses, in front of whatever else a WSGI server serves.

No web framework stands between a sender and the inbox: routing, request objects and hooks would
cost more than checking and storing the delivery.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from trainboard.deliveries import Acceptance, Delivery
from trainboard_webhooks import Imitator, sources
from trainboard_webhooks.problem import Answer
from trainboard_webhooks.receive import BodyWanted, Receiver, Request, Steps

ROOT = "/webhooks/"

Accept = Callable[[Delivery], Acceptance]
Read = Callable[[int], bytes]

_CHUNK_BYTES = 64 * 1024
_STATUS_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
HEADERS = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
_UNPREFIXED = ("content-type", "content-length")


def find_door(path: str) -> str | None:
    """The source's part of a webhook's address, None for a path that is none."""
    return path[len(ROOT) :] if path.startswith(ROOT) else _imitated().get(path)


@cache
def _imitated() -> dict[str, str]:
    return {source.ADDRESS: name for name, source in sources().items() if isinstance(source, Imitator)}


class Gate:
    """Every method and path that is a webhook's is the receiver's, all else is the application's.

    Args:
        receiver: of the requests.
        accept: stores a delivery durably and says what it is; TransientError where it cannot.
        app: serves everything else.
    """

    def __init__(self, receiver: Receiver, accept: Accept, app: WSGIApplication) -> None:
        self._receiver = receiver
        self._accept = accept
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, as PEP 3333 says."""
        path: str = environ["PATH_INFO"]
        door = find_door(path)
        if door is None:
            return self._app(environ, start_response)
        method = environ["REQUEST_METHOD"]
        request = Request(
            method=method,
            door=door,
            headers=_Headers(environ),
            query=environ.get("QUERY_STRING", ""),
        )
        answer = self._run(self._receiver.receive(request), _find_stream(environ))
        length = ("Content-Length", str(len(answer.body)))
        start_response(_STATUS_LINES[answer.status], [*answer.headers, *HEADERS, length])
        return [b"" if method == "HEAD" else answer.body]

    def _run(self, steps: Steps, read: Read) -> Answer:
        try:
            wanted = next(steps)
            while True:
                try:
                    got = read_body(wanted, read) if isinstance(wanted, BodyWanted) else self._accept(wanted)
                except Exception as error:  # noqa: BLE001  the receiver knows what to answer
                    wanted = steps.throw(error)
                else:
                    wanted = steps.send(got)
        except StopIteration as end:
            answer: Answer = end.value
            return answer


def read_body(wanted: BodyWanted, read: Read) -> bytes:
    """What is wanted of a stream of which `read(n)` gives at most n bytes, none at its end."""
    size = wanted.most_bytes + 1 if wanted.declared is None else wanted.declared
    first = _read_chunk(read, min(size, _CHUNK_BYTES))
    if len(first) == size:
        return first
    body = bytearray(first)
    while first and len(body) < size:
        chunk = _read_chunk(read, min(size - len(body), _CHUNK_BYTES))
        if not chunk:
            break
        body += chunk
    return bytes(body)


def _read_chunk(read: Read, most_bytes: int) -> bytes:
    try:
        return read(most_bytes)
    except OSError:
        return b""


def _find_stream(environ: WSGIEnvironment) -> Read:
    """A body without Content-Length is read only where the server promises that the stream ends."""
    if environ.get("CONTENT_LENGTH") or environ.get("wsgi.input_terminated"):
        read: Read = environ["wsgi.input"].read
        return read
    return lambda _: b""


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


@lru_cache(maxsize=64)
def _variable(name: str) -> str:
    upper = name.upper().replace("-", "_")
    return upper if name in _UNPREFIXED else f"HTTP_{upper}"
