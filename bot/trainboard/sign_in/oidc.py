"""People who sign in with an issuer of OpenID Connect, such as Microsoft Entra.

Source: OpenID Connect Core 1.0, "ID Token Validation"; OpenID Connect Discovery 1.0; Microsoft, "ID token
claims reference" and "Configure group claims".
"""

import hmac
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec
import requests
import structlog
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import KeySet
from urllib3.exceptions import HTTPError

from trainboard.errors import TransientError
from trainboard.sign_in import Attempt, DeniedError, Rules, UnprovenError
from trainboard.sign_in.exchange import TIMEOUT_SECONDS, Client
from trainboard.visitors import Person

ALGORITHMS = ("RS256", "ES256")
LEEWAY_SECONDS = 60
KEPT_SECONDS = 3600
SILENT_SECONDS = 5
MAX_BYTES = 1024 * 1024
DISCOVERY = "/.well-known/openid-configuration"

_MAX_NAME = 200
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})

_log = structlog.get_logger(__name__)

Answer = TypeVar("Answer")


class Metadata(msgspec.Struct, frozen=True):
    """What an issuer says of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: list[str] = msgspec.field(
        default_factory=lambda: ["client_secret_basic"]
    )


class Issuer(msgspec.Struct, frozen=True, kw_only=True):
    """An issuer as the settings have it.

    `name` is that of the way, `title` what people read, `address` the issuer as it stands in its tokens,
    `groups` and `roles` are claims of them, `rules` is a digest of all this.
    """

    name: str
    title: str
    address: str
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    groups: str = "groups"
    roles: str = "roles"
    who: Rules
    rules: str


class OidcWay:
    """Sign-in by an issuer.

    Args:
        issuer: whom is believed.
        client: we.
        clock: answers the present moment, aware, in UTC.
    """

    def __init__(self, issuer: Issuer, client: Client, clock: Callable[[], datetime]) -> None:
        self.name = issuer.name
        self.title = issuer.title
        self.rules = issuer.rules
        self._issuer = issuer
        self._client = client
        self._clock = clock
        self._said = _Said(issuer.address)

    def begin(self, attempt: Attempt) -> str:
        """The page on which people sign in there."""
        endpoint = self._said.get_metadata().authorization_endpoint
        return self._client.authorize(endpoint, " ".join(self._issuer.scopes), attempt, nonce=attempt.nonce)

    def finish(self, attempt: Attempt, code: str) -> Person:
        """Who it is, by the ID token alone."""
        metadata = self._said.get_metadata()
        methods = metadata.token_endpoint_auth_methods_supported
        method = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
        token = self._client.redeem(metadata.token_endpoint, attempt, code, method)
        claims = self._verify(token.get("id_token"), attempt.nonce)
        name = _name_of(claims)
        role = self._issuer.who.find_role(lambda rule: self._holds(rule, claims))
        if role is None:
            raise DeniedError(self._explain_denial(name, claims))
        return Person(way=self.name, subject=claims["sub"], name=name, role=role)

    def examine(self) -> str:
        """Discovery and keys."""
        keys = len(self._said.get_keys(anew=True).keys)
        return f"{self._issuer.address} answers, and signs with {keys} keys"

    def _verify(self, token: object, nonce: str) -> dict[str, Any]:
        if not isinstance(token, str):
            raise UnprovenError(f"{self._issuer.address} gave no ID token.")
        try:
            claims = self._decode(token)
            self._registry().validate(claims)
        except ExpiredTokenError:
            raise UnprovenError(
                "The ID token has expired: is the clock of one of the machines wrong?"
            ) from None
        except (JoseError, ValueError, TypeError, KeyError) as error:
            _log.warning("an ID token is not believed", issuer=self._issuer.address, error=str(error))
            raise UnprovenError(f"The ID token of {self._issuer.address} is not believed.") from None
        audience, party = claims["aud"], claims.get("azp", self._client.client_id)
        if party != self._client.client_id or (isinstance(audience, list) and len(audience) > 1):
            raise UnprovenError("The ID token is for others as well.")
        if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
            raise UnprovenError("The ID token is that of another sign-in.")
        return claims

    def _decode(self, token: str) -> dict[str, Any]:
        """The claims; keys that are not known yet are fetched once."""
        try:
            return dict(jwt.decode(token, self._said.get_keys(), algorithms=ALGORITHMS).claims)
        except (JoseError, ValueError):
            return dict(jwt.decode(token, self._said.get_keys(anew=True), algorithms=ALGORITHMS).claims)

    def _registry(self) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(self._clock().timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self._issuer.address},
            aud={"essential": True, "value": self._client.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True},
        )

    def _holds(self, rule: str, claims: dict[str, Any]) -> bool:
        kind, _, value = rule.partition(":")
        if kind == "email":
            return _has_verified_email(claims, value)
        held = {
            "anyone": [""],
            "subject": [claims["sub"]],
            "object": [claims.get("oid")],
            "group": _list_of(claims, self._issuer.groups),
            "role": _list_of(claims, self._issuer.roles),
        }
        return value in held[kind]

    def _explain_denial(self, name: str, claims: dict[str, Any]) -> str:
        elsewhere = claims.get("_claim_names")
        if isinstance(elsewhere, dict) and self._issuer.groups in elsewhere:
            return (
                f"You are {name}, who is in too many groups for a token, so that none is known. "
                "Let the application be told only of groups that are assigned to it, or use app roles."
            )
        return f"You are {name}, who may not come in."


class _Said:
    """What an issuer says of itself, kept for an hour; that it does not answer, for some seconds."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer
        self._lock = threading.Lock()
        self._metadata: Metadata | None = None
        self._keys: KeySet | None = None
        self._until = self._keys_until = self._silent_until = 0.0

    def get_metadata(self) -> Metadata:
        with self._lock:
            if self._metadata is None or time.monotonic() > self._until:
                self._metadata = self._ask(self._discover)
                self._until = time.monotonic() + KEPT_SECONDS
            return self._metadata

    def get_keys(self, *, anew: bool = False) -> KeySet:
        address = self.get_metadata().jwks_uri
        with self._lock:
            if self._keys is None or anew or time.monotonic() > self._keys_until:
                self._keys = self._ask(lambda: _parse_keys(_fetch(address)))
                self._keys_until = time.monotonic() + KEPT_SECONDS
            return self._keys

    def _ask(self, question: Callable[[], Answer]) -> Answer:
        """Anybody may begin to sign in: an issuer that hangs must not hold up a page for each of them."""
        if time.monotonic() < self._silent_until:
            raise TransientError(f"{self._issuer} did not answer just now. Try again in some seconds.")
        try:
            return question()
        except TransientError:
            self._silent_until = time.monotonic() + SILENT_SECONDS
            raise

    def _discover(self) -> Metadata:
        """Source: OpenID Connect Discovery 1.0: the issuer that it names must be the one that was asked."""
        address = f"{self._issuer}{DISCOVERY}"
        try:
            metadata = msgspec.json.decode(_fetch(address), type=Metadata)
        except msgspec.DecodeError:
            raise TransientError(
                f"{address} is not what an issuer says of itself: check the issuer."
            ) from None
        if metadata.issuer != self._issuer:
            raise TransientError(f"{address} is of another issuer: set issuer as it is written there.")
        for each in (metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri):
            parts = urlsplit(each)
            if parts.scheme != "https" and parts.hostname not in _LOCAL:
                raise TransientError(f"{address} names an address without https.")
        return metadata


def _fetch(address: str) -> bytes:
    try:
        with requests.get(address, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True) as answer:
            if answer.status_code != requests.codes.ok:
                raise TransientError(f"{address} answered {answer.status_code}. Try again later.")
            found: bytes = answer.raw.read(MAX_BYTES, decode_content=True)
            return found
    except (requests.RequestException, HTTPError) as error:
        raise TransientError(
            f"{address} does not answer ({type(error).__name__}). Try again later."
        ) from error


def _parse_keys(text: bytes) -> KeySet:
    try:
        return KeySet.import_key_set(msgspec.json.decode(text))
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        raise TransientError("The keys of the issuer were not understood.") from None


def _has_verified_email(claims: dict[str, Any], address: str) -> bool:
    """An address that nobody verified is what somebody wrote: Entra lets people write any."""
    verified = claims.get("email_verified") is True or claims.get("xms_edov") in (True, 1, "1", "true")
    return verified and str(claims.get("email", "")).casefold() == address.casefold()


def _list_of(claims: dict[str, Any], name: str) -> list[str]:
    found = claims.get(name)
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _name_of(claims: dict[str, Any]) -> str:
    for name in ("preferred_username", "email", "name"):
        found = claims.get(name)
        if isinstance(found, str) and found.strip():
            return found[:_MAX_NAME]
    return str(claims["sub"])[:_MAX_NAME]
