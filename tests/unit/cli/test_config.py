"""`trainboard config`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from trainboard.cli import main
from trainboard.settings.reference import render_reference, render_schema


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments):
    """Exit code, standard output and standard error."""
    result = CliRunner().invoke(main, ["config", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_a_valid_file_is_counted():
    """The operator sees that the file was understood as meant."""
    Path("a.toml").write_text(
        '[[projects]]\nname = "a"\n[[projects]]\nname = "b"\n'
        '[[sources]]\nkind = "mlflow"\nname = "m"\nproject = "a"\nurl = "http://m"\n',
        encoding="utf-8",
    )
    assert (0, "a.toml is valid: 2 projects, 1 source.\n", "") == run("check", "a.toml")


def test_without_a_file_the_default_is_checked():
    """What would run here is what is checked."""
    assert (0, "the embedded default is valid: 1 project, 0 sources.\n", "") == run("check")


def test_findings_go_to_standard_error():
    """A wrong configuration is exit code 2 with a line for each finding."""
    Path("trainboard.toml").write_text("[server]\nport = -1\nhots = 1\n", encoding="utf-8")
    expected = (
        'trainboard.toml:2: "port" in [server] must be 0 or more\n'
        'trainboard.toml:3: unknown key "hots" in [server]; did you mean "host"?\n'
    )
    assert (2, "", expected) == run("check")


def test_a_program_reads_json():
    """Valid or not, the answer is one JSON object of the same shape."""
    code, out, _ = run("check", "--json")
    expected = {"file": "the embedded default", "valid": True, "findings": [], "projects": 1, "sources": 0}
    assert (0, expected) == (code, json.loads(out))
    Path("trainboard.toml").write_text("[server]\nport = -1\n", encoding="utf-8")
    code, out, _ = run("check", "--json")
    finding = {"where": "trainboard.toml", "line": 2, "message": '"port" in [server] must be 0 or more'}
    assert (2, {"file": "trainboard.toml", "valid": False, "findings": [finding]}) == (code, json.loads(out))


@pytest.mark.parametrize(("name", "render"), [("schema", render_schema), ("reference", render_reference)])
def test_the_generated_texts_are_printed(name, render):
    """What the files in the repository hold can be had from the command as well."""
    assert (0, render(), "") == run(name)
