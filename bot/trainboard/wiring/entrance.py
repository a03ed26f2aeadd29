"""Who may see the pages, made of what the settings say."""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import SecretStr

from trainboard.doctor import SignIn as SignInFacts
from trainboard.settings import ApiToken, GitHubSignIn, OidcSignIn, Settings, SignIn, TokenSignIn
from trainboard.sign_in import Rules, Way
from trainboard.sign_in.token import TokenWay
from trainboard.store import secrets
from trainboard.store.database import Database
from trainboard.visitors import Role
from trainboard.web.api_tokens import ApiToken as KnownToken
from trainboard.web.api_tokens import ApiTokens
from trainboard.web.entrance import Entrance
from trainboard.web.sessions import Limits, Sessions
from trainboard.web.settings_page import ShownEntry, ShownSection

Clock = Callable[[], datetime]

_WEB_KEY = "web"


def make_entrance(settings: Settings, database: Database, clock: Clock) -> Entrance | None:
    """The door of the pages; None where nobody signs in."""
    server = settings.server
    if server.dashboard != "sign-in":
        return None
    with database.write() as connection:
        key = secrets.get_or_make(connection, _WEB_KEY)
    ways = make_ways(settings, clock)
    token_ways = _make_token_ways(settings, database)
    sessions = Sessions(
        database,
        clock,
        key,
        Limits(
            idle=timedelta(minutes=server.session_idle_minutes), most=timedelta(hours=server.session_hours)
        ),
        {name: way.rules for name, way in (ways | token_ways).items()},
        secure=server.public_url.startswith("https://"),
    )
    return Entrance(ways, token_ways, sessions, make_api_tokens(settings))


def make_api_tokens(settings: Settings) -> ApiTokens:
    """The tokens of programs."""
    return ApiTokens([_known(token) for token in settings.api_tokens])


def make_ways(settings: Settings, clock: Clock) -> dict[str, Way]:
    """The ways in over other servers, by name."""
    return {
        way.name: _make_way(way, settings, clock)
        for way in settings.sign_in
        if not isinstance(way, TokenSignIn)
    }


def describe_sign_in(settings: Settings, clock: Clock) -> SignInFacts | None:
    """What the doctor looks at; None where nobody signs in."""
    if settings.server.dashboard != "sign-in":
        return None
    lists = {
        way.name: (*way.viewers, *way.operators)
        for way in settings.sign_in
        if not isinstance(way, TokenSignIn)
    }
    return SignInFacts(
        public_url=settings.server.public_url,
        ways=make_ways(settings, clock),
        closed=[name for name, rules in lists.items() if not rules],
        open=[name for name, rules in lists.items() if "anyone" in rules],
    )


def read_web_token(database: Database) -> str:
    """The token that the installation made for itself."""
    with database.write() as connection:
        return render_token(secrets.get_or_make(connection, secrets.WEB_TOKEN))


def render_token(key: bytes) -> str:
    """A token of 43 characters."""
    return urlsafe_b64encode(key).rstrip(b"=").decode()


def list_shown(settings: Settings) -> tuple[ShownSection, ...]:
    """The settings in words, without any secret."""
    return tuple(_list_sections("", settings))


def _make_way(way: GitHubSignIn | OidcSignIn, settings: Settings, clock: Clock) -> Way:
    from trainboard.sign_in.exchange import Client
    from trainboard.sign_in.github import GitHubWay
    from trainboard.sign_in.oidc import Issuer, OidcWay

    server = "GitHub" if isinstance(way, GitHubSignIn) else way.issuer
    callback = f"{settings.server.public_url}/sign-in/{way.name}/callback"
    client = Client(server, way.client_id, way.client_secret.get_secret_value(), callback)
    who = Rules(viewers=way.viewers, operators=way.operators)
    rules = _digest(way, f"{settings.github.api_url} {way.client_secret.get_secret_value()}")
    if isinstance(way, GitHubSignIn):
        return GitHubWay(
            name=way.name,
            title=way.title or "GitHub",
            api_url=settings.github.api_url,
            client=client,
            who=who,
            rules=rules,
        )
    is_entra = way.issuer.startswith("https://login.microsoftonline.")
    issuer = Issuer(
        name=way.name,
        title=way.title or ("Microsoft" if is_entra else way.name),
        address=way.issuer,
        scopes=way.scopes,
        groups=way.groups_claim,
        roles=way.roles_claim,
        who=who,
        rules=rules,
    )
    return OidcWay(issuer, client, clock)


def _make_token_ways(settings: Settings, database: Database) -> dict[str, TokenWay]:
    return {
        way.name: TokenWay(
            name=way.name,
            title=way.title or "Access token",
            role=Role(way.role),
            read=_reader(way, database),
            rules=_digest(way, "" if way.token is None else way.token.get_secret_value()),
        )
        for way in settings.sign_in
        if isinstance(way, TokenSignIn)
    }


def _reader(way: TokenSignIn, database: Database) -> Callable[[], str]:
    if way.token is None:
        return lambda: read_web_token(database)
    token = way.token.get_secret_value()
    return lambda: token


def _digest(way: SignIn, beside: str) -> str:
    """What lets people in: with another secret or another list they sign in again."""
    told = json.dumps([way.model_dump(mode="json", exclude={"title"}), beside], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _known(token: ApiToken) -> KnownToken:
    return KnownToken(
        name=token.name,
        secret=token.secret.get_secret_value(),
        scopes=frozenset(token.scopes),
        projects=frozenset(token.projects),
    )


def _list_sections(name: str, table: Any) -> Iterator[ShownSection]:
    """A table and those below it; several of one name are counted from 1."""
    fields: Mapping[str, Any] = {key: getattr(table, key) for key in type(table).model_fields}
    entries = tuple(_show(key, value) for key, value in fields.items() if not _is_tables(value))
    if name and entries:
        yield ShownSection(name=name, entries=entries)
    for key, value in fields.items():
        path = f"{name}.{key}" if name else key
        if hasattr(value, "model_dump"):
            yield from _list_sections(path, value)
        elif _is_tables(value):
            for number, each in enumerate(value, start=1):
                yield from _list_sections(f"{path} {number}", each)


def _is_tables(value: Any) -> bool:
    is_many = isinstance(value, tuple) and bool(value) and hasattr(value[0], "model_dump")
    return is_many or hasattr(value, "model_dump")


def _show(key: str, value: Any) -> ShownEntry:
    if isinstance(value, SecretStr):
        return ShownEntry(key=key, value="set, hidden", is_secret=True)
    if isinstance(value, tuple) and any(isinstance(each, SecretStr) for each in value):
        return ShownEntry(key=key, value=f"{len(value)} set, hidden", is_secret=True)
    if isinstance(value, tuple):
        return ShownEntry(key=key, value=", ".join(map(_say, value)))
    return ShownEntry(key=key, value=_say(value))


def _say(value: Any) -> str:
    if value is None or value == {}:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, default=str) if isinstance(value, dict) else str(value)
