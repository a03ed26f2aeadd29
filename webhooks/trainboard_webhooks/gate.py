"""The webhooks' addresses, in front of whatever else a WSGI server serves.

No web framework stands between a sender and the inbox: routing, request objects and hooks would
cost more than checking and storing the delivery.
"""

from collections.abc import Iterable
from http import HTTPStatus
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from trainboard_webhooks.receive import Receiver, request_of

ROOT = "/webhooks/"

_STATUS_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
_HEADERS = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]


class Gate:
    """Every method and path below /webhooks/ is the receiver's, all else is the application's."""

    def __init__(self, receiver: Receiver, app: WSGIApplication) -> None:
        self._receiver = receiver
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, as PEP 3333 says."""
        path: str = environ["PATH_INFO"]
        if not path.startswith(ROOT):
            return self._app(environ, start_response)
        answer = self._receiver.receive(request_of(environ, path[len(ROOT) :]))
        length = ("Content-Length", str(len(answer.body)))
        start_response(_STATUS_LINES[answer.status], [*answer.headers, *_HEADERS, length])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else answer.body]
