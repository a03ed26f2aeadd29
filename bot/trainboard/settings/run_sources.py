"""Sources of runs: kinds of `[[sources]]` by which experiments come in."""

from typing import Literal

from pydantic import Field, model_validator

from trainboard.settings.named import KIND, NamedSource
from trainboard.settings.values import (
    MisfitError,
    OptionalSecret,
    Secret,
    StandardWebhooksSecret,
    Text,
    UrlOrEmpty,
)


class _RunSource(NamedSource):
    experiments: tuple[Text, ...] = Field(
        default=(),
        description="Globs of the experiments that become work items, like `churn-*`; upper and lower case "
        "differ. None: runs are kept and nothing is planned.",
    )


class MlflowSource(_RunSource):
    """An MLflow tracking server: polled at `url`, and hinted by its webhooks where `secrets` are set."""

    kind: Literal["mlflow"] = Field(description=KIND)
    url: UrlOrEmpty = Field(
        default="", description="Address of the tracking server. Empty: it is not polled, only listened to."
    )
    token: OptionalSecret = Field(default=None, description="Bearer token for the tracking server.")
    username: str = Field(default="", description="User for basic authentication, in place of a token.")
    password: OptionalSecret = Field(default=None, description="Password for basic authentication.")
    secrets: tuple[Secret, ...] = Field(
        default=(),
        max_length=5,
        description="Secrets of its webhooks; any of them is believed. None: it is polled only.",
    )

    @model_validator(mode="after")
    def _one_way_in(self) -> "MlflowSource":
        if self.token is not None and self.username:
            raise MisfitError((("token",), 'stands next to "username"; choose one'))
        if self.username and self.password is None:
            raise MisfitError((("username",), 'needs "password" too'))
        if self.password is not None and not self.username:
            raise MisfitError((("password",), 'needs "username" too'))
        if not self.url and not self.secrets:
            raise MisfitError((("name",), 'needs "url" to be polled, "secrets" to be listened to, or both'))
        return self


class RunsSource(_RunSource):
    """Jobs that report their own runs: any sender of run events that can sign."""

    kind: Literal["runs"] = Field(description=KIND)
    secrets: tuple[StandardWebhooksSecret, ...] = Field(
        min_length=1,
        max_length=5,
        description="Secrets of the senders in the form of Standard Webhooks, `whsec_` and base64; "
        "any of them is believed.",
    )
