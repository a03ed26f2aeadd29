"""What GitHub remembers of the deliveries of an App's webhook.

Source: "REST API endpoints for GitHub App webhooks", "List deliveries for an app webhook".
"""

import json
from collections.abc import Collection, Iterator
from datetime import datetime
from http import HTTPStatus
from typing import Any

import msgspec

from trainboard.diagnosis import Finding, failing, note
from trainboard.errors import MissingError, PayloadError, TrainboardError
from trainboard.github.apps import get_app, signing_in
from trainboard.github.calls import Call
from trainboard.github.client import PER_PAGE, Client
from trainboard.github.faults import explain_gibberish
from trainboard.ledgers import Message, Sent

PATH = "/app/hook/deliveries"

_FIX = (
    "Check that the webhook's URL {where} reaches this server, and that its secret is one of "
    "github.webhook_secrets."
)
_FIXES = {
    0: "Nobody answered: check that the webhook's URL {where} reaches this server from outside, and that its "
    "certificate is valid.",
    401: "The secret {where} is none of github.webhook_secrets, or something in between changes bodies.",
    404: "The webhook's URL {where} must end with /webhooks/github, and nothing in between may change the "
    "path.",
    415: "Set the content type application/json {where}.",
}
"""What to do about an answer."""
_SILENT = (
    'If something happened in the last three days, "Active" is not ticked below "Webhook" {where}, or the '
    "App is installed nowhere."
)


class AppDeliveries:
    """Keeps `trainboard.ledgers.Ledger`: one call for a hundred attempts, one for each message.

    Args:
        client: signs in as the App itself, see `AppCredential.sign_in_as_app`.
        kinds: names of the events that are of use; others are left out before anything is fetched.
    """

    def __init__(self, client: Client, kinds: Collection[str]) -> None:
        self._client = client
        self._kinds = frozenset(kinds)

    def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        self._client.close()

    def list_sent(self, since: datetime) -> Iterator[Sent]:
        """Attempts of the kinds that are of use, latest first, back to `since`."""
        call = Call(doing="list the App's deliveries", path=PATH, query={"per_page": str(PER_PAGE)})
        while True:
            with signing_in():
                items, next_url = self._client.get_page(call, list[AttemptJson])
            for item in items:
                if item.delivered_at < since:
                    return
                if item.event in self._kinds:
                    yield Sent(ref=str(item.id), id=item.guid, kind=item.event, at=item.delivered_at)
            if next_url is None:
                return
            call = Call(doing=call.doing, path=next_url)

    def find_message(self, sent: Sent) -> Message | None:
        """The delivery's payload, as GitHub writes it now: its signature is over other bytes.

        Source: "REST API endpoints for GitHub App webhooks", "Get a delivery for an app webhook".
        """
        call = Call(doing=f"read delivery {sent.id} of the App", path=f"{PATH}/{sent.ref}")
        try:
            with signing_in():
                text = self._client.send(call).text
        except MissingError:
            return None
        request = _get_request(call, text)
        if request.get("payload") is None:
            return None
        told = {name.lower(): value for name, value in (request.get("headers") or {}).items()}
        headers = {name: value for name, value in told.items() if isinstance(value, str)}
        named = {"x-github-event": sent.kind, "x-github-delivery": sent.id}
        text = json.dumps(request["payload"], ensure_ascii=False, separators=(",", ":"))
        return Message(headers=headers | named, body=text.encode("utf-8", "surrogatepass"))

    def examine(self) -> Iterator[Finding]:
        """Whether the latest deliveries arrived, as far as one page tells."""
        call = Call(doing="list the App's deliveries", path=PATH, query={"per_page": str(PER_PAGE)})
        with signing_in():
            items, _ = self._client.get_page(call, list[AttemptJson])
        failed = [item for item in items if not item.has_arrived]
        if items and not items[0].has_arrived:
            streak = next((n for n, item in enumerate(items) if item.has_arrived), len(items))
            yield failing(
                f"GitHub could not deliver {streak} in a row; the last was answered with "
                f"{items[0].status_code or 'nothing'}.",
                f"{self._place(_FIXES.get(items[0].status_code, _FIX))} What did not arrive is recovered.",
            )
        elif not items:
            yield note("GitHub remembers no delivery of the App's webhook.", self._place(_SILENT))
        else:
            yield Finding(message=f"Of the App's last {len(items)} deliveries {len(failed)} did not arrive.")

    def _place(self, fix: str) -> str:
        """With the page of the App's settings, where GitHub tells it: one more call."""
        try:
            return fix.format(where=f"at {get_app(self._client).settings_url}")
        except TrainboardError:
            return fix.format(where="in the App's settings")


class AttemptJson(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to deliver; `guid` is the same for all attempts of one delivery.

    `status_code` is what it was answered with, 0 if it was not.
    """

    id: int
    guid: str
    event: str
    delivered_at: datetime
    status_code: int = 0

    @property
    def has_arrived(self) -> bool:
        """True if it was taken."""
        return HTTPStatus.OK <= self.status_code < HTTPStatus.MULTIPLE_CHOICES


def _get_request(call: Call, text: str) -> dict[str, Any]:
    """What was sent; read by the standard library, which takes all that a sender may have put into it."""
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise explain_gibberish(call) from error
    except (ValueError, RecursionError) as error:
        raise PayloadError(f"what GitHub holds of it cannot be read ({type(error).__name__})") from error
    request = found.get("request") if isinstance(found, dict) else None
    if not isinstance(request, dict):
        raise explain_gibberish(call)
    return request
