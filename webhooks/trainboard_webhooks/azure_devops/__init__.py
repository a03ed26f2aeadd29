"""Deliveries of an organisation's service hooks, of Azure DevOps Services or Server.

Nothing signs them: a password in the headers is all that a sender has. A body therefore says where to
look, and what it says of people is not believed.

Source: Microsoft, "Service hook events" and "Webhooks with Azure DevOps".
"""

from collections.abc import Iterable, Mapping, Sequence

from trainboard.events import Event
from trainboard_webhooks import Credential, Identity
from trainboard_webhooks.answers import Proof
from trainboard_webhooks.azure_devops import builds
from trainboard_webhooks.azure_devops.comments import PULL_REQUEST_COMMENT, read_pull_request_comment
from trainboard_webhooks.azure_devops.identity import identify_notification
from trainboard_webhooks.azure_devops.pipelines import PIPELINE_KINDS, read_run
from trainboard_webhooks.azure_devops.pull_requests import PULL_REQUEST_KINDS, read_pull_request
from trainboard_webhooks.azure_devops.repositories import REPOSITORY_KINDS, read_repository
from trainboard_webhooks.azure_devops.work_items import WORK_ITEM_KINDS, read_work_item
from trainboard_webhooks.passwords import header_value, is_basic, is_secret
from trainboard_webhooks.payload import Payload

NAME = "azure-devops"
NAMED = False
MAX_BODY_BYTES = 25 * 1024 * 1024
PROOF: Proof = "password"
FORGIVING = True

SECRET_HEADER = "X-Trainboard-Secret"  # noqa: S105  the header's name


def verify(
    headers: Mapping[str, str], body: bytes, credentials: Sequence[Credential], now: float
) -> Credential | None:
    """The credential whose user and password, or whose secret header, the sender gives."""
    del body, now
    authorization, secret = headers.get("authorization"), headers.get(SECRET_HEADER.lower())
    for known in credentials:
        if is_basic(authorization, known.user, known.secrets) or is_secret(secret, known.secrets):
            return known
    return None


def sign(secret: str, kind: str, body: bytes, delivery_id: str, now: float) -> dict[str, str]:
    """The headers with which a subscription posts `body`; its kind and its id are in the body."""
    del kind, body, delivery_id, now
    return {"Content-Type": "application/json; charset=utf-8", SECRET_HEADER: header_value(secret)}


def identify(headers: Mapping[str, str], body: bytes) -> Identity | None:
    """The notification, and the work item, pull request, repository or run it is about.

    None for the sample that the *Test* button sends.
    """
    del headers
    return identify_notification(Payload.parse(body))


def parse(door: str, kind: str, body: bytes) -> Iterable[Event]:
    """The events of the kinds that the README lists; none for any other kind, whatever its body."""
    del door
    read = _READERS.get(kind)
    return list(read(kind, Payload.parse(body))) if read else []


_READERS = {
    **dict.fromkeys(WORK_ITEM_KINDS, read_work_item),
    **dict.fromkeys(PULL_REQUEST_KINDS, read_pull_request),
    **dict.fromkeys(PIPELINE_KINDS, read_run),
    **dict.fromkeys(REPOSITORY_KINDS, read_repository),
    builds.KIND: builds.read_build,
    PULL_REQUEST_COMMENT: read_pull_request_comment,
}
