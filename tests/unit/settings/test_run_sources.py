"""Sources of runs: who may report, and for which project."""

import pytest

from trainboard.settings import SettingsError, load

SERVER = '[server]\npublic_url = "https://trainboard.example.com"\n[[projects]]\nname = "churn"\n'
RUNS = '[[sources]]\nkind = "runs"\nname = "ci"\nproject = "churn"\n'
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


def test_all_models_of_wandb_are_read_unless_said_otherwise(tmp_path):
    """And none of a registry that nobody named."""
    [source] = read(WANDB, tmp_path).sources
    assert (("*",), ()) == (source.models, source.registries)
    [source] = read(
        WANDB + 'models = []\nregistries = ["acme-org/wandb-registry-model", "model-registry"]\n', tmp_path
    ).sources
    assert ((), ("acme-org/wandb-registry-model", "model-registry")) == (source.models, source.registries)
