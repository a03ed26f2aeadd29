"""A report on its way: signed, and sent again where the service is away for a moment.

Source: Standard Webhooks specification, "Signature scheme" and "Webhook delivery".
"""

import base64
import binascii
import hashlib
import hmac
import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from trainboard.report_run import UsageError

MOST_ANSWER_BYTES = 64 * 1024

_PREFIX = "whsec_"
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 1.0, 15.0
_MOST_CHARACTERS = 300

Sign = Callable[[str, bytes], dict[str, str]]
"""The headers that prove who sends the body with that id, now."""


class SendingError(Exception):
    """The report was not taken. `passing`: a later try may do."""

    def __init__(self, sentence: str, *, passing: bool, pause_seconds: float | None = None) -> None:
        super().__init__(sentence)
        self.passing = passing
        self.pause_seconds = pause_seconds


class Patience(NamedTuple):
    """How long is waited, for one try and for all; `clock` tells seconds, and `sleep` lets them pass."""

    timeout_seconds: float
    seconds: float
    clock: Callable[[], float]
    sleep: Callable[[float], None]


def read_secret(secret: str) -> bytes:
    """The key in `whsec_` and base64.

    Raises:
        UsageError: it is not of that form.
    """
    try:
        key = base64.b64decode(secret.strip().removeprefix(_PREFIX).encode(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(_PREFIX) or not key:
        raise UsageError(
            'The secret must be "whsec_" and base64, as it stands in the settings of the service.'
        )
    return key


def sign(key: bytes, message_id: str, now: float, body: bytes) -> dict[str, str]:
    """The headers of Standard Webhooks at `now`, Unix seconds."""
    stamp = str(int(now))
    mac = hmac.new(key, f"{message_id}.{stamp}.".encode() + body, hashlib.sha256).digest()
    signature = "v1," + base64.b64encode(mac).decode()
    return {"webhook-id": message_id, "webhook-timestamp": stamp, "webhook-signature": signature}


def send(address: str, body: bytes, prove: Callable[[], dict[str, str]], patience: Patience) -> str:
    """What the service says of the report: `stored`, or `duplicate` where it had it.

    Args:
        address: where reports are taken.
        body: the report.
        prove: the headers for a try; the same id each time.
        patience: how long it is tried.

    Raises:
        SendingError: it was not taken.
    """
    began, pause = patience.clock(), _FIRST_PAUSE_SECONDS
    while True:
        try:
            return _try(address, body, prove(), patience.timeout_seconds)
        except SendingError as error:
            wait = max(pause, error.pause_seconds or 0)
            if not error.passing or patience.clock() - began + wait > patience.seconds:
                raise
        patience.sleep(wait)
        pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)


def _try(address: str, body: bytes, headers: dict[str, str], timeout_seconds: float) -> str:
    request = urllib.request.Request(  # noqa: S310  the scheme was looked at
        address, data=body, headers={"Content-Type": "application/json", **headers}, method="POST"
    )
    with open_url(request, "The service", timeout_seconds) as answer:
        try:
            told: Any = json.loads(answer.read(MOST_ANSWER_BYTES))
            return str(told["status"])
        except (ValueError, LookupError, TypeError, RecursionError):
            raise SendingError(
                f"{_host(address)} answered {answer.status}, and not as Trainboard does; check the address.",
                passing=False,
            ) from None


@contextmanager
def open_url(
    request: urllib.request.Request, who: str, timeout_seconds: float
) -> Iterator[http.client.HTTPResponse]:
    """The answer of success.

    Raises:
        SendingError: there is none.
    """
    host = _host(request.full_url)
    try:
        with _OPENER.open(request, timeout=timeout_seconds) as answer:
            yield answer
    except urllib.error.HTTPError as error:
        raise _refusal(error, who, host) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or str(error) or type(error).__name__
        raise SendingError(
            f"{who} cannot be reached at {host}: {_line(str(reason))}.", passing=True
        ) from error


def _refusal(error: urllib.error.HTTPError, who: str, host: str) -> SendingError:
    try:
        detail: Any = json.loads(error.read(MOST_ANSWER_BYTES))["detail"]
    except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError, RecursionError):
        detail = None
    finally:
        error.close()
    told = f": {_line(detail)}" if isinstance(detail, str) else "."
    return SendingError(
        f"{who} at {host} answered {error.code}{told}",
        passing=error.code in _PASSING,
        pause_seconds=_read_pause(error.headers.get("Retry-After", ""), error.headers.get("Date", "")),
    )


def _read_pause(text: str, date: str) -> float | None:
    """Seconds until a next try is welcome, by the other side's clock; None if it does not say."""
    if text.isascii() and text.isdigit() and len(text) < 7:  # noqa: PLR2004  some days
        return float(text)
    try:
        return (parsedate_to_datetime(text) - parsedate_to_datetime(date)).total_seconds()
    except (ValueError, TypeError):
        return None


def _line(text: str) -> str:
    """One line that commands no log: what is not printable becomes blanks."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text[: _MOST_CHARACTERS + 1])
    return shown if len(shown) <= _MOST_CHARACTERS else shown[:_MOST_CHARACTERS] + "…"


def _host(address: str) -> str:
    return address.split("/", 3)[2]


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Where a redirect leads nobody has proven to be the service."""

    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirects)
