"""`trainboard init --forms`."""

import json

import pytest
from click.testing import CliRunner

from trainboard.cli import main
from trainboard.cli._forms import FORM, read_form


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout of a repository without a form."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "src").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments):
    """Exit code, standard output and standard error."""
    result = CliRunner().invoke(main, ["init", *arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("arguments", [["--forms"], ["--forms", "src"]])
def test_the_form_is_written_into_the_checkout(checkout, arguments):
    """At its root, and it is said what to commit."""
    code, out, err = run(*arguments)
    assert (0, read_form()) == (code, (checkout / FORM).read_bytes())
    assert f"{checkout / FORM} is new.\n" == err
    assert "git add .github/ISSUE_TEMPLATE/experiment.yml" in out
    assert "gh label create tb:experiment" in out


def test_a_form_that_stands_is_left(checkout):
    """Also one with the ends of lines of another system; there is nothing to commit."""
    run("--forms")
    (checkout / FORM).write_bytes(read_form().replace(b"\n", b"\r\n"))
    assert (0, "", f"{checkout / FORM} stands as it should.\n") == run("--forms")


def test_what_somebody_changed_is_theirs(checkout):
    """Until they say otherwise."""
    run("--forms")
    (checkout / FORM).write_text("name: Ours\n", encoding="utf-8")
    code, out, err = run("--forms")
    assert (1, "", "name: Ours\n") == (code, out, (checkout / FORM).read_text(encoding="utf-8"))
    assert "--force writes it anew" in err
    assert 0 == run("--forms", "--force")[0]
    assert read_form() == (checkout / FORM).read_bytes()


def test_a_dry_run_writes_nothing(checkout):
    """It says what would be written."""
    code, out, _ = run("--forms", "--dry-run", "--json")
    assert (0, False) == (code, (checkout / FORM).exists())
    assert {"path": str(checkout / FORM), "action": "create", "dry_run": True} == json.loads(out)


def test_a_folder_without_a_repository_is_refused(tmp_path, monkeypatch):
    """Nobody would find a form there."""
    monkeypatch.chdir(tmp_path)
    code, out, err = run("--forms")
    assert (1, "") == (code, out)
    assert "is in no checkout of a repository" in err


def test_a_place_that_cannot_be_written_is_named(checkout):
    """A file stands where the folder should."""
    (checkout / ".github").write_text("", encoding="utf-8")
    code, _, err = run("--forms")
    assert 1 == code
    assert str(checkout / FORM) in err


def test_one_thing_is_set_up_at_a_time():
    """Neither nothing nor both."""
    assert 2 == run()[0]
    assert 2 == run("--azure", "--forms")[0]
