"""The questions of those who ask before they send: may I, and may I so often?

Neither proves who asks: a source greets only whom it knows. The addresses that such questions name are for
people to open, and are never fetched.

Source: CloudEvents 1.0, "HTTP 1.1 Web Hooks for Event Delivery"; Microsoft, "Endpoint validation with
CloudEvents schema" and "Endpoint validation with Event Grid event schema".
"""

import re
from collections.abc import Mapping

import structlog

from trainboard_webhooks.payload import shorten
from trainboard_webhooks.problem import Answer

_ORIGIN = re.compile(r"[A-Za-z0-9.-]{1,253}")
_RATE = re.compile(r"[1-9][0-9]{0,8}|\*")
_log = structlog.get_logger(__name__)


def answer_options(headers: Mapping[str, str]) -> Answer | None:
    """The permission to send, at the rate that is asked for; None if nobody asks who has a name."""
    origin, rate = headers.get("webhook-request-origin", ""), headers.get("webhook-request-rate", "")
    if not _ORIGIN.fullmatch(origin):
        return None
    note_address(origin, headers.get("webhook-request-callback", ""))
    allowed = rate if _RATE.fullmatch(rate) else "*"
    return Answer(
        status=200,
        body=b"",
        headers=(
            ("Allow", "POST, OPTIONS"),
            ("WebHook-Allowed-Origin", origin),
            ("WebHook-Allowed-Rate", allowed),
        ),
    )


def note_address(asker: str, address: str) -> None:
    """Write into the log what somebody may open by hand, where the answer does not suffice."""
    by_hand = shorten(address, 2_000) if address.isprintable() else ""
    _log.info("asked whether events are welcome here", by=shorten(asker), by_hand=by_hand)
