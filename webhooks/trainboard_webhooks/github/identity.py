"""What a delivery is about, from as little of its body as will do."""

from typing import Annotated

import msgspec
from msgspec import Meta, Raw, Struct

from trainboard_webhooks.github.places import address_of, is_commit
from trainboard_webhooks.payload import Payload, peek, shorten

_BEGINNING = 256
"""Bytes of a body that show whether its writer puts blanks between keys and values."""


class _Thing(Struct, frozen=True):
    number: Annotated[int, Meta(ge=0, le=2**63 - 1)] | None = None


class _Repository(Struct, frozen=True):
    full_name: str | None = None


class _Account(Struct, frozen=True):
    login: str | None = None
    slug: str | None = None


class _Installation(Struct, frozen=True):
    account: _Account | None = None


class _Run(Struct, frozen=True):
    head_sha: str | None = None


class _Deployment(Struct, frozen=True):
    sha: str | None = None


class Message(Struct, frozen=True):
    """What says whose delivery it is, wherever in the body it stands."""

    repository: _Repository | None = None
    issue: _Thing | None = None
    pull_request: _Thing | None = None
    check_run: _Run | None = None
    workflow_run: _Run | None = None
    deployment: _Deployment | None = None
    sha: str | None = None
    organization: _Account | None = None
    enterprise: _Account | None = None
    installation: Raw = Raw()

    @classmethod
    def peek(cls, body: bytes) -> "Message":
        """The message in `body`; PayloadError where it is none."""
        return peek(body, _MESSAGE)

    def entity(self) -> str:
        """The issue or the pull request, the commit, the repository or the account.

        All that is said of the checks and the deployments of one commit is about the commit.
        """
        if self.repository is None or self.repository.full_name is None:
            account = self._account()
            return shorten(f"github:{account}") if account else "github"
        return address_of(self.repository.full_name) + self._within_repository()

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

    def _within_repository(self) -> str:
        number = next((it.number for it in (self.issue, self.pull_request) if it and it.number), None)
        if number:
            return f"#{number}"
        run = self.check_run or self.workflow_run
        commit = (run.head_sha if run else self.deployment.sha if self.deployment else self.sha) or ""
        return f"@{commit}" if is_commit(commit) else ""

    def _account(self) -> str | None:
        owner = peek(bytes(self.installation), _INSTALLATION).account if self.is_for_app() else None
        accounts = [it for it in (owner, self.organization, self.enterprise) if it is not None]
        return next((name for it in accounts if (name := it.login or it.slug)), None)


_MESSAGE = msgspec.json.Decoder(Message)
_INSTALLATION = msgspec.json.Decoder(_Installation)
