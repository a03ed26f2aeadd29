"""The command line as a whole."""

import runpy
import subprocess
import sys
from types import ModuleType

import pytest
from click import command
from click.testing import CliRunner

import trainboard.cli
from trainboard import __version__
from trainboard.cli import main
from trainboard.errors import TransientError
from trainboard.settings import Finding, SettingsError

HEAVY = (
    "alembic",
    "apscheduler",
    "azure.devops",
    "flask",
    "github",
    "msgspec",
    "msrest",
    "pydantic",
    "requests",
    "sqlalchemy",
    "structlog",
)


@pytest.fixture
def failing(monkeypatch):
    """A subcommand `go-wrong` that fails with the error that is put into it."""
    module = ModuleType("trainboard.cli.go_wrong")

    @command()
    def go_wrong():
        raise module.error

    module.command = go_wrong
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(type(main), "list_commands", lambda *_: ["go-wrong", "no-command"])
    monkeypatch.setitem(sys.modules, "trainboard.cli.no_command", ModuleType("trainboard.cli.no_command"))
    return module


@pytest.mark.parametrize(
    ("error", "exit_code", "said"),
    [
        (TransientError("GitHub did not answer; try again."), 1, "GitHub did not answer; try again.\n"),
        (SettingsError(Finding("a.toml", 3, "x"), Finding("B", None, "y")), 2, "a.toml:3: x\nB: y\n"),
    ],
)
def test_errors_are_sentences(failing, error, exit_code, said):
    """A failure is its sentence on standard error; a wrong configuration is its findings and exit code 2."""
    failing.error = error
    result = CliRunner().invoke(main, ["go-wrong"])
    assert (exit_code, "", said) == (result.exit_code, result.stdout, result.stderr)


@pytest.mark.parametrize("name", ["no-command", "go_wrong", "nothing"])
def test_what_is_no_command_is_wrong_usage(failing, name):
    """Modules without a command, names with underscores and unknown names are refused."""
    assert 2 == CliRunner().invoke(main, [name]).exit_code


def test_the_help_lists_the_modules():
    """Each module with a command is there without a list that names it."""
    assert "config " in CliRunner().invoke(main, ["--help"]).output


def test_the_version_is_printed():
    """People put it into reports of bugs."""
    assert f"trainboard {__version__}\n" == CliRunner().invoke(main, ["--version"]).output


def test_python_m_is_the_same_command(monkeypatch, capsys):
    """Where the script is not on the path, `python -m trainboard` is."""
    monkeypatch.setattr(sys, "argv", ["trainboard", "--version"])
    with pytest.raises(SystemExit) as caught:
        runpy.run_module("trainboard", run_name="__main__")
    assert (0, f"trainboard {__version__}\n") == (caught.value.code, capsys.readouterr().out)


def test_the_start_is_light():
    """The command line itself imports none of the big libraries."""
    script = f"import sys, {trainboard.cli.__name__}; print([m for m in {HEAVY!r} if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "[]\n" == result.stdout
