"""An RSGI server without sockets: a WSGI application for werkzeug's client that asks a gate on a loop."""

import asyncio
import io
from http import HTTPStatus
from types import SimpleNamespace


class BrokenOffError(RuntimeError):
    """The sender went away in the middle of its body."""


class Headers:
    """Headers by names in lower case, as granian hands them over."""

    def __init__(self, environ):
        names = {name[5:]: value for name, value in environ.items() if name.startswith("HTTP_")}
        names |= {name: environ[name] for name in ("CONTENT_TYPE", "CONTENT_LENGTH") if environ.get(name)}
        self._values = {name.replace("_", "-").lower(): value for name, value in names.items()}

    def get(self, name):
        """Like granian's, this has no text for a value that is not ASCII."""
        value = self._values.get(name)
        return value if value is None or value.isascii() or name == "content-length" else None

    def keys(self):
        return list(self._values)


class Exchange:
    """A body that comes in pieces, and the answer to it."""

    def __init__(self, environ):
        length = environ.get("CONTENT_LENGTH") or ""
        self._declared = int(length) if length.isascii() and length.isdigit() and len(length) < 16 else 0
        ends = self._declared or environ.get("wsgi.input_terminated")
        self._stream = environ["wsgi.input"] if ends else io.BytesIO()
        self.answer = None

    async def __call__(self):
        body = b""
        while len(body) < self._declared:
            chunk = self._stream.read(self._declared - len(body))
            if not chunk:
                raise BrokenOffError
            body += chunk
        return body

    async def __aiter__(self):
        while chunk := self._stream.read(1000):
            yield chunk

    def response_bytes(self, status, headers, body):
        assert self.answer is None
        self.answer = (status, headers, body)


def scope_of(environ):
    """The request as granian describes it."""
    return SimpleNamespace(
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"].encode("latin-1").decode(),
        query_string=environ.get("QUERY_STRING", ""),
        http_version="1.1",
        scheme="http",
        server=f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}",
        client=f"{environ.get('REMOTE_ADDR', '127.0.0.1')}:50000",
        headers=Headers(environ),
    )


class OverRsgi:
    """Asks `app` each request on a loop of its own."""

    def __init__(self, app):
        self._app = app

    def __call__(self, environ, start_response):
        exchange = Exchange(environ)
        asyncio.run(self._app(scope_of(environ), exchange))
        status, headers, body = exchange.answer
        start_response(
            f"{status} {HTTPStatus(status).phrase}", [(name, str(value)) for name, value in headers]
        )
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]
