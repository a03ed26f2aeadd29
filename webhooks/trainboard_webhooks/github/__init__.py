"""Deliveries of a GitHub App, an organisation or a repository.

Source: GitHub, "Webhook events and payloads".
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from trainboard.errors import PayloadError
from trainboard.events import Event
from trainboard_webhooks import Credential, Identity
from trainboard_webhooks.answers import Proof
from trainboard_webhooks.github.checks import read_check_run, read_status, read_workflow_run
from trainboard_webhooks.github.comments import read_comment
from trainboard_webhooks.github.deployments import (
    read_deployment,
    read_deployment_review,
    read_deployment_status,
    read_protection_rule,
)
from trainboard_webhooks.github.identity import Message
from trainboard_webhooks.github.installations import read_installation, read_installation_repositories
from trainboard_webhooks.github.merge_queues import read_merge_group
from trainboard_webhooks.github.pull_requests import read_pull_request
from trainboard_webhooks.github.repositories import read_repository
from trainboard_webhooks.github.sub_issues import read_sub_issues
from trainboard_webhooks.github.work_items import read_issue, read_label, read_milestone
from trainboard_webhooks.payload import Payload
from trainboard_webhooks.signatures import hub_signature, is_hub_signed

NAME = "github"
NAMED = False
MAX_BODY_BYTES = 25 * 1024 * 1024
PROOF: Proof = "signature"
FORGIVING = False

_EVENT = re.compile(r"[a-z0-9_]{1,64}")


def verify(
    headers: Mapping[str, str], body: bytes, credentials: Sequence[Credential], now: float
) -> Credential | None:
    """The credential whose secret signed the body. GitHub signs no time, so `now` says nothing."""
    del now
    signature = headers.get("x-hub-signature-256")
    for known in credentials:
        if is_hub_signed(signature, body, _keys(known)):
            return known
    return None


def sign(secret: str, kind: str, body: bytes, delivery_id: str, now: float) -> dict[str, str]:
    """The headers with which GitHub posts `body`."""
    del now
    return {
        "Content-Type": "application/json",
        "X-GitHub-Event": kind,
        "X-GitHub-Delivery": delivery_id,
        "X-Hub-Signature-256": hub_signature(secret.encode(), body),
    }


def identify(headers: Mapping[str, str], body: bytes) -> Identity | None:
    """The delivery's id, its event, and what it is about: a work item, a commit, or where one lives."""
    kind = headers.get("x-github-event", "")
    if not _EVENT.fullmatch(kind):
        raise PayloadError("the header X-GitHub-Event is missing or no name of an event")
    message = Message.peek(body)
    if kind == "ping":
        return None
    return Identity(
        id=headers.get("x-github-delivery", ""),
        kind=kind,
        entity=message.entity(),
        event_key=f"{NAME}:{kind}:{hashlib.sha256(message.without_installation(body)).hexdigest()[:32]}",
        hook=headers.get("x-github-hook-id") or ("app" if message.is_for_app() else "repository"),
    )


def parse(door: str, kind: str, body: bytes) -> Iterable[Event]:
    """The events of the kinds that the README lists; none for any other kind, whatever its body."""
    del door
    read = _READERS.get(kind)
    return [] if read is None else list(read(Payload.parse(body)))


def _keys(credential: Credential) -> list[bytes]:
    return [secret.encode() for secret in credential.secrets]


_READERS: dict[str, Callable[[Payload], Iterator[Event]]] = {
    "check_run": read_check_run,
    "deployment": read_deployment,
    "deployment_protection_rule": read_protection_rule,
    "deployment_review": read_deployment_review,
    "deployment_status": read_deployment_status,
    "installation": read_installation,
    "installation_repositories": read_installation_repositories,
    "issue_comment": read_comment,
    "issues": read_issue,
    "label": read_label,
    "merge_group": read_merge_group,
    "milestone": read_milestone,
    "pull_request": read_pull_request,
    "repository": read_repository,
    "status": read_status,
    "sub_issues": read_sub_issues,
    "workflow_run": read_workflow_run,
}

KINDS = frozenset(_READERS)
"""The events that `parse` has a use for."""
