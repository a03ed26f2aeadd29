"""What stands before the pages: whether the process lives, and the pages only when somebody asks for one."""

import threading
from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

ALIVE = b'{"status":"ok"}'

HEADERS = [
    ("Content-Type", "application/json"),
    ("Content-Length", str(len(ALIVE))),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
]


class Front:
    """Deliveries and probes need no pages: what these need is loaded with the first request for one.

    `GET /healthz` says 200 as long as the process answers at all.

    Args:
        make_pages: makes the application that answers everything else.
    """

    def __init__(self, make_pages: Callable[[], WSGIApplication]) -> None:
        self._make_pages = make_pages
        self._pages: WSGIApplication | None = None
        self._making = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, as PEP 3333 says."""
        method = environ["REQUEST_METHOD"]
        if environ["PATH_INFO"] == "/healthz" and method in {"GET", "HEAD"}:
            start_response("200 OK", list(HEADERS))
            return [ALIVE if method == "GET" else b""]
        with self._making:
            self._pages = self._pages or self._make_pages()
        return self._pages(environ, start_response)
