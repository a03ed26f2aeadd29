"""Who may see the pages, and with what programs ask: `[[sign_in]]` and `[[api_tokens]]`."""

import re
from collections.abc import Sequence
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr

from trainboard.settings.section import Section
from trainboard.settings.values import OptionalSecret, Secret, Slug, Text, Url, did_you_mean, matching
from trainboard.visitors import Scope

MIN_TOKEN_CHARACTERS = 32

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_LOGIN = r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}"
_TEAM = rf"{_LOGIN}/(?!\.{{1,2}}$)[A-Za-z0-9._-]{{1,100}}"
_GITHUB = rf"anyone|login:{_LOGIN}|id:[1-9][0-9]{{0,18}}|organization:{_LOGIN}|team:{_TEAM}"
_OIDC = (
    r"anyone|email:[^@\s*]{1,64}@[^@\s*]{1,255}|(?:group|role|subject|object):(?!\s)[^\x00-\x1f\x7f*]{1,256}"
)

Complaint = tuple[tuple[str | int, ...], str]
"""Where something stands below its list, and what is wrong with it."""


def _long_token(value: SecretStr | None) -> SecretStr | None:
    if value is None:
        return None
    if not re.fullmatch(rf"[!-~]{{{MIN_TOKEN_CHARACTERS},512}}", value.get_secret_value()):
        raise ValueError(
            f"must have {MIN_TOKEN_CHARACTERS} to 512 letters, digits and signs without blanks; "
            "make one with: openssl rand -base64 32"
        )
    return value


def _https(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme != "https" and parts.hostname not in _LOCAL:
        raise ValueError("must begin with https://")
    return value


GitHubRule = Annotated[
    str,
    AfterValidator(
        matching(
            _GITHUB,
            'must be "login:NAME", "id:NUMBER", "organization:NAME", "team:ORGANIZATION/SLUG", or "anyone" '
            "for everybody who has an account",
        )
    ),
    Field(json_schema_extra={"pattern": "^(?:anyone|(?:login|id|organization|team):.+)$"}),
]
OidcRule = Annotated[
    str,
    AfterValidator(
        matching(
            _OIDC,
            'must be "email:ADDRESS", "group:ID", "role:VALUE", "subject:ID", "object:ID", or "anyone" for '
            "everybody whom the issuer knows",
        )
    ),
    Field(json_schema_extra={"pattern": "^(?:anyone|(?:email|group|role|subject|object):.+)$"}),
]
LongToken = Annotated[Secret, AfterValidator(_long_token)]
OptionalLongToken = Annotated[OptionalSecret, AfterValidator(_long_token)]
Issuer = Annotated[Url, AfterValidator(_https)]

_KIND = "How people prove who they are."
_NAME = "Name of this way in; it stands in the address that it leads back to."
_TITLE = "What the button says. Empty: the name of the platform."


class _Way(Section):
    name: Slug = Field(description=_NAME)
    title: str = Field(default="", max_length=60, description=_TITLE)


class GitHubSignIn(_Way):
    """People sign in with GitHub: by the OAuth of a GitHub App, or by an OAuth App."""

    kind: Literal["github"] = Field(description=_KIND)
    client_id: Text = Field(description="Client id of the App. GitHub itself is that of `github.api_url`.")
    client_secret: Secret = Field(description="A client secret of the App.")
    viewers: tuple[GitHubRule, ...] = Field(
        default=(),
        description="Who may look: `login:NAME`, `id:NUMBER` (which outlives a new name), "
        "`organization:NAME`, `team:ORGANIZATION/SLUG`; `anyone` is everybody on that GitHub. "
        "Empty: nobody.",
    )
    operators: tuple[GitHubRule, ...] = Field(
        default=(), description="Who may look, replay deliveries and see the settings, named alike."
    )


class OidcSignIn(_Way):
    """People sign in with Microsoft Entra, or another issuer of OpenID Connect."""

    kind: Literal["oidc"] = Field(description=_KIND)
    issuer: Issuer = Field(
        description="The issuer, below which `/.well-known/openid-configuration` is; of Entra "
        "`https://login.microsoftonline.com/TENANT/v2.0`."
    )
    client_id: Text = Field(description="Client id of the application.")
    client_secret: Secret = Field(description="A client secret of the application.")
    scopes: tuple[Text, ...] = Field(
        default=("openid", "profile", "email"), description="What is asked for; `openid` among them."
    )
    groups_claim: Text = Field(default="groups", description="Claim of the ID token that lists groups.")
    roles_claim: Text = Field(default="roles", description="Claim of the ID token that lists roles.")
    viewers: tuple[OidcRule, ...] = Field(
        default=(),
        description="Who may look: `group:ID`, `role:VALUE` (of an app role), `email:ADDRESS` if the issuer "
        "says that it is verified, `subject:ID` and `object:ID` for the claims `sub` and `oid`; `anyone` is "
        "everybody whom the issuer signs in. Empty: nobody.",
    )
    operators: tuple[OidcRule, ...] = Field(
        default=(), description="Who may look, replay deliveries and see the settings, named alike."
    )


class TokenSignIn(_Way):
    """People sign in with one token that they share; the pages do not know who they are."""

    kind: Literal["token"] = Field(description=_KIND)
    token: OptionalLongToken = Field(
        default=None,
        description="The token, 32 characters or more. None: the service makes one, which "
        "`trainboard web-token` prints.",
    )
    role: Literal["viewer", "operator"] = Field(
        default="viewer",
        description="What it lets people do: look, or also replay deliveries and see the settings.",
    )


SignIn = Annotated[GitHubSignIn | OidcSignIn | TokenSignIn, Field(discriminator="kind")]


class ApiToken(Section):
    """A token with which a program asks, as `Authorization: Bearer`."""

    name: Slug = Field(description="Name of the program, for the log.")
    secret: LongToken = Field(description="The token, 32 characters or more.")
    scopes: tuple[Scope, ...] = Field(
        min_length=1,
        description="What it may do: `board:read`, `alerts:read`, `calendar:read`, `code:read`, "
        "`deliveries:read`, `deliveries:replay`, `health:read`, `metrics:read`, `reports:read`.",
    )
    projects: tuple[Slug, ...] = Field(
        default=(),
        description="The only projects that it may ask about, each by its name; what is about all of them is "
        "refused. Empty: all.",
    )


def find_misfits(ways: Sequence[SignIn], dashboard: str, public_url: str) -> list[Complaint]:
    """What is in the way of signing in."""
    if dashboard == "sign-in" and not ways:
        return [((), 'is missing: server.dashboard is "sign-in", and nobody could')]
    lost: list[Complaint] = []
    for place, way in enumerate(ways):
        if isinstance(way, TokenSignIn):
            continue
        if dashboard == "sign-in" and not public_url:
            lost.append(((place, "kind"), 'needs "public_url" in [server] too: people are led back there'))
        if isinstance(way, OidcSignIn) and "openid" not in way.scopes:
            lost.append(((place, "scopes"), 'needs "openid"'))
    return lost


def find_misfits_of_tokens(
    tokens: Sequence[ApiToken], projects: Sequence[str], metrics: str
) -> list[Complaint]:
    """Tokens that are alike, projects that are none, and that no token is for metrics which need one."""
    lost: list[Complaint] = []
    if metrics == "token" and not any("metrics:read" in token.scopes for token in tokens):
        lost.append(
            ((), 'has none with "metrics:read": server.metrics is "token", and nobody could read them')
        )
    seen: set[str] = set()
    for place, token in enumerate(tokens):
        if token.secret.get_secret_value() in seen:
            lost.append(((place, "secret"), "is that of a token before it"))
        seen.add(token.secret.get_secret_value())
        lost += [
            (
                (place, "projects", number),
                f'is "{name}", which is no project{did_you_mean(name, list(projects))}',
            )
            for number, name in enumerate(token.projects)
            if projects and name not in projects
        ]
    return lost
