"""Linters find nothing in what is no Python: the Dockerfile, scripts, steps for pipelines, and examples."""

import os
import re
import subprocess
import sys
import sysconfig
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SCRIPTS = [".ci/run", "benchmarks/install.sh", "integrations/report-run.sh", "tests/peers/*.sh"]
STEPS = sorted((ROOT / "integrations").glob("*/*.yml"))
PAGES = sorted((ROOT / "docs").glob("*.md"))
COMMIT = "0" * 40
JUDGED = {
    "bot/trainboard/forms/*.yml": "tests/unit/test_plan_sections.py",
    "config/alertmanager.example.yml": "tests/unit/test_alertmanager_example.py",
    "config/compose*.yaml": "tests/unit/test_compose.py",
    "config/kubernetes/*": "tests/unit/test_kubernetes.py",
    "config/prometheus/adapter.values.yaml": "tests/unit/test_kubernetes.py",
    "config/prometheus/*.rules.yml": "tests/unit/test_prometheus_rules.py",
    "integrations/*": "tests/unit/integrations/test_steps.py",
    "mkdocs.yml": "tests/unit/test_site.py",
}


def run(program, *arguments, **options):
    """A linter of the development environment; what it finds fails the test."""
    path = Path(sysconfig.get_path("scripts")) / program
    done = subprocess.run([path, *arguments], capture_output=True, text=True, check=False, **options)
    assert 0 == done.returncode, done.stdout + done.stderr


def check_schema(schema, file):
    command = ["-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", file]
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stdout


def list_files(*patterns):
    return sorted(path for pattern in patterns for path in ROOT.glob(pattern))


def examples(pattern):
    """YAML in the pages that has a line like that, with what people fill in filled in."""
    for page in PAGES:
        fences = re.findall(r"^```yaml\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)
        for text in fences:
            if re.search(pattern, text, re.MULTILINE):
                yield page.name, text.replace("<commit>", COMMIT)


WORKFLOWS = list(examples(r"runs-on:"))
AZURE = list(examples(r"template: integrations/|^  - \{ name: .*, type: "))


def test_the_dockerfile():
    """Says hadolint: small layers, no root, exec forms."""
    run("hadolint", "--failure-threshold", "style", ROOT / "Dockerfile")


@pytest.mark.parametrize("script", list_files(*SCRIPTS), ids=lambda path: path.name)
def test_scripts(script):
    """Says shellcheck."""
    run("shellcheck", "--external-sources", script.name, cwd=script.parent)


def scripts_of(document):
    for step in document.get("runs", document)["steps"]:
        found = step.get("run") or step.get("bash") or step.get("inputs", {}).get("inlineScript")
        if found:
            yield found


@pytest.mark.parametrize("file", STEPS, ids=lambda path: path.stem)
def test_scripts_in_steps(file, tmp_path):
    """Says shellcheck again: each runs on a machine of somebody else."""
    for number, script in enumerate(scripts_of(yaml.safe_load(file.read_text()))):
        path = tmp_path / f"{number}.sh"
        path.write_text(script)
        run("shellcheck", "--shell=bash", "--exclude=SC2016", path)  # $( in quotes is Azure's


@pytest.mark.parametrize(("page", "text"), WORKFLOWS, ids=lambda value: value[:12])
def test_workflows_in_pages(page, text, tmp_path):
    """GitHub's schema knows them, and a linter for security finds nothing."""
    workflow = text if re.search(r"^on:", text, re.MULTILINE) else f"on: push\npermissions: {{}}\n{text}"
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "train.yml").write_text(workflow)
    check_schema("github-workflows", folder / "train.yml")
    run("zizmor", "--offline", "--quiet", folder, env=os.environ | {"NO_COLOR": "1"})


@pytest.mark.parametrize(("page", "text"), AZURE, ids=lambda value: value[:12])
def test_pipelines_in_pages(page, text, tmp_path):
    """The schema of Azure Pipelines knows them."""
    (tmp_path / "azure-pipelines.yml").write_text(text if "steps:" in text else f"{text}steps: []\n")
    check_schema("azure-pipelines", tmp_path / "azure-pipelines.yml")


def test_pages_have_examples():
    """They are found."""
    assert {"deploy.md", "pipelines.md", "runs.md"} == {page for page, _ in WORKFLOWS} | {
        page for page, _ in AZURE
    }


def test_every_yaml_file_is_judged():
    """A new one is added to a test that knows what reads it."""
    listing = ["git", "-c", "safe.directory=*", "ls-files", "*.yml", "*.yaml"]
    if not (ROOT / ".git").exists():
        pytest.skip("this is no clone: git does not know which files are ours")
    listed = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split()
    judges = {file: [JUDGED[each] for each in JUDGED if fnmatch(file, each)] for file in listed}
    assert [] == [file for file, found in judges.items() if not any((ROOT / each).exists() for each in found)]
