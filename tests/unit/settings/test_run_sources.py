"""Sources of runs: who may report, and for which project."""

import pytest

from trainboard.settings import SettingsError, load

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


ARTIFACTS = '[[sources]]\nkind = "artifacts"\nname = "left"\nproject = "churn"\n'
WAY_IN = '[github]\ntoken = "t"\n'
AZURE = '[azure_devops]\norganization_url = "https://dev.azure.com/acme"\ntoken = "t"\n'


def project(name, code):
    return f'[[projects]]\nname = "{name}"\ntracker = "local"\ncode = "{code}"\n'


@pytest.mark.parametrize(
    "text",
    [
        WAY_IN + project("churn", "github:acme/churn"),
        AZURE + project("churn", "github:acme/churn"),
        AZURE + project("churn", "azure-repos:acme/Churn/churn"),
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
