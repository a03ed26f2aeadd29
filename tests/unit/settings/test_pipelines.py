"""Pipelines that people may start, as an operator declares them."""

from pathlib import Path

import pytest

from trainboard.settings import SettingsError, load, projects_of
from trainboard.triggers import Parameter, Pipeline

ON_GITHUB = '[[projects]]\nname = "churn"\ntracker = "github:acme/churn"\n'
IN_AZURE = (
    '[azure_devops]\norganization_url = "https://dev.azure.com/acme"\n'
    '[[projects]]\nname = "churn"\ntracker = "azure-boards:acme/Churn/Team"\n'
)
LOCAL = '[[projects]]\nname = "churn"\n'
WORKFLOW = '[[projects.pipelines]]\nkind = "workflow"\nname = "retrain"\nfile = "retrain.yml"\n'
EVENT = '[[projects.pipelines]]\nkind = "repository-dispatch"\nname = "retrain"\nevent = "retrain model"\n'
MANY = ", ".join(f"{{ name = 'p{n}' }}" for n in range(26))
AZURE = '[[projects.pipelines]]\nkind = "azure-pipeline"\nname = "retrain"\nid = 7\n'


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)


def declared(text):
    """The one pipeline of the one project."""
    Path("trainboard.toml").write_text(text, encoding="utf-8")
    [project] = projects_of(load(None, {}))
    [pipeline] = project.pipelines
    return pipeline


def complaints(text):
    """What is said of a file."""
    with pytest.raises(SettingsError) as caught:
        declared(text)
    return [str(finding) for finding in caught.value.findings]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            ON_GITHUB + WORKFLOW + 'marker = "trainboard"\ncommit = "sha"\nref = "release/1.2"\n',
            Pipeline(
                name="retrain",
                kind="workflow",
                place="github:acme/churn",
                target="retrain.yml",
                ref="release/1.2",
                marker="trainboard",
                commit="sha",
            ),
        ),
        (
            LOCAL + EVENT + 'repository = "acme/jobs"\n',
            Pipeline(
                name="retrain", kind="repository-dispatch", place="github:acme/jobs", target="retrain model"
            ),
        ),
        (
            IN_AZURE + AZURE + 'stages = ["Deploy"]\nvariables = ["seed"]\n'
            'parameters = [{ name = "seed", type = "number", default = 3 }]\n',
            Pipeline(
                name="retrain",
                kind="azure-pipeline",
                place="azure-pipelines:acme/Churn",
                target="7",
                ref="refs/heads/main",
                skippable=("Deploy",),
                parameters=(Parameter(name="seed", type="number", default=3, is_variable=True),),
            ),
        ),
        (
            LOCAL + '[[projects.pipelines]]\nkind = "local"\nname = "retrain"\ncommands = ["retrain"]\n',
            Pipeline(
                name="retrain", kind="local", place="local:churn", target="retrain", commands=("retrain",)
            ),
        ),
    ],
)
def test_a_declaration_is_a_value(text, expected):
    """Where it is follows from the project's code, unless it says so itself."""
    assert expected == declared(text)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (LOCAL + WORKFLOW, '"kind" in [[projects.pipelines]] needs "repository" too'),
        (LOCAL + AZURE, '"kind" in [[projects.pipelines]] needs "project" too'),
        (LOCAL + AZURE + 'project = "Churn"\n', 'needs "organization_url" in [azure_devops] too'),
        (ON_GITHUB + WORKFLOW.replace("retrain.yml", "../retrain.yml"), "must be the name of a file"),
        (ON_GITHUB + WORKFLOW + 'ref = "a..b"\n', "must be the name of a branch or tag"),
        (ON_GITHUB + WORKFLOW + 'ref = "--force"\n', "must be the name of a branch or tag"),
        (ON_GITHUB + WORKFLOW + WORKFLOW, 'is "retrain", which is taken by one before it'),
        (ON_GITHUB + WORKFLOW + "id = 7\n", 'unknown key "id" in [[projects.pipelines]] of kind "workflow"'),
        (ON_GITHUB + '[[projects.pipelines]]\nkind = "cron"\n', 'must be one of "workflow"'),
        (
            ON_GITHUB + WORKFLOW + 'marker = "m"\nparameters = [{ name = "m" }]\n',
            '"name" in [[projects.pipelines.parameters]] is "m", which is taken',
        ),
        (
            ON_GITHUB + WORKFLOW + 'parameters = [{ name = "size", type = "choice" }]\n',
            'is "choice" and needs "choices" too',
        ),
        (
            ON_GITHUB + WORKFLOW + 'parameters = [{ name = "size", choices = ["s"] }]\n',
            'go with "type" "choice" or "environment" alone',
        ),
        (
            ON_GITHUB + WORKFLOW + 'parameters = [{ name = "n", type = "number", default = "x" }]\n',
            '"default" in [[projects.pipelines.parameters]] does not fit: n must be a number',
        ),
        (
            ON_GITHUB + WORKFLOW + f"parameters = [{MANY}]\n",
            "are too many: a workflow takes 25 inputs",
        ),
        (
            IN_AZURE + AZURE + 'variables = ["sead"]\nparameters = [{ name = "seed" }]\n',
            'is "sead", which is no parameter; did you mean "seed"?',
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text, complaint):
    """Each by itself, with the file, the line and the key."""
    [said] = complaints(text)
    assert said.startswith("trainboard.toml:")
    assert complaint in said
