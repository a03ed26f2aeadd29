"""When reports are made, and where they go."""

import re
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, PrivateAttr, SecretStr, ValidationInfo, model_validator

from trainboard.report.schedules import Moment, parse_cron
from trainboard.settings.section import Section
from trainboard.settings.values import MisfitError, OptionalSecret, Slug, Whole, matching, resolve

_CHATS = ("slack", "teams")
_MAIL = r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*"
_TARGET = rf"tracker|wiki|(?:slack|teams):(?:env|file):\S+|mail:{_MAIL}|file:/[^\x00-\x1f\x7f]*"


def _line_of_crontab(value: str) -> str:
    if value:
        parse_cron(value)
    return value


Target = Annotated[
    str,
    AfterValidator(
        matching(
            _TARGET,
            'must be "tracker", "wiki", "slack:env:NAME" or "teams:file:PATH" (where the secret address of a '
            'webhook is), "mail:ada@example.com", or "file:/folder"',
        )
    ),
]


class Mail(Section):
    """How reports are mailed."""

    host: str = Field(default="", description="The mail server. Empty: no mail is sent.")
    port: Whole = Field(default=587, ge=1, le=65535, description="Its port.")
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="`starttls` and `tls` (usual on port 465) hide what is sent; `none` is for a server "
        "on the same machine.",
    )
    user: str = Field(default="", description="Whom to log in as. Empty: nobody.")
    password: OptionalSecret = Field(default=None, description="Password of `user`.")
    sender: Annotated[
        str, AfterValidator(matching(rf"(?:{_MAIL})?", "must be an address, like trainboard@example.com"))
    ] = Field(default="", description="Address that the mail is from.")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.host and not self.sender:
            raise MisfitError((("host",), 'needs "sender" too'))
        if self.user and self.password is None:
            raise MisfitError((("user",), 'needs "password" too'))
        if self.user and self.security == "none" and self.host not in {"localhost", "127.0.0.1", "::1"}:
            raise MisfitError(
                (("security",), 'would show the password to the network: use "starttls" or "tls"')
            )
        return self


class Report(Section):
    """When reports of a project are made, and where they go. The page and `trainboard report` need none."""

    project: Slug = Field(description="Name of the project.")
    kind: Literal["sprint", "daily"] = Field(
        default="sprint",
        description="`sprint` is the report of the sprint, `daily` a digest of what changed since the last "
        "one, on working days.",
    )
    cron: Annotated[str, AfterValidator(_line_of_crontab)] = Field(
        default="",
        description="When, as a line of crontab in the project's time zone, like `0 9 * * mon-fri`: at most "
        "every hour, days of the week by words. Both days must fit, if both are named.",
    )
    at: tuple[Moment, ...] = Field(
        default=(),
        description="Moments of each sprint, counted in its working days; `end` is the morning after.",
    )
    hour: Whole = Field(default=9, ge=0, le=23, description="Local hour of `at`.")
    deliver: tuple[Target, ...] = Field(
        default=("tracker",),
        min_length=1,
        description="Where it goes: `tracker`, one work item for each sprint, edited in place (a digest is a "
        "comment on it); `wiki`, a page in Azure DevOps; `slack:env:NAME` and `teams:env:NAME` (or "
        "`file:PATH` in place of `env:NAME`), where the secret address of a webhook is found; "
        "`mail:` and an address; `file:` and a folder.",
    )
    missed: Literal["catch-up", "skip"] = Field(
        default="catch-up",
        description="What becomes of a report that was missed by more than an hour: the last of them is made "
        "up to a week later, or it is skipped.",
    )
    quiet: Literal["skip", "say"] = Field(
        default="skip", description="Whether a digest is sent where nothing changed."
    )
    _addresses: dict[str, SecretStr] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _fits(self, info: ValidationInfo) -> Self:
        lost: list[tuple[tuple[str | int, ...], str]] = []
        is_daily = self.kind == "daily"
        if not self.cron and (is_daily or not self.at):
            lost.append((("kind",), 'needs "cron" too' if is_daily else 'needs "cron" too, or "at"'))
        if is_daily and self.at:
            lost.append((("at",), 'is for reports of kind "sprint"'))
        for place, target in enumerate(self.deliver):
            if complaint := self._find_complaint(target, info):
                lost.append((("deliver", place), complaint))
        if lost:
            raise MisfitError(*lost)
        return self

    def address_of(self, target: str) -> str:
        """The secret address that a chat's target refers to."""
        return self._addresses[target].get_secret_value()

    def _find_complaint(self, target: str, info: ValidationInfo) -> str | None:
        chat, _, reference = target.partition(":")
        if target == "wiki" and self.kind == "daily":
            return "keeps the reports of sprints, and no digests"
        if chat not in _CHATS:
            return None
        try:
            address = resolve(reference, info)
        except ValueError as error:
            return str(error)
        if complaint := _find_flaw(address):
            return complaint
        self._addresses[target] = SecretStr(address)
        return None


def _find_flaw(address: str) -> str | None:
    """What is wrong with the address of a webhook, in words that do not show it."""
    if not re.fullmatch(r"[!-~]+", address):
        return "refers to an address with blanks or other letters than those of ASCII"
    try:
        parts = urlsplit(address)
        is_https = parts.scheme == "https" and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_https = False
    if not is_https or "@" in parts.netloc or parts.fragment:
        return "refers to what is no https:// address of a webhook"
    return None
