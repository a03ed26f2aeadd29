"""A port for processes that serve no pages: whether one lives and is ready, and its metrics."""

import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import structlog

_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})
_NOTHING = b"Nothing is at this address."

_log = structlog.get_logger(__name__)


class Probes:
    """Nothing but `/healthz`, `/readyz` and `/metrics` of an application."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, as PEP 3333 says."""
        if environ["PATH_INFO"] in _PATHS:
            return self._app(environ, start_response)
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(_NOTHING)))]
        start_response("404 Not Found", headers)
        return [_NOTHING]


@contextmanager
def answering(app: WSGIApplication, address: str, port: int | None) -> Iterator[None]:
    """Answer at that port, in threads, until the block ends; not at all for None."""
    if port is None:
        yield
        return
    server = (_Server6 if ":" in address else _Server)((address, port), _Handler)
    server.set_app(app)
    threading.Thread(target=server.serve_forever, name="trainboard-probes", daemon=True).start()
    _log.info("probes are answered", address=address, port=port)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def server_bind(self) -> None:
        """Without the look-up of a name, which may take long."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])
        self.setup_environ()


class _Server6(_Server):
    address_family = socket.AF_INET6


class _Handler(WSGIRequestHandler):
    timeout = 10.0

    def log_message(self, *_args: Any) -> None:
        """Probes come every few seconds, and are no news."""

    def address_string(self) -> str:
        """Without the look-up of a name."""
        return str(self.client_address[0])
