"""What the guide to extending shows can be applied to this very tree, and passes the tests that it names."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "extending.md").read_text()
SHOWN = re.findall(
    r"^## (.+?)\n.*?^```diff\n(.*?)^```$.*?^```sh\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL
)
COPIED = ("bot", "webhooks", "tests", "config", "docs", "pyproject.toml", "README.md", "CHANGELOG.md")


def call(command, folder):
    """Run it there, over the copy's own packages, which are not measured; its output."""
    parts = os.pathsep.join(str(folder / each) for each in ("bot", "webhooks"))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    environ = kept | {"PYTHONPATH": parts, "TRAINBOARD_UPDATE_GOLDEN": "1"}
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stdout + done.stderr
    return done.stdout


def test_three_changes_are_shown():
    """Each with the command that judges it."""
    assert ["A command", "A section of the report", "A source"] == [title for title, _, _ in SHOWN]


@pytest.mark.parametrize(("diff", "commands"), [each[1:] for each in SHOWN], ids=[each[0] for each in SHOWN])
def test_a_change_that_is_shown_works(diff, commands, tmp_path):
    """A newcomer who does the same gets the same."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "shown.diff").write_text(diff)
    call(["git", "init", "--quiet"], tmp_path)
    call(["git", "apply", "--whitespace=error", "shown.diff"], tmp_path)
    [judge] = [line for line in commands.splitlines() if line.startswith("python ")]
    output = call([sys.executable, *shlex.split(judge)[1:], "-p", "no:cacheprovider"], tmp_path)
    assert re.search(r"\b[1-9]\d* passed", output)
