"""The webhooks' addresses on an event loop: thousands of senders can wait, and none of them holds a thread.

It speaks RSGI, which costs a third of what ASGI does: no dictionaries and messages for each request.

Source: "RSGI Specification" of granian.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Protocol

from trainboard.deliveries import Acceptance, Delivery
from trainboard.errors import TransientError
from trainboard_webhooks.gate import HEADERS, find_door
from trainboard_webhooks.problem import Answer
from trainboard_webhooks.receive import BodyWanted, Receiver, Request, Steps


class Headers(Protocol):
    """The headers of a request, by names in lower case."""

    def get(self, name: str) -> str | None:
        """The value, None where the header is missing."""
        ...

    def keys(self) -> list[str]:
        """The names."""
        ...


class Scope(Protocol):
    """A request without its body."""

    method: str
    path: str
    query_string: str
    http_version: str
    scheme: str
    server: str
    client: str

    @property
    def headers(self) -> Headers:
        """Of the request."""
        ...


class Exchange(Protocol):
    """The body of a request and the way back to its sender; RSGI calls it the protocol."""

    def __call__(self) -> Awaitable[bytes]:
        """The whole body."""
        ...

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The body in pieces."""
        ...

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Answer."""
        ...


Outcome = Acceptance | Exception
Settle = Callable[[Outcome], None]
Offer = Callable[[Sequence[tuple[Delivery, Settle]]], None]
Pages = Callable[[Scope, Exchange], Awaitable[None]]

BODY_SECONDS = 30.0
"""A body must be there after so long: whoever sends a byte now and then holds nothing for ever."""
MOST_BYTES = 256 * 1024 * 1024
"""So much of large bodies is held at once, for nobody has proved who they are before theirs is read."""
SMALL_BYTES = 65_536
"""A body of so much has room in any case: who takes it all with large ones keeps no such sender out."""

_TURNS = 20
"""For so many turns of the loop, some tens of microseconds, those who still send are waited for."""


class LoopGate:
    """Every method and path that is a webhook's is the receiver's, all else are pages.

    Args:
        receiver: of the requests.
        offer: has deliveries stored durably, and tells from any thread what became of each.
        pages: serves everything else.
        body_seconds: after so long a body that is not there is none.
        most_bytes: so much is held of large bodies; who would send more is told to come again.
        small_bytes: up to so much a body is not large.
    """

    def __init__(
        self,
        receiver: Receiver,
        offer: Offer,
        pages: Pages,
        *,
        body_seconds: float = BODY_SECONDS,
        most_bytes: int = MOST_BYTES,
        small_bytes: int = SMALL_BYTES,
    ) -> None:
        self._receiver = receiver
        self._offer = offer
        self._pages = pages
        self._body_seconds = body_seconds
        self._free_bytes = most_bytes
        self._small_bytes = small_bytes
        self._sending = 0
        self._arrived: list[tuple[Delivery, Settle]] = []
        self._told: deque[tuple[asyncio.Future[Acceptance], Outcome]] = deque()
        self._waking = False

    async def __rsgi__(self, scope: Scope, exchange: Exchange) -> None:
        """Answer one request."""
        door = find_door(scope.path)
        if door is None:
            await self._pages(scope, exchange)
            return
        request = Request(
            method=scope.method,
            door=door,
            headers=_Headers(scope.headers),
            query=scope.query_string,
        )
        answer = await self._run(self._receiver.receive(request), exchange)
        exchange.response_bytes(answer.status, [*answer.headers, *HEADERS], answer.body)

    async def _run(self, steps: Steps, exchange: Exchange) -> Answer:
        try:
            wanted = next(steps)
            while True:
                try:
                    got = await (
                        self._read(wanted, exchange)
                        if isinstance(wanted, BodyWanted)
                        else self._store(wanted)
                    )
                except Exception as error:  # noqa: BLE001  the receiver knows what to answer
                    wanted = steps.throw(error)
                else:
                    wanted = steps.send(got)
        except StopIteration as end:
            answer: Answer = end.value
            return answer

    async def _read(self, wanted: BodyWanted, exchange: Exchange) -> bytes:
        """Raises TransientError where so many send that there is no room for it."""
        told = wanted.most_bytes if wanted.declared is None else wanted.declared
        size_bytes = told if told > self._small_bytes else 0
        if size_bytes > self._free_bytes:
            raise TransientError("too much is sent at once")
        self._free_bytes -= size_bytes
        self._sending += 1
        try:
            return await in_time(read_body(wanted, exchange), self._body_seconds)
        finally:
            self._sending -= 1
            self._free_bytes += size_bytes

    def _store(self, delivery: Delivery) -> "asyncio.Future[Acceptance]":
        loop = asyncio.get_running_loop()
        stored = loop.create_future()
        if not self._arrived:
            loop.call_soon(self._hand_over, loop, _TURNS)
        self._arrived.append((delivery, lambda outcome: self._tell(loop, stored, outcome)))
        return stored

    def _hand_over(self, loop: asyncio.AbstractEventLoop, turns: int) -> None:
        """Offer together what arrives together: to store several costs little more than one."""
        if turns and self._sending:
            loop.call_soon(self._hand_over, loop, turns - 1)
            return
        together, self._arrived = self._arrived, []
        try:
            self._offer(together)
        except Exception as error:  # noqa: BLE001  each of the senders must get an answer
            for _, settle in together:
                settle(error)

    def _tell(
        self, loop: asyncio.AbstractEventLoop, stored: "asyncio.Future[Acceptance]", outcome: Outcome
    ) -> None:
        """Wake the loop once for all that is told together; where it is closed, the sender is gone."""
        self._told.append((stored, outcome))
        if not self._waking:
            self._waking = True
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._pass_on)

    def _pass_on(self) -> None:
        self._waking = False
        while self._told:
            stored, outcome = self._told.popleft()
            if stored.done():
                continue
            if isinstance(outcome, Acceptance):
                stored.set_result(outcome)
            else:
                stored.set_exception(outcome)


async def in_time(body: Awaitable[bytes], seconds: float = BODY_SECONDS) -> bytes:
    """The body, empty if it takes longer."""
    try:
        async with asyncio.timeout(seconds):
            return await body
    except TimeoutError:
        return b""


async def read_body(wanted: BodyWanted, exchange: Exchange) -> bytes:
    """What is wanted of a request's body; a sender that breaks off has sent what came until then."""
    if wanted.declared is not None:
        try:
            return await exchange()
        except Exception:  # noqa: BLE001  granian has a class for it which is not to be known here
            return b""
    body = bytearray()
    with suppress(Exception):
        async for chunk in exchange:
            body += chunk
            if len(body) > wanted.most_bytes:
                break
    return bytes(body)


class _Headers(Mapping[str, str]):
    def __init__(self, headers: Headers) -> None:
        self._headers = headers

    def __getitem__(self, name: str) -> str:
        value = self._headers.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        value = self._headers.get(name)
        return default if value is None else value

    def __iter__(self) -> Iterator[str]:
        return iter(self._headers.keys())

    def __len__(self) -> int:
        return len(self._headers.keys())
