"""Deliveries of a GitHub App, an organisation or a repository.

Source: GitHub, "Webhook events and payloads".
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Literal, cast, get_args

import msgspec
from msgspec import UNSET, Meta, Raw, Struct

from trainboard.errors import PayloadError
from trainboard.events import Event, InstallationChanged, IterationChanged, LabelChanged, WorkItemChanged
from trainboard.work_items import ItemState
from trainboard_webhooks import Credential, Identity
from trainboard_webhooks.answers import Proof
from trainboard_webhooks.payload import Payload, peek, shorten
from trainboard_webhooks.signatures import hub_signature, is_hub_signed

NAME = "github"
NAMED = False
MAX_BODY_BYTES = 25 * 1024 * 1024
PROOF: Proof = "signature"
FORGIVING = False

_BEGINNING = 256
"""Bytes of a body that show whether its writer puts blanks between keys and values."""

_EVENT = re.compile(r"[a-z0-9_]{1,64}")
_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")
_ACCOUNTS = (("installation", "account"), ("organization",), ("enterprise",))

_MilestoneAction = Literal["created", "edited", "opened", "closed", "deleted"]
_LabelAction = Literal["created", "edited", "deleted"]


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
    """The delivery's id, its event, and the issue, pull request, repository or account it is about."""
    kind = headers.get("x-github-event", "")
    if not _EVENT.fullmatch(kind):
        raise PayloadError("the header X-GitHub-Event is missing or no name of an event")
    message = peek(body, _MESSAGE)
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


class _Thing(Struct, frozen=True):
    number: Annotated[int, Meta(ge=0, le=2**63 - 1)] | None = None


class _Repository(Struct, frozen=True):
    full_name: str | None = None


class _Account(Struct, frozen=True):
    login: str | None = None
    slug: str | None = None


class _Installation(Struct, frozen=True):
    account: _Account | None = None


class _Message(Struct, frozen=True):
    """What says whose delivery it is, wherever in the body it stands."""

    repository: _Repository | None = None
    issue: _Thing | None = None
    pull_request: _Thing | None = None
    organization: _Account | None = None
    enterprise: _Account | None = None
    installation: Raw = Raw()

    def entity(self) -> str:
        """The issue, the pull request, the repository or the account."""
        if self.repository is None or self.repository.full_name is None:
            account = self._account()
            return shorten(f"github:{account}") if account else "github"
        number = next((it.number for it in (self.issue, self.pull_request) if it and it.number), None)
        return _address(self.repository.full_name) + (f"#{number}" if number else "")

    def is_for_app(self) -> bool:
        """True if the hook of an App sent it."""
        return bool(self.installation) and bytes(self.installation) != b"null"

    def without_installation(self, body: bytes) -> bytes:
        """The body without what an App's hook adds to what a repository's hook sends, as compact JSON."""
        before, found, after = body, b"", b""
        if self.installation:
            before, found, after = body.rpartition(b',"installation":' + bytes(self.installation))
        if b'": ' in body[:_BEGINNING] or (self.installation and not found):
            return Payload.parse(body).encode_without("installation")
        return before + after

    def _account(self) -> str | None:
        owner = peek(bytes(self.installation), _INSTALLATION).account if self.is_for_app() else None
        accounts = [it for it in (owner, self.organization, self.enterprise) if it is not None]
        return next((name for it in accounts if (name := it.login or it.slug)), None)


_MESSAGE = msgspec.json.Decoder(_Message)
_INSTALLATION = msgspec.json.Decoder(_Installation)


def _account(payload: Payload) -> str:
    for path in _ACCOUNTS:
        name = payload.find(*path, "login") or payload.find(*path, "slug")
        if name is not None:
            return name.text()
    return ""


def _tracker(payload: Payload) -> str:
    return _address(payload["repository"]["full_name"].text())


def _address(name: str) -> str:
    if not _REPOSITORY.fullmatch(name):
        raise PayloadError("$.repository.full_name must be owner/repository")
    return f"github:{name}"


def _read_issue(payload: Payload) -> Iterator[Event]:
    issue, sender = payload["issue"], payload["sender"]
    milestone = issue.find("milestone", "number")
    kind_of_sender = sender.find("type")
    yield WorkItemChanged(
        tracker=_tracker(payload),
        ref=str(issue["number"].integer()),
        action=payload["action"].text(),
        title=issue["title"].text(),
        state=_state(issue),
        at=issue["updated_at"].time(),
        actor=sender["login"].text(),
        by_bot=kind_of_sender is not None and kind_of_sender.text() == "Bot",
        labels=tuple(label["name"].text() for label in issue.find("labels") or ()),
        iteration=str(milestone.integer()) if milestone else None,
        fields=tuple(changes.keys()) if (changes := payload.find("changes")) else (),
    )


def _state(issue: Payload) -> ItemState:
    """The state; bodies of `pinned` and `unpinned` leave it out, but tell when it was closed."""
    state = issue.find("state")
    if state is None:
        return "open" if issue.find("closed_at") is None else "closed"
    if state.text() not in get_args(ItemState):
        raise PayloadError('$.issue.state must be "open" or "closed"')
    return cast("ItemState", state.text())


def _read_milestone(payload: Payload) -> Iterator[Event]:
    action, milestone = payload["action"].text(), payload["milestone"]
    if action in get_args(_MilestoneAction):
        yield IterationChanged(
            tracker=_tracker(payload),
            ref=str(milestone["number"].integer()),
            action=cast("_MilestoneAction", action),
            name=milestone["title"].text(),
            at=milestone["updated_at"].time(),
        )


def _read_label(payload: Payload) -> Iterator[Event]:
    action = payload["action"].text()
    old_name = payload.find("changes", "name", "from")
    if action in get_args(_LabelAction):
        yield LabelChanged(
            tracker=_tracker(payload),
            action=cast("_LabelAction", action),
            name=payload["label"]["name"].text(),
            old_name=old_name.text() if old_name else UNSET,
        )


def _read_installation(payload: Payload) -> Iterator[Event]:
    action = payload["action"].text()
    repositories = _names(payload, "repositories")
    yield InstallationChanged(
        account=_account(payload),
        action=action,
        added=repositories if action == "created" else (),
        removed=repositories if action == "deleted" else (),
    )


def _read_installation_repositories(payload: Payload) -> Iterator[Event]:
    yield InstallationChanged(
        account=_account(payload),
        action=payload["action"].text(),
        added=_names(payload, "repositories_added"),
        removed=_names(payload, "repositories_removed"),
    )


def _names(payload: Payload, key: str) -> tuple[str, ...]:
    return tuple(repository["full_name"].text() for repository in payload.find(key) or ())


_READERS: dict[str, Callable[[Payload], Iterator[Event]]] = {
    "installation": _read_installation,
    "installation_repositories": _read_installation_repositories,
    "issues": _read_issue,
    "label": _read_label,
    "milestone": _read_milestone,
}

KINDS = frozenset(_READERS)
"""The events that `parse` has a use for."""
