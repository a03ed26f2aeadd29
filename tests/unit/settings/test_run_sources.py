"""Sources of runs: who may report, and for which project."""

import pytest

from fakes.azure_ml import ADDRESS, WORKSPACE
from trainboard.settings import SettingsError, doors_of, load

SERVER = '[server]\npublic_url = "https://trainboard.example.com"\n[[projects]]\nname = "churn"\n'
RUNS = '[[sources]]\nkind = "runs"\nname = "ci"\nproject = "churn"\n'
TENANT, PRINCIPAL = "3f2a6c1e-5b7d-4f0a-9a51-0c8e4d2b7f60", "5d9a4c51-2c3e-4a80-b1f0-6a7d8e9f0a1b"
WANDB = (
    SERVER + '[[sources]]\nkind = "wandb"\nname = "prod"\nproject = "churn"\nentity = "acme"\napi_key = "k"\n'
)
JOBS = "github_repository_ids = [456789]\ngithub_owner_id = 65\n"


def read(text, folder):
    """The settings of a file with `text`."""
    file = folder / "trainboard.toml"
    file.write_text(text, encoding="utf-8")
    return load(file, {})


def complaints(text, folder):
    """What is said of a file with `text`, without the file's name."""
    with pytest.raises(SettingsError) as caught:
        read(text, folder)
    return [str(finding).partition(": ")[2] for finding in caught.value.findings]


@pytest.mark.parametrize(
    "issuer",
    [
        "https://token.actions.githubusercontent.com",
        "https://token.actions.acme.ghe.com",
        "https://github.acme.example/_services/token",
    ],
)
def test_jobs_need_no_secret(issuer, tmp_path):
    """Repositories and their owner are enough, on each GitHub that there is."""
    [source] = read(f'{SERVER}{RUNS}{JOBS}github_issuer = "{issuer}"\n', tmp_path).sources
    assert ((456789,), 65, issuer, ()) == (
        source.github_repository_ids,
        source.github_owner_id,
        source.github_issuer,
        source.secrets,
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            SERVER + RUNS,
            (
                '"name" in [[sources]] needs "secrets", or "github_repository_ids" and "github_owner_id", or '
                '"entra_tenant", "entra_audience" and "entra_principals"'
            ),
        ),
        (SERVER + RUNS + "github_repository_ids = [1]\n", 'needs "github_owner_id" too'),
        (SERVER + RUNS + "github_owner_id = 1\n", 'needs "github_repository_ids" too'),
        (SERVER + RUNS + "github_repository_ids = [0]\ngithub_owner_id = 1\n", "github_repository_ids"),
        (
            SERVER + RUNS + JOBS + 'github_issuer = "https://evil.example.com"\n',
            '"github_issuer" in [[sources]] must be',
        ),
        (
            SERVER + RUNS + JOBS + 'github_issuer = "http://token.actions.githubusercontent.com"\n',
            "must be https://",
        ),
        (
            '[[projects]]\nname = "churn"\n' + RUNS + JOBS,
            'needs "public_url" in [server] too: a token is for an address',
        ),
        (
            SERVER + RUNS + JOBS + RUNS.replace('"ci"', '"other"') + JOBS,
            "has 456789, which is bound to a source before it",
        ),
        (WANDB + 'registries = ["acme/a/b"]\n', "must be a project of W&B, as entity/project"),
        (WANDB + 'registries = [""]\n', "must be a project of W&B, as entity/project"),
        (
            WANDB + 'registries = ["acme/models", "rival/models"]\n',
            '"registries" in [[sources]] names two projects',
        ),
        (WANDB + 'models = [""]\n', '"models" in [[sources]]'),
    ],
)
def test_what_does_not_go_together_is_said(text, said, tmp_path):
    """A repository is bound to one project, and a token to the address of the service."""
    [complaint] = complaints(text, tmp_path)
    assert said in complaint


AZURE = f'[[sources]]\nkind = "azure-ml"\nname = "ws"\nproject = "churn"\nurl = "{ADDRESS}"\n'
SERVICE_PRINCIPAL = 'auth = "service-principal"\ntenant_id = "t"\nclient_id = "c"\nclient_secret = "s"\n'


@pytest.mark.parametrize(
    "auth",
    [
        "",
        'client_id = "c"\n',
        'auth = "workload-identity"\n',
        'auth = "workload-identity"\ntenant_id = "t"\nclient_id = "c"\n',
        SERVICE_PRINCIPAL,
    ],
)
def test_a_workspace_is_read_as_an_identity(auth, tmp_path):
    """The address as Azure prints it is enough where the machine has an identity."""
    settings = read(SERVER + AZURE + auth + 'experiments = ["churn-*"]\n', tmp_path)
    assert WORKSPACE.url == settings.sources[0].url
    [door] = doors_of(settings)
    assert ("azure-ml/ws", True, WORKSPACE.source) == (door.name, door.polled, door.reads)
    assert door.plans("churn-eu")


def entra(audience="api://trainboard", principal=PRINCIPAL, name="ci", tenant=TENANT):
    """A source that believes a principal."""
    source = RUNS.replace('"ci"', f'"{name}"') + f'entra_tenant = "{tenant}"\n'
    return f'{source}entra_audience = "{audience}"\nentra_principals = ["{principal}"]\n'


@pytest.mark.parametrize("audience", ["api://trainboard", f"api://{TENANT}", TENANT])
def test_principals_need_no_secret(audience, tmp_path):
    """Tenant, audience and principals are enough, without an address of our own."""
    [source] = read(f'[[projects]]\nname = "churn"\n{entra(audience)}', tmp_path).sources
    assert ((PRINCIPAL,), ()) == (source.entra_principals, source.secrets)


@pytest.mark.parametrize(
    "audience",
    [
        "api://AzureADTokenExchange",
        "API://azureadtokenexchange",
        "api://AzureADTokenExchangeUSGov",
        "api://AzureADTokenExchangeChina",
        "fb60f99c-7a34-4190-8149-302f77469936",
        "FB60F99C-7A34-4190-8149-302F77469936",
        "api://fb60f99c-7a34-4190-8149-302f77469936",
    ],
)
def test_tokens_for_the_exchange_are_never_believed(audience, tmp_path):
    """A service connection gives them to every relying party, which could use them here."""
    [complaint] = complaints(SERVER + entra(audience), tmp_path)
    assert '"entra_audience" in [[sources]] must ' in complaint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            AZURE.replace(ADDRESS, "https://mlflow.example.com"),
            '"url" in [[sources]] must be the tracking address of a workspace',
        ),
        (AZURE.replace("azureml://", "http://"), "must be the tracking address of a workspace"),
        (AZURE + 'client_secret = "s"\n', 'does not go with auth = "managed-identity"'),
        (AZURE + 'tenant_id = "t"\n', 'does not go with auth = "managed-identity"'),
        (
            AZURE + SERVICE_PRINCIPAL.replace('client_secret = "s"\n', ""),
            '"auth" in [[sources]] is "service-principal" and needs "client_secret" too',
        ),
        (AZURE + 'auth = "token"\n', '"auth" in [[sources]] must be'),
        (AZURE + 'secrets = ["s"]\n', 'unknown key "secrets" in [[sources]] of kind "azure-ml"'),
    ],
)
def test_what_a_workspace_cannot_have_is_said(text, said, tmp_path):
    """With the key that is wrong."""
    [complaint] = complaints(SERVER + text, tmp_path)
    assert said in complaint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RUNS + f'entra_tenant = "{TENANT}"\n', '"entra_tenant" in [[sources]] needs "entra_audience" and'),
        (RUNS + 'entra_audience = "api://trainboard"\n', 'needs "entra_tenant" and "entra_principals" too'),
        (RUNS + f'entra_principals = ["{PRINCIPAL}"]\n', 'needs "entra_tenant" and "entra_audience" too'),
        (entra().replace(f'["{PRINCIPAL}"]', "[]"), 'needs "entra_principals" too'),
        (entra("https://management.azure.com"), "must be the client id of an application, or its"),
        (entra("api://"), "must be the client id"),
        (entra(principal="trainboard-ci"), "must be the id of an object or an application"),
        (entra(tenant="acme.example"), "must be the id of a tenant"),
        (entra() + entra(name="other"), f"has {PRINCIPAL}, which is bound to a source before it"),
        (
            entra(TENANT) + entra(f"api://{TENANT.upper()}", PRINCIPAL.upper(), "other", TENANT.upper()),
            f"has {PRINCIPAL}, which is bound to a source before it",
        ),
    ],
)
def test_half_a_trust_and_a_shared_one_are_refused(text, said, tmp_path):
    """Whoever reports by a token reports to one project."""
    [complaint] = complaints(SERVER + text, tmp_path)
    assert said in complaint


def test_one_principal_may_report_to_two_projects_by_two_audiences(tmp_path):
    """Then the job decides by the token that it asks for."""
    text = SERVER + entra() + entra("api://other", name="other")
    assert 2 == len(read(text, tmp_path).sources)


ARTIFACTS = '[[sources]]\nkind = "artifacts"\nname = "left"\nproject = "churn"\n'
WAY_IN = '[github]\ntoken = "t"\n'
DEVOPS = '[azure_devops]\norganization_url = "https://dev.azure.com/acme"\ntoken = "t"\n'


def project(name, code):
    return f'[[projects]]\nname = "{name}"\ntracker = "local"\ncode = "{code}"\n'


@pytest.mark.parametrize(
    "text",
    [
        WAY_IN + project("churn", "github:acme/churn"),
        DEVOPS + project("churn", "github:acme/churn"),
        DEVOPS + project("churn", "azure-repos:acme/Churn/churn"),
    ],
)
def test_artifacts_need_a_way_in_and_no_secret(text, tmp_path):
    """Code on GitHub may be trained on Azure Pipelines too; forks must be wanted."""
    source = read(text + ARTIFACTS, tmp_path).sources[0]
    assert (("trainboard-run*",), False, ()) == (source.artifacts, source.forks, source.experiments)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (project("churn", "local") + ARTIFACTS, 'needs a "code" that is a repository'),
        (project("churn", "github:acme/churn") + ARTIFACTS, "[github] or [azure_devops] names no way in"),
        (
            '[azure_devops]\norganization_url = "https://dev.azure.com/acme"\n'
            + project("churn", "azure-repos:acme/Churn/churn")
            + ARTIFACTS,
            "[azure_devops] names no way in",
        ),
        (
            WAY_IN
            + project("churn", "github:acme/churn")
            + project("risk", "github:Acme/Churn")
            + ARTIFACTS
            + ARTIFACTS.replace("churn", "risk").replace("left", "other"),
            'is of "github:Acme/Churn", which is bound to a source before it',
        ),
        (WAY_IN + project("churn", "github:acme/churn") + ARTIFACTS + "artifacts = []\n", "artifacts"),
        (WAY_IN + project("churn", "github:acme/churn") + ARTIFACTS.replace('"churn"', '"x"'), "no project"),
    ],
)
def test_artifacts_are_of_one_project_that_we_may_ask_about(text, said, tmp_path):
    """What is in the way is said."""
    [complaint] = complaints(text, tmp_path)
    assert said in complaint


def test_all_models_of_wandb_are_read_unless_said_otherwise(tmp_path):
    """And none of a registry that nobody named."""
    [source] = read(WANDB, tmp_path).sources
    assert (("*",), ()) == (source.models, source.registries)
    [source] = read(
        WANDB + 'models = []\nregistries = ["acme-org/wandb-registry-model", "model-registry"]\n', tmp_path
    ).sources
    assert ((), ("acme-org/wandb-registry-model", "model-registry")) == (source.models, source.registries)
