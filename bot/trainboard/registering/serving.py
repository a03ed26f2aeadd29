"""The pages behind a port of this machine, until there is a result."""

import queue
import threading
from collections.abc import Callable
from datetime import timedelta
from socket import create_server
from typing import Self

from werkzeug.serving import WSGIRequestHandler, make_server

from trainboard.errors import PermanentError
from trainboard.registering.pages import Offer, Pages, Registered, Result
from trainboard.registering.states import States

LOOPBACK = "127.0.0.1"


class Registering:
    """A server for one registration; a context manager.

    Args:
        offer: what is shown.
        states: makes and takes states.
        exchange: takes GitHub's code, and writes what came for it.
        tell: is told what went wrong meanwhile, a sentence each.
        port: which to listen on, 0 for any free one.

    Raises:
        PermanentError: the port is taken.
    """

    def __init__(
        self,
        offer: Offer,
        states: States,
        exchange: Callable[[str], Registered],
        *,
        tell: Callable[[str], None],
        port: int = 0,
    ) -> None:
        self._results: queue.SimpleQueue[Result] = queue.SimpleQueue()
        pages = Pages(offer, states, exchange, finish=self._results.put, tell=tell)
        try:
            self._socket = create_server((LOOPBACK, port))
        except OSError as error:
            raise PermanentError(f"Could not listen on {LOOPBACK}:{port}: {error.strerror}.") from error
        port = self._socket.getsockname()[1]
        self._server = make_server(
            LOOPBACK,
            port,
            pages.create_app(port),
            threaded=True,
            request_handler=_Quiet,
            fd=self._socket.fileno(),
        )
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.address = f"http://{LOOPBACK}:{port}/start/{pages.token}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._socket.close()

    def wait(self, longest: timedelta) -> Registered:
        """What came of it.

        Raises:
            PermanentError: nothing, in that time.
            TrainboardError: GitHub refused, or what came could not be written.
        """
        try:
            result = self._results.get(timeout=longest.total_seconds())
        except queue.Empty:
            raise PermanentError("Nobody came back from GitHub in time. Nothing was written.") from None
        if isinstance(result, Registered):
            return result
        raise result


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  the name is werkzeug's
        """Write nothing: addresses hold codes and states."""
