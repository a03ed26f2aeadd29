"""An organisation. Nothing is retried, nobody sleeps, every failure is one of our errors."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

import msgspec
from azure.core.exceptions import DeserializationError, SerializationError
from msrest.exceptions import ClientException

from trainboard.azure_devops.calls import Call
from trainboard.azure_devops.clients import Clients, Locations
from trainboard.azure_devops.credentials import Credential
from trainboard.azure_devops.faults import explain_gibberish
from trainboard.azure_devops.line import AnsweredError, Exchange, Line
from trainboard.azure_devops.locations import open_locations
from trainboard.budgets import Budget

Clock = Callable[[], datetime]
T = TypeVar("T")
Shape = TypeVar("Shape")

FAILURES = (ClientException, SerializationError, DeserializationError, ValueError)


class Organization:
    """An organisation of Azure DevOps, or a collection of a server. May be used from any number of threads.

    Args:
        url: `https://dev.azure.com/acme`, `https://acme.visualstudio.com`, or a server's
            `https://tfs.example.com/tfs/DefaultCollection`.
        credential: how we sign in.
        budget: what may still be asked; every request is counted there before it is sent.
        clock: the time now, aware.
        locations: where its resources are. By default those of Microsoft's own hosts are known, and any
            other server is asked.
    """

    def __init__(
        self,
        *,
        url: str,
        credential: Credential,
        budget: Budget,
        clock: Clock,
        locations: Locations | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self._line = Line(budget, clock, credential.advice)
        places = locations or open_locations(self.url)
        self.clients = Clients(self.url, credential.sign_in(), self._line, places)

    def ask(self, call: Call, send: Callable[[Clients], T]) -> T:
        """What `send` makes of the package's answer. It calls one method of one client.

        Raises:
            MissingError: what `call.thing` names is not there, or not shown to us.
            PermanentError: it is refused for good.
            ConflictError: somebody else was faster; nothing was done.
            LimitedError: slow down; nothing was done.
            TransientError: nothing was done.
            DoubtError: only for a call that writes: it may have been done.
        """
        return self.ask_page(call, send)[0]

    def ask_page(self, call: Call, send: Callable[[Clients], T]) -> tuple[T, str | None]:
        """As `ask`, with the token that asks for the next page, None on the last."""
        with self._line.about(call) as exchange:
            found = self._try(exchange, send)
        return found, exchange.answer.continuation_token if exchange.answer else None

    def read(self, call: Call, send: Callable[[Clients], object], shape: type[Shape]) -> Shape:
        """As `ask`, with the answer's JSON as `shape`, which costs a tenth of the package's objects.

        A list comes as `{"count": …, "value": […]}`.
        """
        return self.read_page(call, send, shape)[0]

    def read_page(
        self, call: Call, send: Callable[[Clients], object], shape: type[Shape]
    ) -> tuple[Shape, str | None]:
        """As `read`, with the token that asks for the next page, None on the last."""
        with self._line.about(call, unread=True) as exchange:
            with suppress(AnsweredError):
                self._try(exchange, send)
            answer = exchange.answer
        if answer is None:
            raise TypeError("`send` must call a method of a client")
        try:
            return msgspec.json.decode(answer.text, type=shape), answer.continuation_token
        except msgspec.DecodeError as error:
            raise explain_gibberish(call, sent=True) from error

    def close(self) -> None:
        """Close the connections. New ones are opened if it is used again."""
        self.clients.close()

    def _try(self, exchange: Exchange, send: Callable[[Clients], T]) -> T:
        try:
            return send(self.clients)
        except FAILURES as error:
            raise explain_gibberish(exchange.call, sent=exchange.sent) from error
