"""Sources of runs: kinds of `[[sources]]` by which experiments come in."""

from typing import Literal

from pydantic import Field, model_validator

from trainboard.settings.entra import ClientId, ClientSecret, Identity, TenantId, list_misfits
from trainboard.settings.entra_callers import AudienceOrEmpty, PrincipalId
from trainboard.settings.named import KIND, NamedSource
from trainboard.settings.values import (
    GithubIssuer,
    MisfitError,
    OptionalSecret,
    Positive,
    Secret,
    StandardWebhooksSecret,
    TenantIdOrEmpty,
    Text,
    Url,
    UrlOrEmpty,
    WandbProject,
    WorkspaceUrl,
)

_REPOSITORY = (
    "The only repository whose runs are taken, `owner/name` as its address has it; a run that names another "
    "is refused. Empty: any."
)

_NO_WAY_IN = (
    'needs "secrets", or "github_repository_ids" and "github_owner_id", or "entra_tenant", "entra_audience" '
    'and "entra_principals"'
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
    """Jobs that report their own runs.

    Any sender of run events that can sign, jobs of GitHub Actions, or whoever has an identity in Microsoft
    Entra, like a service connection of Azure Pipelines.
    """

    kind: Literal["runs"] = Field(description=KIND)
    secrets: tuple[StandardWebhooksSecret, ...] = Field(
        default=(),
        max_length=5,
        description="Secrets of the senders in the form of Standard Webhooks, `whsec_` and base64; "
        "any of them is believed. None: only jobs of `github_repository_ids`, and `entra_principals`, are.",
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
    entra_tenant: TenantIdOrEmpty = Field(
        default="",
        description="Id of the Microsoft Entra tenant that gives `entra_principals` their tokens.",
    )
    entra_audience: AudienceOrEmpty = Field(
        default="",
        description="The application that stands for this service in that tenant, as tokens name it: its "
        "application id URI, like `api://trainboard`, or its client id.",
    )
    entra_principals: tuple[PrincipalId, ...] = Field(
        default=(),
        max_length=100,
        description="Who reports with a token of that tenant and needs no secret: ids of objects (`oid`), or "
        "of applications (`azp`, `appid`). `az ad sp show --id CLIENT_ID --query id` prints that of a "
        "service connection's object.",
    )
    entra_authority: Url = Field(
        default="https://login.microsoftonline.com",
        description="Where the tenant's signing keys are fetched; another cloud of Azure has another.",
    )
    repository: str = Field(default="", description=_REPOSITORY)

    @model_validator(mode="after")
    def _known_somehow(self) -> "RunsSource":
        if self.github_repository_ids and self.github_owner_id is None:
            raise MisfitError((("github_repository_ids",), 'needs "github_owner_id" too'))
        if self.github_owner_id is not None and not self.github_repository_ids:
            raise MisfitError((("github_owner_id",), 'needs "github_repository_ids" too'))
        self._check_entra()
        if not (self.secrets or self.github_repository_ids or self.entra_principals):
            raise MisfitError((("name",), _NO_WAY_IN))
        return self

    def _check_entra(self) -> None:
        parts = ("entra_tenant", "entra_audience", "entra_principals")
        lacking = [f'"{part}"' for part in parts if not getattr(self, part)]
        if 0 < len(lacking) < len(parts):
            given = next(part for part in parts if getattr(self, part))
            raise MisfitError(((given,), f"needs {' and '.join(lacking)} too"))


class ArtifactsSource(_RunSource):
    """Artifacts in which jobs of the project's `code` leave reports of their runs: no job needs a secret.

    They are read when a workflow run of GitHub Actions or a run of Azure Pipelines ended.
    """

    kind: Literal["artifacts"] = Field(description=KIND)
    artifacts: tuple[Text, ...] = Field(
        default=("trainboard-run*",),
        min_length=1,
        max_length=20,
        description="Globs of the artifacts; upper and lower case are alike. Every `.json` in them is a "
        "report.",
    )
    forks: bool = Field(
        default=False,
        description="Take the reports of pull requests from forks too. Whoever opens one makes up its "
        "numbers: they are shown, and are evidence for no metric gate.",
    )


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


class AzureMlSource(_RunSource):
    """A workspace of Azure Machine Learning, which is polled; a source `event-grid` takes its events."""

    kind: Literal["azure-ml"] = Field(description=KIND)
    url: WorkspaceUrl = Field(
        description="Tracking address of the workspace, `azureml://` or `https://`, as `az ml workspace show "
        "--query mlflow_tracking_uri` prints it."
    )
    auth: Identity = Field(
        default="managed-identity",
        description="The identity of Microsoft Entra that reads; it needs the extra `entra`.",
    )
    tenant_id: TenantId = ""
    client_id: ClientId = ""
    client_secret: ClientSecret = None
    resource_manager: Url = Field(
        default="https://management.azure.com",
        description="Azure Resource Manager, for which tokens are asked; another cloud of Azure has another.",
    )

    @model_validator(mode="after")
    def _keys_fit(self) -> "AzureMlSource":
        findings = [((key,), complaint) for key, complaint in list_misfits(self, self.auth)]
        if findings:
            raise MisfitError(*findings)
        return self
