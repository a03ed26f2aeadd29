"""A GitHub App registered by a manifest: what is asked for, where, and what comes back.

Source: GitHub Docs, "Registering a GitHub App from a manifest"; "Registering a GitHub App using URL
parameters"; "REST API endpoints for GitHub Apps", "Create a GitHub App from a manifest".
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from trainboard.errors import MissingError, PermanentError
from trainboard.github.apps import AppJson
from trainboard.github.calls import Call
from trainboard.github.client import Client

LIFETIME = timedelta(hours=1)
"""How long GitHub leaves for all of it, from the form to the exchange of the code."""

LONGEST_NAME = 34
"""Characters that the name of an App may have."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What an App shall be.

    `url` is a page about it, `webhook_url` where its deliveries go. `permissions` are levels by GitHub's
    names.
    """

    name: str
    url: str
    webhook_url: str
    permissions: Mapping[str, str]
    events: tuple[str, ...]

    def render(self, redirect_url: str) -> str:
        """The JSON that GitHub's form takes; the browser comes back to `redirect_url`."""
        return json.dumps(
            {
                "name": self.name,
                "url": self.url,
                "hook_attributes": {"url": self.webhook_url, "active": True},
                "redirect_url": redirect_url,
                "public": False,
                "default_permissions": dict(self.permissions),
                "default_events": list(self.events),
            },
            indent=2,
        )


class Registration(AppJson, frozen=True, kw_only=True):
    """A new App with what is told this once."""

    pem: str
    webhook_secret: str | None = None


def find_web_url(api_url: str) -> str:
    """Where people find the GitHub whose API is at `api_url`.

    Source: "Getting started with the REST API" of GitHub.com, of Enterprise Server (`/api/v3`), and of
    Enterprise Cloud with data residency (`api.SUBDOMAIN.ghe.com`).
    """
    parts = urlsplit(api_url)
    host = parts.netloc
    if host == "api.github.com" or host.endswith(".ghe.com"):
        host = host.removeprefix("api.")
    path = parts.path.rstrip("/").removesuffix("/v3").removesuffix("/api")
    return f"{parts.scheme}://{host}{path}"


def find_form_url(web_url: str, organization: str) -> str:
    """The form that registers an App of the organisation, or of who looks at it where that is empty."""
    return f"{web_url}{_find_settings(organization)}/apps/new"


def find_prefilled_url(web_url: str, organization: str, manifest: Manifest) -> str:
    """The same form, filled in, for who goes on by hand: the secret and the key are then made there."""
    fields = [
        ("name", manifest.name),
        ("url", manifest.url),
        ("public", "false"),
        ("webhook_active", "true"),
        ("webhook_url", manifest.webhook_url),
        *manifest.permissions.items(),
        *(("events[]", event) for event in manifest.events),
    ]
    return f"{find_form_url(web_url, organization)}?{urlencode(fields)}"


def convert(client: Client, code: str) -> Registration:
    """Exchange the code that the browser brought for the App. It is taken once.

    Args:
        client: signs in as nobody.
        code: what GitHub sent the browser back with.

    Raises:
        PermanentError: GitHub refuses the code.
        TransientError: it did not answer; the same code may be tried again.
    """
    call = Call(
        doing="exchange GitHub's code for the App",
        method="POST",
        path=f"/app-manifests/{quote(code, safe='')}/conversions",
    )
    try:
        return client.get(call, Registration)
    except MissingError as error:
        raise PermanentError(
            "GitHub does not know the code that the browser brought: it was exchanged before, or is older "
            "than an hour."
        ) from error


def _find_settings(organization: str) -> str:
    return f"/organizations/{quote(organization, safe='')}/settings" if organization else "/settings"
