"""The command without a network."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import trainboard
from trainboard.cli import main as command_line
from trainboard.report_run.command import main

BOT = Path(trainboard.__file__).parent.parent
SMALLEST = ("--experiment", "churn", "--run-id", "r1")
SECRET = "whsec_" + "QUFB" * 8


@pytest.fixture(autouse=True)
def nowhere(monkeypatch):
    """No variables of the machine that runs the tests."""
    for name in os.environ:
        if name.startswith(("GITHUB_", "ACTIONS_", "TRAINBOARD_", "TF_BUILD")):
            monkeypatch.delenv(name)


LOADED = """
from trainboard.report_run.command import main
main(arguments)
print(*sorted(m for m in sys.modules if m.split(".")[0] not in sys.stdlib_module_names))
"""
CONSOLE = """
sys.argv = ["trainboard", "report-run", *arguments]
from trainboard.__main__ import main
try:
    main()
except SystemExit as end:
    print(end.code, *(m for m in ("click", "trainboard.cli") if m in sys.modules))
"""


def run_alone(code, *arguments, **environ):
    """Run `code` in a Python that sees the standard library and the sources only; its output by lines."""
    script = f"import sys\nsys.path.insert(0, {str(BOT)!r})\narguments = {list(arguments)!r}\n{code}"
    command = [sys.executable, "-I", "-S", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environ)
    return done.stdout.splitlines(), done.stderr


def test_it_needs_the_standard_library_only(tmp_path):
    """Without any installed package it makes, signs and sends a report, and loads no more of the bot."""
    (tmp_path / "j.xml").write_text("<testsuite><testcase/></testsuite>")
    nobody = ("--url", "http://127.0.0.1:9", "--patience", "0")
    arguments = (*SMALLEST, "--junit", str(tmp_path / "j.xml"), *nobody)
    [loaded], told = run_alone(LOADED, *arguments, TRAINBOARD_SECRET=SECRET)
    assert "The service cannot be reached at 127.0.0.1:9" in told
    others = [
        module
        for module in loaded.split()
        if not module.startswith(("trainboard.report_run", "trainboard.result_files"))
    ]
    assert ["__main__", "trainboard"] == others


def test_the_console_command_reads_nothing_else_before():
    """A job waits for neither the command line nor its libraries."""
    lines, told = run_alone(CONSOLE, *SMALLEST, "--dry-run")
    assert ("0", "") == (lines[-1].strip(), told)


def test_a_dry_run_prints_the_report_and_sends_nothing(capsys):
    """Neither address nor secret is needed to see it."""
    assert 0 == main([*SMALLEST, "--dry-run"])
    assert "churn" == json.loads(capsys.readouterr().out)["experiment"]["name"]


def test_the_list_of_commands_has_it():
    """`trainboard --help` tells of it, and it can be called from there."""
    assert "report-run " in CliRunner().invoke(command_line, ["--help"]).output
    done = CliRunner().invoke(command_line, ["report-run", *SMALLEST, "--dry-run"])
    assert (0, "r1") == (done.exit_code, json.loads(done.stdout)["run"]["id"])
    assert "usage: trainboard report-run" in CliRunner().invoke(command_line, ["report-run", "--help"]).output


@pytest.mark.parametrize(
    ("arguments", "environ", "said"),
    [
        (["--experiment", "churn"], {}, "What is the run id? Say it with --run-id."),
        (SMALLEST, {}, "Where is the service?"),
        (
            [*SMALLEST, "--url", "file:///etc/passwd"],
            {"TRAINBOARD_SECRET": SECRET},
            "must begin with https://",
        ),
        ([*SMALLEST, "--url", "https://a:b@c"], {"TRAINBOARD_SECRET": SECRET}, "hold no password"),
        ([*SMALLEST, "--url", "https://[c"], {"TRAINBOARD_SECRET": SECRET}, "must begin with https://"),
        ([*SMALLEST, "--url", "https://c/ d"], {"TRAINBOARD_SECRET": SECRET}, "no blanks"),
        ([*SMALLEST, "--url", "https://c?d=e"], {"TRAINBOARD_SECRET": SECRET}, "no part after ?"),
        ([*SMALLEST, "--url", "https://c"], {}, "There is no secret in the variable TRAINBOARD_SECRET"),
        ([*SMALLEST, "--url", "https://c"], {"TRAINBOARD_TOKEN": "a hunter2"}, "TRAINBOARD_TOKEN holds no"),
        ([*SMALLEST, "--url", "https://c"], {"TRAINBOARD_TOKEN": "hunter2\u20ac"}, "holds no token"),
        ([*SMALLEST, "--url", "http://c"], {"TRAINBOARD_TOKEN": "hunter2"}, "https only"),
        ([*SMALLEST, "--url", "https://c"], {"TRAINBOARD_SECRET": "hunter2"}, 'must be "whsec_" and base64'),
        ([*SMALLEST, "--url", "https://c"], {"TRAINBOARD_SECRET": "whsec_$$"}, 'must be "whsec_" and base64'),
    ],
)
def test_wrong_usage_is_two(arguments, environ, said, capsys, monkeypatch):
    """Whoever wrote the step shall see it, also without --strict; no secret is shown."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert 2 == main(arguments)
    told = capsys.readouterr().err
    assert said in told
    assert "hunter2" not in told


@pytest.mark.parametrize(("strict", "code"), [((), 0), (("--strict",), 1)])
def test_a_fork_without_secrets_breaks_nothing(strict, code, capsys, monkeypatch):
    """A pull request from a fork has the variable, and nothing in it."""
    monkeypatch.setenv("TRAINBOARD_SECRET", "")
    assert code == main([*SMALLEST, "--url", "https://c", *strict])
    assert "as secrets are in pull requests from forks" in capsys.readouterr().err


def test_a_token_goes_over_https_only(monkeypatch, capsys):
    """Who reads it on the way could report in the job's place."""
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", "https://token.example.com")
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "t")
    assert 2 == main([*SMALLEST, "--url", "http://trainboard.example.com"])
    assert "https only" in capsys.readouterr().err


def test_a_report_is_written_in_place_of_sent(tmp_path, capsys):
    """Neither address nor secret is needed, and the folders of the file are made."""
    file = tmp_path / "out" / "deep" / "trainboard-run.json"
    assert 0 == main([*SMALLEST, "--metric", "auc=0.9", "--write", str(file)])
    assert {"auc": 0.9} == json.loads(file.read_bytes())["metrics"]
    assert f"Run r1 of churn is written to {file}.\n" == capsys.readouterr().out


@pytest.mark.parametrize(("strict", "code"), [([], 0), (["--strict"], 1)])
def test_a_file_that_cannot_be_written_breaks_no_training(tmp_path, capsys, strict, code):
    """Unless that is wanted."""
    (tmp_path / "taken").write_text("")
    assert code == main([*SMALLEST, "--write", str(tmp_path / "taken" / "run.json"), *strict])
    assert "The run was not reported." in capsys.readouterr().err
