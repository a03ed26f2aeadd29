"""Kinds of values that settings hold, and what is wrong with a value that is none of them."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from string import Formatter
from typing import Annotated, Literal, NamedTuple, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationInfo

from trainboard.workspaces import parse_workspace

_DATABASES = ("sqlite:///", "postgresql+psycopg://")
_NAMES_IN_TEMPLATE = {"number", "start", "end"}
_MIN_SECRET_BYTES, _MAX_SECRET_BYTES = 24, 64

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Surroundings(NamedTuple):
    """What `env:NAME` and `file:PATH` refer to: the environment, and the folder of the settings file."""

    environ: Mapping[str, str]
    folder: Path


class MisfitError(ValueError):
    """Values that do not go together.

    Args:
        findings: where, as a path below the thing that is checked, and what is wrong there, as the
            rest of a sentence that begins with the key.
    """

    def __init__(self, *findings: tuple[tuple[str | int, ...], str]) -> None:
        super().__init__(*findings)
        self.findings = findings


def did_you_mean(name: str, known: list[str]) -> str:
    """The end of a sentence about a name that is not known; empty if no known one is near."""
    near = get_close_matches(name, known, n=1)
    return f'; did you mean "{near[0]}"?' if near else ""


def matching(pattern: str, complaint: str) -> Callable[[str], str]:
    """A check that takes what the whole pattern fits, and else complains."""
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise ValueError(complaint)
        return value

    return check


def _refuse_bool(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("must be a whole number")  # noqa: TRY004  # pydantic collects ValueError only
    return value


def _resolve(value: object, info: ValidationInfo) -> object:
    if not isinstance(value, str):
        return value
    surroundings = cast("Surroundings", info.context)
    scheme, _, rest = value.partition(":")
    if scheme == "env":
        value = _from_environ(surroundings.environ, rest)
    elif scheme == "file":
        value = _from_file(surroundings.folder / rest)
    if not value:
        raise ValueError("must not be empty")
    return value


def resolve(reference: str, info: ValidationInfo) -> str:
    """What `env:NAME` or `file:PATH` refers to.

    Raises:
        ValueError: there is nothing.
    """
    return str(_resolve(reference, info))


def _from_environ(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name)
    if not value:
        state = "is not set" if value is None else "is empty"
        raise ValueError(f"refers to the environment variable {name}, which {state}")
    return value


def _from_file(path: Path) -> str:
    try:
        value = path.read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        raise ValueError(f'refers to the file "{path}", which cannot be read: {error.strerror}') from None
    except UnicodeDecodeError:
        raise ValueError(f'refers to the file "{path}", which is not UTF-8 text') from None
    if not value:
        raise ValueError(f'refers to the file "{path}", which is empty')
    return value


def _resolve_optional(value: object, info: ValidationInfo) -> object:
    return None if value == "" else _resolve(value, info)


def _standard_webhooks(value: SecretStr) -> SecretStr:
    complaint = (
        f"must be whsec_ and the base64 of {_MIN_SECRET_BYTES} to {_MAX_SECRET_BYTES} random bytes; "
        'make one with: echo "whsec_$(openssl rand -base64 32)"'
    )
    prefix, _, text = value.get_secret_value().partition("_")
    try:
        size_bytes = len(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        raise ValueError(complaint) from None
    if prefix != "whsec" or not _MIN_SECRET_BYTES <= size_bytes <= _MAX_SECRET_BYTES:
        raise ValueError(complaint)
    return value


def _basic_password(value: SecretStr | None) -> SecretStr | None:
    """ASCII, because servers do not agree on other bytes in a header.

    Source: "Service hooks consumers", "Web Hooks": a password has at most 256 characters and no blanks.
    """
    if value is not None and not re.fullmatch(r"[!-~]{1,256}", value.get_secret_value()):
        raise ValueError("must be 1 to 256 letters, digits and signs of ASCII without blanks")
    return value


def _token(value: SecretStr | None) -> SecretStr | None:
    if value is not None and not re.fullmatch(r"[!-~]+", value.get_secret_value()):
        raise ValueError("must be letters, digits and signs without blanks")
    return value


def _database(value: SecretStr) -> SecretStr:
    address = value.get_secret_value()
    if not any(address.startswith(prefix) and address != prefix for prefix in _DATABASES):
        raise ValueError('must begin with "sqlite:///" (and a file) or "postgresql+psycopg://" (and a host)')
    return value


def _url(value: str) -> str:
    if re.search(r"\s", value):
        raise ValueError("must not hold blanks")
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("must be an http or https address") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise ValueError("must be an address that begins with http:// or https://")
    if "@" in parts.netloc:
        raise ValueError("must not hold a user or password; there are other keys for these")
    if parts.query or parts.fragment:
        raise ValueError("must not have a part after ? or #")
    if value.endswith("/"):
        raise ValueError('must not end with "/"')
    return value


def _url_or_empty(value: str) -> str:
    return value and _url(value)


def _workspace(value: str) -> str:
    return parse_workspace(value).url


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        near = did_you_mean(value, sorted(available_timezones()))
        raise ValueError(f"must be the name of an IANA time zone, like Europe/Berlin{near}") from None
    return value


def _name_template(value: str) -> str:
    try:
        parts = [part[1:] for part in Formatter().parse(value) if part[1] is not None]
    except ValueError:
        raise ValueError("must have matching braces; a brace itself is written twice") from None
    if any(name not in _NAMES_IN_TEMPLATE or spec or conversion for name, spec, conversion in parts):
        raise ValueError("may hold {number}, {start} and {end} and nothing else in braces")
    if "number" not in [name for name, _, _ in parts]:
        raise ValueError("must hold {number}, so that no two sprints have the same name")
    return value


Whole = Annotated[int, BeforeValidator(_refuse_bool)]
Positive = Annotated[Whole, Field(ge=1)]
Text = Annotated[str, Field(min_length=1)]
Slug = Annotated[
    str,
    AfterValidator(
        matching(
            r"[a-z0-9][a-z0-9-]{0,49}",
            "must be 1 to 50 small letters, digits and dashes, and not begin with a dash",
        )
    ),
    Field(json_schema_extra={"pattern": "^[a-z0-9][a-z0-9-]{0,49}$"}),
]
Secret = Annotated[SecretStr, BeforeValidator(_resolve)]
OptionalSecret = Annotated[SecretStr | None, BeforeValidator(_resolve_optional)]
BasicUser = Annotated[
    str, AfterValidator(matching(r"[^\s:]{1,256}", "must be 1 to 256 characters without blanks and colons"))
]
OptionalToken = Annotated[OptionalSecret, AfterValidator(_token)]
OptionalBasicPassword = Annotated[OptionalSecret, AfterValidator(_basic_password)]
SubscriptionId = Annotated[
    str,
    AfterValidator(
        matching(
            r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
            "must be the id of a subscription, like 3f2a6c1e-5b7d-4f0a-9a51-0c8e4d2b7f60",
        )
    ),
]
SubscriptionIdOrEmpty = Annotated[
    str,
    AfterValidator(
        matching(
            r"(?:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?",
            "must be the id of a subscription, like 3f2a6c1e-5b7d-4f0a-9a51-0c8e4d2b7f60",
        )
    ),
]
TenantIdOrEmpty = Annotated[
    str,
    AfterValidator(
        matching(
            r"(?:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?",
            "must be the id of a tenant, like 3f2a6c1e-5b7d-4f0a-9a51-0c8e4d2b7f60",
        )
    ),
]
WandbProject = Annotated[
    str,
    AfterValidator(
        matching(
            r"(?:[^/\s]{1,100}/)?[^/\s]{1,128}",
            "must be a project of W&B, as entity/project, or as project for one of the source's entity",
        )
    ),
]
GithubIssuer = Annotated[
    str,
    AfterValidator(
        matching(
            r"https://(?:token\.actions\.githubusercontent\.com|token\.actions\.[a-z0-9-]+\.ghe\.com"
            r"|[A-Za-z0-9.-]+(?::[0-9]{1,5})?/_services/token)",
            "must be https://token.actions.githubusercontent.com, https://token.actions.NAME.ghe.com, or "
            "https://HOST/_services/token",
        )
    ),
]
StandardWebhooksSecret = Annotated[Secret, AfterValidator(_standard_webhooks)]
DatabaseAddress = Annotated[Secret, AfterValidator(_database)]
Url = Annotated[str, AfterValidator(_url)]
UrlOrEmpty = Annotated[str, AfterValidator(_url_or_empty)]
WorkspaceUrl = Annotated[str, AfterValidator(_workspace)]
Timezone = Annotated[str, AfterValidator(_timezone)]
NameTemplate = Annotated[str, Field(max_length=100), AfterValidator(_name_template)]
