"""What GitHub tells an App of itself: what it may do, what it hears, and where it is installed.

Source: GitHub Docs, "REST API endpoints for GitHub Apps"; "REST API endpoints for GitHub App webhooks".
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import quote, urlsplit

import msgspec
from jwt import PyJWTError

from trainboard.errors import MissingError, TransientError
from trainboard.github.calls import Call
from trainboard.github.client import PER_PAGE, Client
from trainboard.github.credentials import list_lacking

_GIVEN_TO_ALL = "metadata"


class Owner(msgspec.Struct, frozen=True):
    """Whose App it is; `login` is empty where that is an enterprise."""

    login: str = ""
    type: str = ""


class AppJson(msgspec.Struct, frozen=True, kw_only=True):
    """An App. `slug` is its name in addresses, `html_url` its public page."""

    id: int
    name: str
    html_url: str
    owner: Owner | None = None
    slug: str = ""
    permissions: dict[str, str] = {}
    events: tuple[str, ...] = ()

    @property
    def settings_url(self) -> str:
        """Where its owner changes it; its public page where an enterprise owns it."""
        parts = urlsplit(self.html_url)
        if not self.slug or self.owner is None or not self.owner.login:
            return self.html_url
        whose = (
            f"/organizations/{quote(self.owner.login, safe='')}" if self.owner.type == "Organization" else ""
        )
        return f"{parts.scheme}://{parts.netloc}{whose}/settings/apps/{quote(self.slug, safe='')}"

    @property
    def permissions_url(self) -> str:
        """Where its owner changes permissions and events."""
        known = self.settings_url != self.html_url
        return f"{self.settings_url}/permissions" if known else self.html_url

    @property
    def installing_url(self) -> str:
        """Where it is installed."""
        return f"{self.html_url.rstrip('/')}/installations/new"


class InstallationJson(msgspec.Struct, frozen=True, kw_only=True):
    """The App on one account; `html_url` is where its owner accepts what was added."""

    id: int
    html_url: str
    account: Owner | None = None
    permissions: dict[str, str] = {}
    events: tuple[str, ...] = ()
    suspended_at: datetime | None = None


class HookJson(msgspec.Struct, frozen=True, kw_only=True):
    """The App's webhook; `secret` is masked, and absent where there is none."""

    url: str = ""
    content_type: str = ""
    secret: str = ""
    insecure_ssl: str | float = "0"


class Needs(msgspec.Struct, frozen=True, kw_only=True):
    """What the settings ask of an App: levels by permission, and events; `useful` is missed by nobody."""

    permissions: Mapping[str, str]
    events: tuple[str, ...]
    useful: Mapping[str, str] = {}

    def list_lacking(self, permissions: Mapping[str, str]) -> list[str]:
        """The permissions that are not granted, as `issues: write`."""
        return list_lacking(permissions, self.permissions)

    def list_excess(self, permissions: Mapping[str, str]) -> list[str]:
        """The permissions that nothing has a use for, or not at that level, as `contents: write`."""
        asked = {_GIVEN_TO_ALL: "read", **self.useful, **self.permissions}
        return list_lacking(asked, dict(sorted(permissions.items())))

    def list_unheard(self, events: tuple[str, ...]) -> list[str]:
        """The events that are not subscribed to."""
        return [event for event in self.events if event not in events]


def get_app(client: Client) -> AppJson:
    """The App as which `client` signs in. Raises as `Client.get`."""
    with signing_in():
        return client.get(Call(doing="see the App", path="/app"), AppJson)


def list_installations(client: Client) -> list[InstallationJson]:
    """Where it is installed; the first hundred accounts."""
    query = {"per_page": str(PER_PAGE)}
    call = Call(doing="see where the App is installed", path="/app/installations", query=query)
    with signing_in():
        return client.get(call, list[InstallationJson])


def find_hook(client: Client) -> HookJson | None:
    """Its webhook, None if it has none."""
    try:
        with signing_in():
            return client.get(Call(doing="see the App's webhook", path="/app/hook/config"), HookJson)
    except MissingError:
        return None


@contextmanager
def signing_in() -> Iterator[None]:
    """What a key that signs nothing raises, in words.

    Raises:
        TransientError: the key is none.
    """
    try:
        yield
    except (PyJWTError, ValueError) as error:
        raise TransientError("Could not sign in as the App: check github.private_key.") from error
