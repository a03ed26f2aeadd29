"""The access to the platforms: sections `[github]` and `[azure_devops]`."""

from collections.abc import Iterator

from pydantic import Field, model_validator

from trainboard.settings.entra import Auth, ClientId, ClientSecret, Misfit, TenantId, list_misfits
from trainboard.settings.places import OrganizationUrl
from trainboard.settings.section import Section
from trainboard.settings.values import (
    BasicUser,
    MisfitError,
    OptionalBasicPassword,
    OptionalSecret,
    OptionalToken,
    Positive,
    Secret,
    SubscriptionId,
    Url,
)


class GitHub(Section):
    """The access to GitHub: an App (`app_id` and `private_key`) or a `token`, and its webhooks."""

    api_url: Url = Field(
        default="https://api.github.com",
        description="GitHub's REST API; for GitHub Enterprise Server `https://HOST/api/v3`.",
    )
    app_id: Positive | None = Field(default=None, description="Number of the GitHub App.")
    private_key: OptionalSecret = Field(
        default=None,
        description='Private key of the GitHub App in PEM form, best as `"file:github-app.pem"`.',
    )
    token: OptionalSecret = Field(
        default=None, description="Personal access token, for a try-out or a single repository."
    )
    webhook_secrets: tuple[Secret, ...] = Field(
        default=(),
        max_length=5,
        description="Secrets of the webhooks. Any of them is believed, so that one can be rotated; "
        "none: GitHub's webhooks are refused.",
    )

    @property
    def has_way_in(self) -> bool:
        """True if the bot can sign in."""
        return self.token is not None or self.app_id is not None

    @model_validator(mode="after")
    def _one_way_in(self) -> "GitHub":
        if self.token is not None and (self.app_id is not None or self.private_key is not None):
            raise MisfitError((("token",), "stands next to a GitHub App (app_id, private_key); choose one"))
        if self.app_id is not None and self.private_key is None:
            raise MisfitError((("app_id",), 'needs "private_key" too'))
        if self.private_key is not None and self.app_id is None:
            raise MisfitError((("private_key",), 'needs "app_id" too'))
        return self


class AzureDevOps(Section):
    """The access to one organisation of Azure DevOps, or to a collection of a server, and its webhooks."""

    organization_url: OrganizationUrl = Field(
        default="",
        description="The organisation, `https://dev.azure.com/acme` or `https://acme.visualstudio.com`; for "
        "Azure DevOps Server the address of the collection.",
    )
    auth: Auth = Field(
        default="token",
        description="How the bot signs in: with `token`, or with an identity of Microsoft Entra, which needs "
        "the extra `entra`.",
    )
    token: OptionalToken = Field(
        default=None, description="Personal access token for this organisation alone, with few scopes."
    )
    tenant_id: TenantId = ""
    client_id: ClientId = ""
    client_secret: ClientSecret = None
    work_item_type: str = Field(
        default="",
        max_length=128,
        description="Type of the work items that experiments become, as the project calls it. Empty: the one "
        "that the team's backlog holds, such as `User Story`.",
    )
    webhook_user: BasicUser = Field(
        default="trainboard",
        description="User with whom service hooks prove themselves, by basic authentication.",
    )
    webhook_password: OptionalBasicPassword = Field(
        default=None, description="Password of that user. None: service hooks are refused."
    )
    previous_webhook_password: OptionalBasicPassword = Field(
        default=None,
        description="The password before it, believed as well while service hooks are changed over.",
    )
    subscriptions: tuple[SubscriptionId, ...] = Field(
        default=(),
        description="Ids of the service hooks that are believed. None: any that knows the password.",
    )

    @property
    def has_way_in(self) -> bool:
        """True if the bot can sign in."""
        return self.token is not None or self.auth != "token"

    @model_validator(mode="after")
    def _keys_fit(self) -> "AzureDevOps":
        findings = [*self._list_misfits_of_auth(), *self._list_lonely()]
        if findings:
            raise MisfitError(*(((key,), predicate) for key, predicate in findings))
        return self

    def _list_misfits_of_auth(self) -> Iterator[Misfit]:
        yield from list_misfits(self, self.auth)
        if self.token is not None and self.auth != "token":
            yield "token", f'stands next to auth = "{self.auth}"; choose one'

    def _list_lonely(self) -> Iterator[Misfit]:
        """Keys that say nothing without another one."""
        if not self.organization_url and (self.token is not None or self.auth != "token"):
            yield ("auth" if self.token is None else "token"), 'needs "organization_url" too'
        if self.previous_webhook_password is not None and self.webhook_password is None:
            yield "previous_webhook_password", 'needs "webhook_password" too'
