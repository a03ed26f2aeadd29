"""Sources of alerts: kinds of `[[sources]]` by which bugs come in."""

from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from trainboard.settings.named import KIND, NamedSource
from trainboard.settings.section import Section
from trainboard.settings.values import (
    MisfitError,
    OptionalSecret,
    Secret,
    SubscriptionIdOrEmpty,
    TenantIdOrEmpty,
    Text,
    Url,
    UrlOrEmpty,
    Whole,
)

SeverityWord = Literal["critical", "error", "warning", "info"]


class Bugs(Section):
    """How the alerts of a source become bugs: `bugs` of an entry of `[[sources]]`."""

    identity: tuple[Text, ...] = Field(
        default=(),
        description="Labels that tell problems of one rule apart; one bug for each of their values. None: "
        "as the sender groups its alerts.",
    )
    severities: dict[str, SeverityWord] = Field(
        default_factory=dict,
        description="What the sender's words for severities mean, in small letters; "
        "`critical`, `error`, `warning` or `info`. The usual words are known.",
    )
    sprint_from: SeverityWord = Field(
        default="error",
        description="Bugs at least as bad as this go into the current sprint, others into the backlog.",
    )
    assignees: dict[str, tuple[Text, ...]] = Field(
        default_factory=dict,
        description="To whom bugs are assigned, names in the tracker by an alert's label, "
        '`{"team=ml-*" = ["ada"]}`; the value is a glob and the first that fits counts.',
    )
    areas: dict[str, Text] = Field(
        default_factory=dict,
        description='Paths of areas of Azure Boards by an alert\'s label, `{"team=ml-*" = "Churn\\\\ML"}`.',
    )
    shown_labels: tuple[Text, ...] = Field(
        default=(), max_length=20, description="Labels of alerts that become labels of the bug, `name:value`."
    )
    model: str = Field(
        default="",
        description="The model that is watched, as the registry calls it, where the alerts do not say so in "
        "a label `model`.",
    )
    debounce_seconds: Whole = Field(
        default=2, ge=0, le=300, description="How long news is gathered before a bug is made."
    )
    edit_seconds: Whole = Field(
        default=60,
        ge=0,
        le=3600,
        description="Least time between two edits of one bug. What only became better waits for an hour.",
    )
    hold_minutes: Whole = Field(
        default=10, ge=0, le=1440, description="How long nothing must fire before the bug is closed."
    )
    reopen_days: Whole = Field(
        default=7,
        ge=0,
        le=365,
        description="A problem that comes back so soon opens its bug again; a later one gets a new bug.",
    )
    stale_hours: Whole = Field(
        default=6,
        ge=1,
        le=720,
        description="What nobody tells of any more counts as over after this time, at the least.",
    )
    storm_problems: Whole = Field(
        default=5,
        ge=1,
        le=100,
        description="New problems of one rule within a minute before they become one bug together.",
    )

    @field_validator("assignees", "areas")
    @classmethod
    def _labels_have_values(cls, owners: dict[str, Any]) -> dict[str, Any]:
        for key in owners:
            if not all(key.partition("=")):
                raise ValueError('must name a label and its value, like "team=ml"')
        return owners


class _AlertSource(NamedSource):
    secrets: tuple[Secret, ...] = Field(
        default=(),
        max_length=5,
        description="What the sender proves itself with: tokens, or passwords of `user`. Any of them is "
        "believed, so that one can be rotated. None: its webhooks are refused.",
    )
    bugs: Bugs = Field(
        default=Bugs(), description="How its alerts become bugs.", json_schema_extra={"default": {}}
    )


class _AskedSource(_AlertSource):
    user: str = Field(
        default="",
        description="User with whom the sender gives one of `secrets` as a password. Empty: they are tokens.",
    )
    url: UrlOrEmpty = Field(
        default="",
        description="Address at which the bot asks for the alerts that there are, to find those that ended "
        "without a word. Empty: they are closed after `stale_hours`.",
    )
    url_token: OptionalSecret = Field(default=None, description="Bearer token for `url`.")
    url_user: str = Field(default="", description="User for basic authentication at `url`.")
    url_password: OptionalSecret = Field(default=None, description="Password of `url_user`.")
    receiver: str = Field(
        default="",
        description="Name of the receiver, or contact point, there that sends to this source: what is at "
        "`url` for it and was never told becomes a bug too. Empty: only known alerts are looked at.",
    )


class _AzureSource(_AlertSource):
    """A service of Azure, which may prove itself with tokens of Microsoft Entra in place of a secret."""

    entra_tenant: TenantIdOrEmpty = Field(
        default="",
        description="Id of the Microsoft Entra tenant whose tokens are believed. Empty: only `secrets` are.",
    )
    entra_audience: str = Field(
        default="",
        description="The application that stands for this service in that tenant, as tokens name it: its "
        "client id or its application id URI.",
    )
    entra_authority: Url = Field(
        default="https://login.microsoftonline.com",
        description="Where the tenant's signing keys are fetched; another cloud of Azure has another.",
    )

    @model_validator(mode="after")
    def _whole_trust(self) -> Self:
        if self.entra_tenant and not self.entra_audience:
            raise MisfitError((("entra_tenant",), 'needs "entra_audience" too'))
        if self.entra_audience and not self.entra_tenant:
            raise MisfitError((("entra_audience",), 'needs "entra_tenant" too'))
        return self


class AlertmanagerSource(_AskedSource):
    """A Prometheus Alertmanager that sends webhooks."""

    kind: Literal["alertmanager"] = Field(description=KIND)


class GrafanaSource(_AskedSource):
    """Grafana Alerting with a contact point of the kind webhook."""

    kind: Literal["grafana"] = Field(description=KIND)
    hmac_secrets: tuple[Secret, ...] = Field(
        default=(),
        max_length=5,
        description="Secrets of the contact point's HMAC signature, in place of `secrets`; any is believed.",
    )
    hmac_header: Text = Field(
        default="X-Grafana-Alerting-Signature", description="Header that holds the signature."
    )
    hmac_timestamp_header: str = Field(
        default="",
        description="Header that holds the time which is signed too, as the contact point names it: then "
        "old messages are refused. Empty: none.",
    )

    @model_validator(mode="after")
    def _one_proof(self) -> Self:
        if self.hmac_secrets and self.secrets:
            raise MisfitError((("hmac_secrets",), 'stands next to "secrets"; choose one'))
        return self


class AzureMonitorSource(_AzureSource):
    """An action group of Azure Monitor with the common alert schema."""

    kind: Literal["azure-monitor"] = Field(description=KIND)
    entra_role: str = Field(
        default="ActionGroupsSecureWebhook",
        description="Role of that application that a token must have. Empty: none.",
    )
    subscription: SubscriptionIdOrEmpty = Field(
        default="",
        description="Id of the subscription whose list of alerts the bot reads, to find those that ended "
        "without a word. Empty: they are closed after `stale_hours`.",
    )
    reader_tenant: TenantIdOrEmpty = Field(
        default="", description="Tenant of the service principal that reads. Empty: a managed identity does."
    )
    reader_client_id: str = Field(
        default="",
        description="Client id of that service principal, or of a managed identity that the user assigned.",
    )
    reader_client_secret: OptionalSecret = Field(
        default=None, description="Secret of that service principal."
    )
    resource_manager: Url = Field(
        default="https://management.azure.com",
        description="Azure Resource Manager; another cloud of Azure has another.",
    )

    @model_validator(mode="after")
    def _whole_reader(self) -> Self:
        parts = (self.reader_tenant, self.reader_client_id, self.reader_client_secret)
        if (self.reader_tenant or self.reader_client_secret) and not all(parts):
            needs = 'needs "reader_tenant", "reader_client_id" and "reader_client_secret"'
            raise MisfitError((("reader_client_secret",), needs))
        return self


class EventGridSource(_AzureSource):
    """A subscription of Azure Event Grid, in its own schema or as CloudEvents."""

    kind: Literal["event-grid"] = Field(description=KIND)
    entra_role: str = Field(
        default="AzureEventGridSecureWebhookSubscriber",
        description="Role of that application that a token must have. Empty: none.",
    )
    experiments: tuple[Text, ...] = Field(
        default=(),
        description="Globs of the experiments of Azure Machine Learning whose runs become work items. None: "
        "runs are kept and nothing is planned.",
    )


class EvidentlySource(_AlertSource):
    """Reports and test suites of Evidently, posted by the job that makes them."""

    kind: Literal["evidently"] = Field(description=KIND)


class CloudEventsSource(_AlertSource):
    """Any sender of CloudEvents that tell of alerts."""

    kind: Literal["cloudevents"] = Field(description=KIND)


AlertSource = (
    AlertmanagerSource
    | GrafanaSource
    | AzureMonitorSource
    | EventGridSource
    | EvidentlySource
    | CloudEventsSource
)
