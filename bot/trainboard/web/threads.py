"""Pages behind an event loop: each is made in a thread, so that none holds up a delivery."""

import asyncio
import io
import re
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import WSGIApplication

import msgspec

from trainboard.web.front import ALIVE, HEADERS
from trainboard_webhooks.loop_gate import Exchange, Scope, in_time

THREADS = 4
MAX_FORM_BYTES = 65_536


class PagesInThreads:
    """Serves RSGI from a WSGI application that takes forms; says by itself that the process lives.

    Args:
        app: makes the pages.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="trainboard-pages")

    async def __call__(self, scope: Scope, exchange: Exchange) -> None:
        """Answer one request."""
        if scope.path == "/healthz" and scope.method in {"GET", "HEAD"}:
            exchange.response_bytes(200, HEADERS, ALIVE)
            return
        form = await read_form(scope, exchange)
        if form is None:
            exchange.response_bytes(413, [("Content-Type", "text/plain")], b"The form is too large.\n")
            return
        loop = asyncio.get_running_loop()
        page = await loop.run_in_executor(self._threads, make_page, self._app, make_environ(scope, form))
        exchange.response_bytes(page.status, page.headers, page.body)


class Page(msgspec.Struct, frozen=True):
    """What goes back to a browser."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def make_page(app: WSGIApplication, environ: dict[str, Any]) -> Page:
    """The whole answer of a WSGI application."""
    told: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
        told[:] = [int(status.split(" ", 1)[0]), headers]

    pieces: Iterable[bytes] = app(environ, start_response)
    try:
        body = b"".join(pieces)
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            close()
    status, headers = told
    return Page(status, headers, body)


async def read_form(scope: Scope, exchange: Exchange) -> bytes | None:
    """The body of a request that says its length, empty for others; None if it is too large for a form."""
    declared = scope.headers.get("content-length") or ""
    if scope.method in {"GET", "HEAD"} or not re.fullmatch(r"[0-9]{1,15}", declared) or int(declared) == 0:
        return b""
    if int(declared) > MAX_FORM_BYTES:
        return None
    try:
        return await in_time(exchange())
    except Exception:  # noqa: BLE001  granian has a class for it which is not to be known here
        return b""


def make_environ(scope: Scope, form: bytes = b"") -> dict[str, Any]:
    """The request as PEP 3333 has it."""
    server, client = urlsplit(f"//{scope.server}"), urlsplit(f"//{scope.client}")
    return {
        **_variables({name: scope.headers.get(name) for name in scope.headers.keys()}),  # noqa: SIM118
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server.hostname or "",
        "SERVER_PORT": str(server.port or ""),
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": client.hostname or "",
        "REMOTE_PORT": str(client.port or ""),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "CONTENT_TYPE": scope.headers.get("content-type") or "",
        "CONTENT_LENGTH": str(len(form)),
        "wsgi.input": io.BytesIO(form),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def _variables(headers: Mapping[str, str | None]) -> dict[str, str]:
    return {
        f"HTTP_{name.upper().replace('-', '_')}": value
        for name, value in headers.items()
        if value is not None and name not in {"content-type", "content-length"}
    }
