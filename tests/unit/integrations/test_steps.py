"""The ready-made steps for GitHub Actions and Azure Pipelines."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import yaml

from trainboard import __version__
from trainboard.report_run.usage import parse_arguments

ROOT = Path(__file__).parents[3]
ACTION = ROOT / "integrations" / "github-action" / "action.yml"
TEMPLATE = ROOT / "integrations" / "azure-pipelines" / "report-run.yml"
TOKEN_TEMPLATE = ROOT / "integrations" / "azure-pipelines" / "entra-token.yml"
SCRIPT = ROOT / "integrations" / "report-run.sh"
HOSTILE = "$(touch owned) `touch owned` \"; touch owned; ' && touch owned #"


@pytest.mark.parametrize(
    ("schema", "file"),
    [("github-actions", ACTION), ("azure-pipelines", TEMPLATE), ("azure-pipelines", TOKEN_TEMPLATE)],
)
def test_it_is_valid(schema, file):
    """The platform's own schema says so."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", file]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stdout


def test_the_action_is_safe():
    """A linter of actions for security finds nothing, however strict it is."""
    program = Path(sysconfig.get_path("scripts")) / "zizmor"
    command = [program, "--offline", "--persona", "auditor", "--quiet", ACTION]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stdout + done.stderr


def scripts(document):
    steps = document["runs"]["steps"] if "runs" in document else document["steps"]
    found = (
        each.get("run") or each.get("bash") or each.get("inputs", {}).get("inlineScript") for each in steps
    )
    return [each for each in found if each]


@pytest.mark.parametrize("file", [ACTION, TEMPLATE, TOKEN_TEMPLATE])
def test_nothing_is_written_into_a_script(file):
    """What people or forks name would be run."""
    document = yaml.safe_load(file.read_text())
    assert [] == [
        script for script in scripts(document) if "${{" in script or re.search(r"\$\([A-Za-z]*\.", script)
    ]


def test_the_only_action_that_is_used_is_named_by_its_commit():
    """It leaves the artifact, and a tag may be moved to another program."""
    steps = yaml.safe_load(ACTION.read_text())["runs"]["steps"]
    [used] = [step["uses"] for step in steps if "uses" in step]
    assert re.fullmatch(r"actions/upload-artifact@[0-9a-f]{40}", used)


def test_an_artifact_is_left_only_without_an_address():
    """Its name is wanted by default, and it holds the file that the step before writes."""
    _, leaving = yaml.safe_load(ACTION.read_text())["runs"]["steps"]
    assert ("inputs.url == ''", "${{ runner.temp }}/trainboard/trainboard-run.json") == (
        leaving["if"],
        leaving["with"]["path"],
    )
    _, publishing = yaml.safe_load(TEMPLATE.read_text())["steps"]
    assert "eq(variables['trainboardRun'], 'written')" in publishing["condition"]
    assert "$(Agent.TempDirectory)/trainboard-run" == publishing["publish"]
    assert all("trainboard-run-" in each for each in (leaving["with"]["name"], publishing["artifact"]))


def test_every_input_is_used():
    """An input that goes nowhere would be a promise."""
    action, template = yaml.safe_load(ACTION.read_text()), yaml.safe_load(TEMPLATE.read_text())
    assert set(action["inputs"]) == set(re.findall(r"inputs\.([\w-]+)", json.dumps(action["runs"])))
    told = json.dumps(template["steps"])
    assert {each["name"] for each in template["parameters"]} == set(re.findall(r"parameters\.(\w+)", told))
    token = yaml.safe_load(TOKEN_TEMPLATE.read_text())
    assert {each["name"] for each in token["parameters"]} == set(
        re.findall(r"parameters\.(\w+)", json.dumps(token["steps"]))
    )


def test_the_template_installs_this_version():
    """A job gets no other program because a new one is out."""
    [package] = [
        each for each in yaml.safe_load(TEMPLATE.read_text())["parameters"] if each["name"] == "package"
    ]
    assert f"trainboard=={__version__}" == package["default"]


def run_bash(folder, script, **environ):
    """A step's script, with `az` and `python3` of the test's own."""
    for name in ("az", "python3"):
        (folder / name).write_text('#!/bin/sh\n[ "$1" != account ] || exec cat "$0.answer"\nenv >env')
        (folder / name).chmod(0o755)
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-c", script],
        cwd=folder,
        env={"PATH": f"{folder}:{os.defpath}", "AGENT_TEMPDIRECTORY": str(folder), **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_token_becomes_a_secret_variable(tmp_path):
    """The audience is a text, and the log shows no token as long as the agent masks secrets."""
    [script] = scripts(yaml.safe_load(TOKEN_TEMPLATE.read_text()))
    assert 0 != run_bash(tmp_path, script, AUDIENCE=HOSTILE).returncode
    (tmp_path / "az.answer").write_text("a.b.c\n")
    done = run_bash(tmp_path, script, AUDIENCE=HOSTILE)
    said = "##vso[task.setvariable variable=TrainboardToken;isSecret=true]a.b.c\n"
    assert (0, said) == (done.returncode, done.stdout)
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize(
    ("written", "got"), [("a.b.c", "a.b.c"), ("$(TrainboardToken)", ""), ("$(TRAINBOARD_SECRET)", "")]
)
def test_a_variable_that_is_not_there_is_empty(tmp_path, written, got):
    """Azure Pipelines leaves its name as it is written."""
    step = yaml.safe_load(TEMPLATE.read_text())["steps"][0]
    environ = dict.fromkeys(step["env"], "") | {"TRAINBOARD_TOKEN": written, "TRAINBOARD_SECRET": written}
    assert 0 == run_bash(tmp_path, step["bash"], **environ).returncode
    seen = dict(line.split("=", 1) for line in (tmp_path / "env").read_text().splitlines() if "=" in line)
    assert (got, got) == (seen["TRAINBOARD_TOKEN"], seen["TRAINBOARD_SECRET"])


def run_action(folder, **inputs):
    """The action's own script, as a runner starts it; the report that it would send."""
    step = yaml.safe_load(ACTION.read_text())["runs"]["steps"][0]
    named = {
        name: re.fullmatch(r"\$\{\{ (?:inputs|strategy)\.(.*) }}", value)[1]
        for name, value in step["env"].items()
    }
    given = {"job_index": "0", "job_total": "1"} | inputs
    environ = {name: given.get(each.replace("-", "_"), "") for name, each in named.items()}
    (folder / "bin").mkdir(exist_ok=True)
    for name in ("python3", "python"):
        (folder / "bin" / name).unlink(missing_ok=True)
        (folder / "bin" / name).symlink_to(sys.executable)
    environ |= {"RUNNER_TEMP": str(folder), "GITHUB_RUN_ID": "9120447", "GITHUB_JOB": "train"}
    environ |= {"PATH": f"{folder}/bin:{os.defpath}", "GITHUB_ACTION_PATH": str(ACTION.parent)}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def told(tmp_path, monkeypatch):
    """Gives inputs to the action; the options that `report-run` would get."""

    def told(**inputs):
        package = tmp_path / "bot" / "trainboard" / "report_run"
        package.mkdir(parents=True)
        (package / "__main__.py").write_text("import json, sys; print(json.dumps(sys.argv[1:]))")
        shutil.copytree(ROOT / "integrations", tmp_path / "integrations")
        monkeypatch.setattr(f"{__name__}.ACTION", tmp_path / ACTION.relative_to(ROOT))
        done = run_action(tmp_path, **inputs)
        assert 0 == done.returncode, done.stderr
        return parse_arguments(json.loads(done.stdout), "report-run")

    return told


def test_inputs_become_options(told):
    """Lines of parameters and tags are options each; what is empty is left out."""
    options = told(
        state="success", params="lr=0.1\nopt=a b\r\n\n", tags="team=ml", metrics="m.json", strict="true"
    )
    assert ("finished", [("lr", "0.1"), ("opt", "a b")], [("team", "ml")], ["m.json"], True) == (
        options.state,
        options.param,
        options.tag,
        options.metrics,
        options.strict,
    )
    assert (None, [], None) == (options.name, options.junit, options.gpus)


def test_a_hostile_input_is_a_text(told, tmp_path):
    """A name that would be a command is a name."""
    options = told(name=HOSTILE, params=f"note={HOSTILE}\n--strict=1", state="running", model="--dry-run")
    assert (HOSTILE, ("note", HOSTILE), "--dry-run") == (options.name, options.param[0], options.model)
    assert not (tmp_path / "owned").exists()
    assert not options.strict


def test_the_action_runs_without_an_installation(tmp_path):
    """The sources beside the action are enough, and a module of the repository stands in for none of them."""
    (tmp_path / "trainboard").mkdir()
    for module in ("json.py", "trainboard/__init__.py"):
        (tmp_path / module).write_text("raise SystemExit('owned')")
    done = run_action(tmp_path, url="https://trainboard.example.com", experiment="churn", run_id="r1")
    assert (0, "") == (done.returncode, done.stdout)
    assert "The run was not reported. The variable TRAINBOARD_SECRET is empty" in done.stderr


def test_without_an_address_the_report_is_written(tmp_path):
    """No secret and no service is needed; the jobs of a matrix are runs of their own."""
    done = run_action(tmp_path, experiment="churn", job_index="3", job_total="8")
    assert 0 == done.returncode, done.stderr
    written = json.loads((tmp_path / "trainboard" / "trainboard-run.json").read_bytes())
    assert ("9120447/train-3", "churn") == (written["run"]["id"], written["experiment"]["name"])


def test_the_template_tells_that_it_wrote(tmp_path):
    """Only then is there something to publish."""
    [script] = scripts(yaml.safe_load(TEMPLATE.read_text()))
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3").write_text(
        f'#!/bin/sh\n[ "$2" = pip ] && exit\nPYTHONPATH={ROOT}/bot exec {sys.executable} "$@"\n'
    )
    (tmp_path / "bin" / "python3").chmod(0o755)
    names = set(re.findall(r"\$\{?((?:RUN|TRAINBOARD)_\w+|PACKAGE)", script))
    environ = dict.fromkeys(names, "") | {"TRAINBOARD_EXPERIMENT": "churn", "TRAINBOARD_RUN_ID": "r1"}
    environ |= {"PATH": f"{tmp_path}/bin:{os.defpath}", "AGENT_TEMPDIRECTORY": str(tmp_path)}
    environ |= {"RUN_STATE": "Succeeded", "TRAINBOARD_URL": "", "TRAINBOARD_SECRET": "$(TRAINBOARD_SECRET)"}
    command = ["bash", "--noprofile", "--norc", "-c", script]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr
    assert "##vso[task.setvariable variable=trainboardRun]written\n" in done.stdout
    assert (tmp_path / "trainboard-run" / "trainboard-run.json").exists()
