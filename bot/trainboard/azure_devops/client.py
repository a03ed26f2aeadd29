"""An organisation. Nothing is retried, nobody sleeps, every failure is one of our errors."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

import msgspec

from trainboard.azure_devops.calls import Answer, Call
from trainboard.azure_devops.clients import Clients, Locations
from trainboard.azure_devops.credentials import Credential
from trainboard.azure_devops.line import AnsweredError, Clock, Line
from trainboard.azure_devops.locations import open_locations
from trainboard.azure_devops.pages import list_pages
from trainboard.budgets import Budget

T = TypeVar("T")
Shape = TypeVar("Shape")


class Organization:
    """An organisation of Azure DevOps, or a collection of a server. May be used from any number of threads.

    What `ask` and its like are given as `send` calls one method of one client. Each raises:
        MissingError: what `call.thing` names is not there, or not shown to us.
        ExistsError: there is one already; it is a PermanentError.
        PermanentError: it is refused for good.
        ConflictError: somebody else was faster; it is a TransientError.
        LimitedError: slow down; nothing was done.
        TransientError: nothing was done.
        DoubtError: only for a call that writes: it may have been done.

    Args:
        url: `https://dev.azure.com/acme`, `https://acme.visualstudio.com`, or a server's
            `https://tfs.example.com/tfs/DefaultCollection`.
        credential: how we sign in.
        budget: what may still be asked; every request is counted there before it is sent.
        clock: the time now, aware.
        locations: where its resources are; None: known for Microsoft's own hosts, asked of any other.
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
        self.clients = Clients(
            self.url, credential.sign_in(), self._line, locations or open_locations(self.url)
        )

    def ask(self, call: Call, send: Callable[[Clients], T]) -> T:
        """What `send` makes of the package's answer."""
        return self.ask_page(call, send)[0]

    def ask_page(self, call: Call, send: Callable[[Clients], T]) -> tuple[T, str | None]:
        """As `ask`, with the token that asks for the next page, None on the last."""
        with self._line.about(call) as exchange:
            found = send(self.clients)
        return found, exchange.answer.continuation_token if exchange.answer else None

    def ask_pages(self, call: Call, send: Callable[[Clients, str | None], T]) -> Iterator[T]:
        """As `ask` for each page; `send` is given the page's token, None for the first."""
        return list_pages(call, lambda token: self.ask_page(call, lambda clients: send(clients, token)))

    def read(self, call: Call, send: Callable[[Clients], object], shape: type[Shape]) -> Shape:
        """As `ask`, with the JSON itself as `shape`: checked, and at a twentieth of the package's cost.

        A list comes as `{"count": …, "value": […]}`.
        """
        return self.read_page(call, send, shape)[0]

    def read_page(
        self, call: Call, send: Callable[[Clients], object], shape: type[Shape]
    ) -> tuple[Shape, str | None]:
        """As `read`, with the token that asks for the next page, None on the last."""
        with self._answering(call, send) as answer:
            return msgspec.json.decode(answer.text, type=shape), answer.continuation_token

    def read_text(self, call: Call, send: Callable[[Clients], object]) -> str:
        """As `ask`, with the answer as it came.

        Raises:
            OversizedError: also where it is larger than `call` takes.
        """
        with self._answering(call, send) as answer:
            return answer.text

    def close(self) -> None:
        """Close the connections. New ones are opened if it is used again."""
        self.clients.close()

    @contextmanager
    def _answering(self, call: Call, send: Callable[[Clients], object]) -> Iterator[Answer]:
        with self._line.about(call, unread=True) as exchange:
            with suppress(AnsweredError):
                send(self.clients)
            if exchange.answer is None:
                raise TypeError("`send` called no client.")
            yield exchange.answer
