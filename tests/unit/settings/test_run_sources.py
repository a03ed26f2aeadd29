"""Sources of runs: who may report, and for which project."""

import pytest

from fakes.azure_ml import ADDRESS, WORKSPACE
from trainboard.settings import SettingsError, doors_of, load

SERVER = '[server]\npublic_url = "https://trainboard.example.com"\n[[projects]]\nname = "churn"\n'
RUNS = '[[sources]]\nkind = "runs"\nname = "ci"\nproject = "churn"\n'
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
            '"name" in [[sources]] needs "secrets", or "github_repository_ids" and "github_owner_id"',
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
    ],
)
def test_what_does_not_go_together_is_said(text, said, tmp_path):
    """A repository is bound to one project, and a token to the address of the service."""
    [complaint] = complaints(text, tmp_path)
    assert said in complaint


AZURE = f'[[sources]]\nkind = "azure-ml"\nname = "ws"\nproject = "churn"\nurl = "{ADDRESS}"\n'
PRINCIPAL = 'auth = "service-principal"\ntenant_id = "t"\nclient_id = "c"\nclient_secret = "s"\n'


@pytest.mark.parametrize(
    "auth",
    [
        "",
        'client_id = "c"\n',
        'auth = "workload-identity"\n',
        'auth = "workload-identity"\ntenant_id = "t"\nclient_id = "c"\n',
        PRINCIPAL,
    ],
)
def test_a_workspace_is_read_as_an_identity(auth, tmp_path):
    """The address as Azure prints it is enough where the machine has an identity."""
    settings = read(SERVER + AZURE + auth + 'experiments = ["churn-*"]\n', tmp_path)
    assert WORKSPACE.url == settings.sources[0].url
    [door] = doors_of(settings)
    assert ("azure-ml/ws", True, WORKSPACE.source) == (door.name, door.polled, door.reads)
    assert door.plans("churn-eu")


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
            AZURE + PRINCIPAL.replace('client_secret = "s"\n', ""),
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
