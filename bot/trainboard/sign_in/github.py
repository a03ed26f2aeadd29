"""People who sign in with GitHub.

Source: GitHub, "Authorizing OAuth apps", "Generating a user access token for a GitHub App", and its REST API
"Users", "Organization members" and "Team members".
"""

from typing import TypeVar
from urllib.parse import quote, urlsplit

import msgspec
import structlog

from trainboard.errors import TransientError
from trainboard.outbound import Answer, Outbound
from trainboard.sign_in import Attempt, DeniedError, Rules, UnprovenError
from trainboard.sign_in.exchange import Client
from trainboard.visitors import Person

_OK, _FORBIDDEN, _NOT_FOUND = 200, 403, 404
_REFUSED = 401
_MEMBERS = ("organization", "team")

_log = structlog.get_logger(__name__)


Kind = TypeVar("Kind")


class _User(msgspec.Struct):
    id: int
    login: str


class _Membership(msgspec.Struct):
    state: str


class GitHubWay:
    """GitHub, or a server of it.

    Args:
        name: of the way.
        title: what people read.
        api_url: of its REST API.
        client: we.
        who: who may come in.
        rules: a digest of all this.
    """

    def __init__(
        self, *, name: str, title: str, api_url: str, client: Client, who: Rules, rules: str
    ) -> None:
        self.name = name
        self.title = title
        self.rules = rules
        self._api_url = api_url
        self._client = client
        self._who = who

    def begin(self, attempt: Attempt) -> str:
        """The page on which people say that they want to sign in."""
        kinds = {rule.partition(":")[0] for rule in (*self._who.viewers, *self._who.operators)}
        scope = "read:org" if kinds & set(_MEMBERS) else ""
        return self._client.authorize(f"{web_of(self._api_url)}/login/oauth/authorize", scope, attempt)

    def finish(self, attempt: Attempt, code: str) -> Person:
        """Who it is; the token is used for that alone, and forgotten."""
        address = f"{web_of(self._api_url)}/login/oauth/access_token"
        token = self._client.redeem(address, attempt, code, "client_secret_post")
        asked = _Asked(self._api_url, token["access_token"])
        user = asked.get_user()
        role = self._who.find_role(lambda rule: asked.holds(rule, user))
        if role is None:
            raise DeniedError(f"GitHub says that you are {user.login}, who may not come in.")
        return Person(way=self.name, subject=str(user.id), name=user.login, role=role)

    def examine(self) -> str:
        """Whether the API answers at all: what a client secret is good for shows only when people come."""
        answer = Outbound("GitHub", self._api_url).send("GET", "/meta")
        if answer.status != _OK:
            raise TransientError(f"GitHub at {self._api_url}/meta answered {answer.status}.")
        return f"GitHub at {self._api_url} answers"


class _Asked:
    """GitHub, asked as the person."""

    def __init__(self, api_url: str, token: str) -> None:
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
        self._outbound = Outbound("GitHub", api_url, token=token, headers=headers)

    def get_user(self) -> _User:
        answer = self._outbound.send("GET", "/user")
        if answer.status == _REFUSED:
            raise UnprovenError("GitHub does not take its own token back.")
        return _read(answer, "/user", _User)

    def holds(self, rule: str, user: _User) -> bool:
        """True if the rule is about the user."""
        kind, _, value = rule.partition(":")
        match kind:
            case "anyone":
                return True
            case "login":
                return value.casefold() == user.login.casefold()
            case "id":
                return value == str(user.id)
            case "organization":
                return self._is_member(f"/user/memberships/orgs/{quote(value, safe='')}")
            case "team":
                organization, _, slug = value.partition("/")
                return self._is_member(
                    f"/orgs/{quote(organization, safe='')}/teams/{quote(slug, safe='')}"
                    f"/memberships/{quote(user.login, safe='')}"
                )
        return False

    def _is_member(self, path: str) -> bool:
        """False also where GitHub will not say: nobody comes in by what is not known."""
        answer = self._outbound.send("GET", path)
        if answer.status in {_FORBIDDEN, _NOT_FOUND}:
            if answer.status == _FORBIDDEN:
                _log.warning("GitHub does not show a membership to the App", path=path)
            return False
        return _read(answer, path, _Membership).state == "active"


def _read(answer: Answer, path: str, kind: type[Kind]) -> Kind:
    if answer.status != _OK:
        raise TransientError(f"GitHub answered {answer.status} to {path}. Try again later.")
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except msgspec.DecodeError:
        raise UnprovenError(f"GitHub's answer to {path} was not understood.") from None


def web_of(api_url: str) -> str:
    """Where people see the GitHub whose API that is: of a server, of data residency, or of itself."""
    parts = urlsplit(api_url)
    if parts.path.endswith("/api/v3"):
        return api_url.removesuffix("/api/v3")
    return f"{parts.scheme}://{parts.netloc.removeprefix('api.')}"
