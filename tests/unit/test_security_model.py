"""Each threat of docs/security-model.md has a test that is there, and its tables say what the code says."""

import ast
import os
import re
import tomllib
from functools import cache
from pathlib import Path

from trainboard.settings import Settings
from trainboard.settings.values import Surroundings
from trainboard.wiring.github_app import list_features

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "security-model.md"
BEGIN, END = "<!-- permissions -->\n", "<!-- /permissions -->"
ROW = re.compile(r"^\| ([A-Z]\d+) \| (.+) \| (.+) \| (.*) \|$", re.MULTILINE)
TEST = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
ALL_OF_IT = """
[[projects]]
name = "churn"
tracker = "github:acme/churn"

[projects.board]
project = "acme/12"

[projects.commands]
roles = { close = "team:acme/ml" }

[[projects.pipelines]]
kind = "workflow"
name = "retrain"
file = "retrain.yml"

[[projects.pipelines]]
kind = "repository-dispatch"
name = "roll-back"
event = "roll-back"
"""


def threats():
    """The rows of the threats."""
    return ROW.findall(PAGE.read_text(encoding="utf-8"))


@cache
def list_tests(file):
    """The names of the tests in a file below tests/."""
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    return {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}


def test_every_threat_has_a_test_that_is_there():
    """Whoever renames or removes one says here what takes its place."""
    rows = threats()
    assert [] == [id_ for id_, *_, named in rows if not TEST.findall(named)]
    assert [] == [id_ for id_, *_, named in rows if TEST.sub("", named).strip()]
    lost = [
        f"{file}::{test}"
        for *_, named in rows
        for file, test in TEST.findall(named)
        if not (ROOT / "tests" / file).is_file() or test not in list_tests(file)
    ]
    assert [] == lost


def test_threats_are_numbered():
    """Each by itself, without a gap, so that one can be spoken of."""
    ids = [id_ for id_, *_ in threats()]
    by_area = {area: [id_ for id_ in ids if id_[0] == area] for area in dict.fromkeys(id_[0] for id_ in ids)}
    assert ids == [f"{area}{n}" for area, its in by_area.items() for n in range(1, len(its) + 1)]
    assert len(ids) > 50


def render_permissions():
    """Each feature on GitHub with what an App needs for it."""
    settings = Settings.model_validate(tomllib.loads(ALL_OF_IT), context=Surroundings({}, Path()))
    lines = ["| for | permissions | events |", "| --- | --- | --- |"]
    for feature in list_features(settings):
        levels = ", ".join(f"`{name}: {level}`" for name, level in sorted(feature.permissions.items()))
        events = ", ".join(f"`{event}`" for event in sorted(feature.events))
        lines.append(f"| {feature.name} | {levels} | {events} |")
    return "\n".join([*lines, ""])


def test_the_page_lists_the_permissions_of_each_feature():
    """As the doctor compares them; TRAINBOARD_UPDATE_GOLDEN=1 writes the table."""
    before, mark, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    expected = before + mark + render_permissions() + rest[rest.index(END) :]
    if os.environ.get("TRAINBOARD_UPDATE_GOLDEN"):
        PAGE.write_text(expected, encoding="utf-8")
    assert expected == PAGE.read_text(encoding="utf-8")
