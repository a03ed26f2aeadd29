"""Sources of runs: kinds of `[[sources]]` by which experiments come in."""

from typing import Literal

from pydantic import Field, model_validator

from trainboard.settings.named import KIND, NamedSource
from trainboard.settings.values import (
    GithubIssuer,
    MisfitError,
    OptionalSecret,
    Positive,
    Secret,
    StandardWebhooksSecret,
    Text,
    Url,
    UrlOrEmpty,
    WandbProject,
)

_REPOSITORY = (
    "The only repository whose runs are taken, `owner/name` as its address has it; a run that names another "
    "is refused. Empty: any."
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
    """Jobs that report their own runs: any sender of run events that can sign, or jobs of GitHub Actions."""

    kind: Literal["runs"] = Field(description=KIND)
    secrets: tuple[StandardWebhooksSecret, ...] = Field(
        default=(),
        max_length=5,
        description="Secrets of the senders in the form of Standard Webhooks, `whsec_` and base64; "
        "any of them is believed. None: only jobs of `github_repository_ids` are.",
    )
    github_repository_ids: tuple[Positive, ...] = Field(
        default=(),
        max_length=100,
        description="Numbers of the repositories whose jobs of GitHub Actions prove themselves with a token "
        "and need no secret: `gh api repos/OWNER/NAME --jq '.id, .owner.id'` prints both numbers.",
    )
    github_owner_id: Positive | None = Field(
        default=None, description="Number of the organisation or the person that owns those repositories."
    )
    github_issuer: GithubIssuer = Field(
        default="https://token.actions.githubusercontent.com",
        description="Who signs those tokens: `https://HOST/_services/token` for a GitHub Enterprise Server, "
        "`https://token.actions.NAME.ghe.com` for GitHub Enterprise Cloud with data residency.",
    )

    repository: str = Field(default="", description=_REPOSITORY)

    @model_validator(mode="after")
    def _known_somehow(self) -> "RunsSource":
        if self.github_repository_ids and self.github_owner_id is None:
            raise MisfitError((("github_repository_ids",), 'needs "github_owner_id" too'))
        if self.github_owner_id is not None and not self.github_repository_ids:
            raise MisfitError((("github_owner_id",), 'needs "github_repository_ids" too'))
        if not self.secrets and not self.github_repository_ids:
            raise MisfitError(
                (("name",), 'needs "secrets", or "github_repository_ids" and "github_owner_id"')
            )
        return self


class DvcliveSource(_RunSource):
    """DVCLive and DVC, which tell of a run while it goes on as they would tell DVC Studio."""

    kind: Literal["dvclive"] = Field(description=KIND)
    secrets: tuple[Secret, ...] = Field(
        min_length=1,
        max_length=5,
        description="Tokens that runs are told with, `DVC_STUDIO_TOKEN` in the job; any of them is believed.",
    )
    repository: str = Field(default="", description=_REPOSITORY)


class WandbSource(_RunSource):
    """W&B: the projects of one entity are polled, and its automations hint where `secrets` are set."""

    kind: Literal["wandb"] = Field(description=KIND)
    entity: Text = Field(description="The team or the user whose projects are read.")
    api_key: Secret = Field(description="API key to read with.")
    url: Url = Field(
        default="https://api.wandb.ai", description="Address of the API; a server of one's own has another."
    )
    secrets: tuple[Secret, ...] = Field(
        default=(),
        max_length=5,
        description="Secrets, or access tokens, of the webhooks of its automations; any of them is believed. "
        "None: it is polled only.",
    )
    registries: tuple[WandbProject, ...] = Field(
        default=(),
        max_length=20,
        description="Registries whose models are read beside those of the projects that `experiments` match, "
        "like `acme-org/wandb-registry-model`, or `model-registry` for one of the entity's own.",
    )
    models: tuple[Text, ...] = Field(
        default=("*",),
        description="Globs of the models whose aliases are read, which are called `project/collection`, like "
        "`wandb-registry-model/churn-*`. None: models are not read.",
    )

    @model_validator(mode="after")
    def _registries_differ(self) -> "WandbSource":
        names = [each.rpartition("/")[2] for each in self.registries]
        if len(set(names)) < len(names):
            raise MisfitError((("registries",), "names two projects alike: their models would be mixed up"))
        return self
