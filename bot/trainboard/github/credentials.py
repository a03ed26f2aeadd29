"""How we sign in at GitHub: a token, or an App that is installed on the repository.

Make one object per credential and share it: it holds the tokens, and knows whose budget a call uses up.
"""

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

import msgspec
from github import Auth
from jwt import PyJWTError

from trainboard.budgets import Budget, Budgets
from trainboard.errors import LimitedError, PermanentError, TrainboardError, TransientError
from trainboard.github.calls import Call
from trainboard.github.client import Client, Clock
from trainboard.github.limits import GRAPHQL, GRAPHQL_WINDOWS, WINDOWS, GraphQLBudget
from trainboard.github.values import Account, User

EARLY = timedelta(minutes=5)
_LEVELS = {"read": 1, "write": 2, "admin": 3}


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a credential is used: `repository` is `owner/name`, `clock` tells the time there."""

    api_url: str
    repository: str
    clock: Clock

    @property
    def owner(self) -> str:
        """The user or organisation that the repository belongs to."""
        return self.repository.split("/")[0]


class NotGrantedError(TransientError):
    """The App lacks permissions, which somebody may grant: nothing was done."""


class Credential(Protocol):
    """What the tracker needs of a credential."""

    def open_budget(self, place: Place) -> Budget:
        """What may still be done there."""
        ...

    def open_graphql_budget(self, place: Place) -> Budget:
        """What may still be asked of GraphQL there."""
        ...

    def sign_in(self, place: Place) -> Auth.Auth:
        """How calls about the repository are signed."""
        ...

    def get_account(self, place: Place, client: Client) -> Account:
        """Who we are; asked once."""
        ...


def open_client(credential: Credential, place: Place) -> Client:
    """A client that signs in there, and counts its calls."""
    auth, budget = credential.sign_in(place), credential.open_budget(place)
    return Client(api_url=place.api_url, auth=auth, budget=budget, clock=place.clock)


def open_graphql_client(credential: Credential, place: Place) -> Client:
    """As `open_client`, with the budget of GraphQL."""
    auth, budget = credential.sign_in(place), credential.open_graphql_budget(place)
    return Client(api_url=place.api_url, auth=auth, budget=budget, clock=place.clock, resource=GRAPHQL)


class TokenCredential:
    """A personal access token, classic or fine-grained. What it may do, it may do in all places together.

    Raises:
        ValueError: the token holds what no HTTP header may hold; it is not shown.
    """

    def __init__(self, token: str, budgets: Budgets) -> None:
        self._token = token.strip()
        if not self._token or not self._token.isascii() or len(self._token.split()) > 1:
            raise ValueError("github.token is empty, or holds blanks or letters that no token holds.")
        self._budgets = budgets
        self._lock = threading.Lock()
        self._account: Account | None = None

    def open_budget(self, place: Place) -> Budget:
        """The token's."""
        return self._budgets.of(_name_account(place.api_url, "token"), WINDOWS)

    def open_graphql_budget(self, place: Place) -> Budget:
        """The token's."""
        own = self._budgets.of(_name_account(place.api_url, f"token/{GRAPHQL}"), GRAPHQL_WINDOWS)
        return GraphQLBudget(own, self.open_budget(place))

    def sign_in(self, place: Place) -> Auth.Auth:  # noqa: ARG002  the same everywhere
        """The token itself."""
        return Auth.Token(self._token)

    def get_account(self, place: Place, client: Client) -> Account:  # noqa: ARG002
        """The token's user; an empty account where the token may not ask, as in a workflow.

        Source: "REST API endpoints for users", "Get the authenticated user".
        """
        with self._lock:
            if self._account is None:
                self._account = _find_user(client)
            return self._account


class AppCredential:
    """A GitHub App. For each repository it has a token that may do no more than is needed there.

    Args:
        app_id: the App's id or client id.
        private_key: PEM text.
        budgets: where calls are counted.
        permissions: what is needed in a repository, by GitHub's names.
    """

    def __init__(
        self,
        app_id: int | str,
        private_key: str,
        budgets: Budgets,
        permissions: Mapping[str, str],
    ) -> None:
        self._budgets = budgets
        self._permissions = dict(permissions)
        self.app_id = str(app_id)
        self._private_key = private_key
        self._lock = threading.Lock()
        self._tokens: dict[tuple[str, str], InstallationToken] = {}

    def open_budget(self, place: Place) -> Budget:
        """That of the App's installation, of which an owner of repositories has one.

        Source: "Rate limits for the REST API", "Primary rate limit for GitHub App installations".
        """
        name = _name_account(place.api_url, f"app:{self.app_id}/{place.owner}")
        return self._budgets.of(name, WINDOWS)

    def open_graphql_budget(self, place: Place) -> Budget:
        """That of the installation."""
        name = _name_account(place.api_url, f"app:{self.app_id}/{place.owner}/{GRAPHQL}")
        return GraphQLBudget(self._budgets.of(name, GRAPHQL_WINDOWS), self.open_budget(place))

    def sign_in(self, place: Place) -> "InstallationToken":
        """The token of the App's installation on the repository, fetched when it is first needed."""
        with self._lock:
            key = (place.api_url, place.repository)
            if key not in self._tokens:
                self._tokens[key] = self._make_token(place)
            return self._tokens[key]

    def get_account(self, place: Place, client: Client) -> Account:  # noqa: ARG002
        """The App's bot account."""
        slug = self.sign_in(place).get_slug()
        return Account(login=f"{slug}[bot]" if slug else None, app_id=self.app_id)

    def sign_in_as_app(self, api_url: str, clock: Clock) -> Client:
        """A client that speaks for the App itself and not for one of its installations.

        Source: "Generating a JSON Web Token (JWT) for a GitHub App".
        """
        signed = Auth.AppAuth(self.app_id, self._private_key)
        budget = self._budgets.of(_name_account(api_url, f"app:{self.app_id}"), WINDOWS)
        return Client(api_url=api_url, auth=signed, budget=budget, clock=clock)

    def _make_token(self, place: Place) -> "InstallationToken":
        app = self.sign_in_as_app(place.api_url, place.clock)
        return InstallationToken(app, place, self._permissions)


class InstallationToken(Auth.Auth):
    """The token of an App's installation on one repository, renewed before it expires.

    However many threads ask, one fetches it and the others wait for that one.
    """

    def __init__(self, client: Client, place: Place, permissions: dict[str, str]) -> None:
        self._client = client
        self._place = place
        self._permissions = permissions
        self._lock = threading.Lock()
        self._installation: Installation | None = None
        self._issued: Issued | None = None

    @property
    def token_type(self) -> str:
        """The word before the token in the Authorization header."""
        return "token"

    @property
    def token(self) -> str:
        """The token.

        Raises:
            TransientError: there is none to be had; nothing else was sent either.
        """
        return self._get_issued().token

    def get_slug(self) -> str | None:
        """The App's name in URLs, None on an old Enterprise server."""
        self._get_issued()
        return self._installation.app_slug if self._installation else None

    def forget(self) -> None:
        """Fetch another token for the next call: this one was revoked, with the installation perhaps."""
        with self._lock:
            self._issued = None

    def _get_issued(self) -> "Issued":
        with self._lock:
            if self._issued is None or self._issued.expires_at - EARLY <= self._place.clock():
                self._issued = self._fetch()
            return self._issued

    def _fetch(self) -> "Issued":
        try:
            self._installation = self._client.get(self._installation_call(), Installation)
            lacking = list_lacking(self._installation.permissions, self._permissions)
            if not lacking:
                return self._client.get(self._token_call(self._installation.id), Issued)
        except LimitedError:
            raise
        except TrainboardError as error:
            raise TransientError(f"{error} Is the App installed on {self._place.repository}?") from error
        except (PyJWTError, ValueError) as error:
            raise TransientError("Could not sign in as the App: check github.private_key.") from error
        raise NotGrantedError(
            f"The App may not do what is needed in {self._place.repository}, it lacks {', '.join(lacking)}. "
            "Grant it in the App's settings, and accept that where the App is installed."
        )

    def _installation_call(self) -> Call:
        repository = self._place.repository
        return Call(doing=f"find the App on {repository}", path=f"/repos/{repository}/installation")

    def _token_call(self, installation: int) -> Call:
        return Call(
            doing=f"get a token for {self._place.repository}",
            method="POST",
            path=f"/app/installations/{installation}/access_tokens",
            body={"repositories": [self._place.repository.split("/")[1]], "permissions": self._permissions},
        )


class Installation(msgspec.Struct, frozen=True):
    """Source: "REST API endpoints for GitHub Apps", "Get a repository installation"."""

    id: int
    app_slug: str | None = None
    permissions: dict[str, str] | None = None


class Issued(msgspec.Struct, frozen=True):
    """Source: "REST API endpoints for GitHub Apps", "Create an installation access token"."""

    token: str
    expires_at: datetime


def _name_account(api_url: str, name: str) -> str:
    """The key of a budget; names of GitHub's owners and hosts ignore case."""
    return f"github:{urlsplit(api_url).netloc}/{name}".lower()


def list_lacking(granted: Mapping[str, str] | None, needed: Mapping[str, str]) -> list[str]:
    """Which permissions are not granted; GitHub refuses a token without naming them. None: it tells none."""
    if granted is None:
        return []
    return [
        f"{name}: {level}"
        for name, level in needed.items()
        if _LEVELS.get(granted.get(name, ""), 0) < _LEVELS.get(level, 0)
    ]


def _find_user(client: Client) -> Account:
    try:
        return Account(login=client.get(Call(doing="see who we are", path="/user"), User).login)
    except PermanentError:
        return Account()
