"""The wire. Every folder here is one source: how a sender proves itself, and what its bodies mean."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, runtime_checkable

import msgspec

from trainboard.deliveries import Token
from trainboard.events import Event
from trainboard_webhooks.answers import Proof
from trainboard_webhooks.entra import EntraTrust
from trainboard_webhooks.job_tokens import JobToken, JobTrust
from trainboard_webhooks.problem import Answer


class Credential(msgspec.Struct, frozen=True):
    """What one configured sender proves itself with.

    `name` is the configured source, empty for a source that has one sender only; any of
    `secrets` is believed, so that they can be rotated. `user` goes with a password; `hooks` are those
    that it may come through, in lower case, none of them named: any. `entra` are tokens that are believed
    too, and so are `jobs`, whose `job` is what the token of the message at hand says. A sender with a
    `repository` tells of no other one, with a `signature_header` it signs what it sends, and with a
    `stamp_header` the time too.
    """

    name: str
    secrets: tuple[str, ...]
    user: str = ""
    hooks: frozenset[str] = frozenset()
    entra: EntraTrust | None = None
    jobs: JobTrust | None = None
    job: JobToken | None = None
    repository: str = ""
    signature_header: str = ""
    stamp_header: str = ""


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What a verified message is about, read from its headers and as little of its body as will do.

    `id` is unique within the source; messages of one `entity` are worked on in order. Messages with one
    `event_key` that come through different hooks, each with an id of its own, tell of one event; None
    where there is one hook only. `body` is stored in place of the message's own, if it is not None. What
    says by coming again that it still holds is the same message for `renews_seconds` only. A `token` is good
    for this message only.
    """

    id: str
    kind: str
    entity: str
    event_key: str | None = None
    hook: str = ""
    body: bytes | None = None
    renews_seconds: int | None = None
    token: Token | None = None


class Source(Protocol):
    """One kind of sender. A source folder's module has these names at its top level."""

    NAME: str
    """The first part of its path below /webhooks/, the folder's name with dashes."""

    NAMED: bool
    """True if the path goes on with the configured name: /webhooks/mlflow/prod."""

    MAX_BODY_BYTES: int
    """Larger bodies are refused with 413."""

    PROOF: Proof
    """What a sender proves itself with: a signature over the body, or a password in the headers."""

    FORGIVING: bool
    """True if a known sender is never refused, because it gives up on a hook that is: see
    `answers.forgive`. The headers alone must prove who it is."""

    def verify(
        self, headers: Mapping[str, str], body: bytes, credentials: Sequence[Credential], now: float
    ) -> Credential | None:
        """The sender, None if it proves nothing. Header names are in lower case; `now` is Unix seconds."""
        ...

    def sign(self, secret: str, kind: str, body: bytes, delivery_id: str, now: float) -> dict[str, str]:
        """The headers with which a sender that knows `secret` posts `body`; `verify` believes them."""
        ...

    def identify(self, headers: Mapping[str, str], body: bytes) -> Identity | None:
        """What the message is about; None for a greeting that is answered and not stored.

        Raises:
            PayloadError: the body is not what this source promises.
        """
        ...

    def parse(self, door: str, kind: str, body: bytes) -> Iterable[Event]:
        """The events that a stored body tells of, none if it is nothing to us. Pure.

        Raises:
            PayloadError: the body is not what this source promises.
        """
        ...


@runtime_checkable
class Greeter(Protocol):
    """A source whose senders ask whether they are welcome, and want an answer of a certain form."""

    def greet(self, method: str, headers: Mapping[str, str], body: bytes) -> Answer | None:
        """What a known sender is answered with by POST or OPTIONS, None for what is no such question.

        Raises:
            PayloadError: the body is not what this source promises.
        """
        ...


@runtime_checkable
class Voucher(Protocol):
    """A source whose sender may prove more than who it is: that is believed before what the body says."""

    def vouch(self, sender: Credential, identity: Identity, body: bytes) -> Identity:
        """The message as it is stored after what `sender` proved.

        Raises:
            PayloadError: the body is not what this source promises.
        """
        ...


@runtime_checkable
class Putter(Protocol):
    """A source whose senders may use PUT as well as POST."""

    METHODS: tuple[str, ...]
    """What they may use."""


@runtime_checkable
class Imitator(Protocol):
    """A source that stands in for another service, whose senders expect its address and its answer."""

    ADDRESS: str
    """Where they post to, beside the source's own address."""

    ACCEPTED: int
    """The status of the answer to a delivery that is stored."""


@runtime_checkable
class Batcher(Protocol):
    """A source that takes several events in one body, with a content type that says so."""

    BATCHES: str
    """That content type."""


@cache
def sources() -> dict[str, Source]:
    """Every source folder by the first part of its path."""
    folders = (module for module in iter_modules(__path__, f"{__name__}.") if module.ispkg)
    found: list[Source] = [import_module(folder.name) for folder in folders]
    return {source.NAME: source for source in found}
