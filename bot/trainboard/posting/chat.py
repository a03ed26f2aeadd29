"""Incoming webhooks of chats: one POST of JSON, which is answered with little.

Source: Slack, "Sending messages using incoming webhooks", "Handling errors"; Microsoft Learn, "Create
incoming webhooks with Workflows for Microsoft Teams".
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import msgspec
import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, ProxyError

from trainboard.errors import (
    DoubtError,
    LimitedError,
    PermanentError,
    TransientError,
    explain_unknown_end,
)
from trainboard.outbound import Answer, Outbound, parse_seconds
from trainboard.posting import Letter
from trainboard.rendering.report.brief import Brief

_UNSENT = (ConnectTimeoutError, NewConnectionError, ProxyError)
_WAIT_SECONDS = 60.0
_SUCCESS = 2


class _SilentOutbound(Outbound):
    """Who knows the path may post: it is in no error."""

    def where(self, path: str) -> str:  # noqa: ARG002  see above
        return super().where("")


class ChatPost:
    """A channel, by the address of its webhook, which is a secret and is shown nowhere.

    Args:
        name: what the settings call it.
        kind: `Slack` or `Teams`, for errors.
        url: the webhook, https.
        render: what is sent, as JSON.
    """

    is_sure = False

    def __init__(self, *, name: str, kind: str, url: str, render: Callable[[Brief], dict[str, Any]]) -> None:
        parts = urlsplit(url)
        self.name = name
        self._render = render
        self._path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        self._server = _SilentOutbound(kind, f"{parts.scheme}://{parts.netloc}")

    def send(self, letter: Letter) -> None:
        """Post it."""
        body = msgspec.json.encode(self._render(letter.brief))
        try:
            answer = self._server.send(
                "POST", self._path, data=body, headers={"Content-Type": "application/json; charset=utf-8"}
            )
        except TransientError as error:
            if _is_unsent(error):
                raise
            raise DoubtError(f"{error}. It may have been sent.") from error
        self._judge(answer)

    def _judge(self, answer: Answer) -> None:
        """A gateway that gave up waiting may have passed it on; nobody can be asked."""
        status = answer.status
        if status // 100 == _SUCCESS:
            return
        what = f"{self._server.where('')} answered {status}"
        wait = parse_seconds(answer.headers.get("Retry-After", ""))
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise LimitedError(f"{what}: slow down", retry_after_seconds=wait or _WAIT_SECONDS)
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            raise TransientError(what, retry_after_seconds=wait)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise explain_unknown_end("send a report", what, writes=True)
        raise PermanentError(
            f"{what}: check that the webhook that {self.name} names still exists, and make a new one"
        )


def _is_unsent(error: TransientError) -> bool:
    """True if no connection was made: the message never left."""
    cause = error.__cause__
    if isinstance(cause, requests.ConnectTimeout | requests.exceptions.ProxyError):
        return True
    inner = cause.args[0] if isinstance(cause, requests.ConnectionError) and cause.args else None
    reason = inner.reason if isinstance(inner, MaxRetryError) else inner
    return isinstance(reason, _UNSENT)
