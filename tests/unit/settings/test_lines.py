"""Lines of keys in TOML texts."""

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainboard.settings.lines import find_line, line_map

ROOT = Path(__file__).parents[3]

EXAMPLE = '''\
# [not.a.table]
title = "a # b" # [no]
"quoted \\" key" = 1

[server] # port = 1
port = 8080
tls.cert.file = 'C:\\x'

[[projects]]
name = "one"
[projects.sprint]
holidays = [
  2026-01-01, # key = 3
  2026-12-25,
]
[[projects]]
name = """
[server]
port = 9
"""
sprint = { length_days = 7, names = ["a",
  "b"], first_start = 1979-05-27 07:32:00 }
[[projects.teams]]
name = \'\'\'it's "x" \'\'\'
[[projects.teams]]
name = """say "hi""""
[tool."a.b" . c]
ratio = 1.5e-3
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (('quoted " key',), 3),
        (("server",), 5),
        (("server", "port"), 6),
        (("server", "tls"), 7),
        (("server", "tls", "cert", "file"), 7),
        (("projects",), 9),
        (("projects", 0), 9),
        (("projects", 0, "name"), 10),
        (("projects", 0, "sprint"), 11),
        (("projects", 0, "sprint", "holidays"), 12),
        (("projects", 0, "sprint", "holidays", 1), 14),
        (("projects", 1), 16),
        (("projects", 1, "name"), 17),
        (("projects", 1, "sprint", "length_days"), 21),
        (("projects", 1, "sprint", "names", 1), 22),
        (("projects", 1, "sprint", "first_start"), 22),
        (("projects", 1, "teams", 0, "name"), 24),
        (("projects", 1, "teams", 1, "name"), 26),
        (("tool", "a.b"), 27),
        (("tool", "a.b", "c", "ratio"), 28),
    ],
)
def test_each_key_has_its_line(path, line):
    """A key, table or entry is found wherever TOML lets it stand."""
    assert line == line_map(EXAMPLE)[path]


def test_what_is_not_there_is_found_by_what_is_around_it():
    """A key that is missing is shown at its table, and nothing at all has no line."""
    lines = line_map(EXAMPLE)
    assert (9, 9, None) == (
        find_line(lines, ("projects", 0, "tracker")),
        find_line(lines, ("projects", 7)),
        find_line(lines, ("engine", "worker_threads")),
    )


def test_lines_count_with_carriage_returns():
    """A file of Windows has the same lines."""
    assert line_map(EXAMPLE) == line_map(EXAMPLE.replace("\n", "\r\n"))


def leaves(tree, path=()):
    """The paths of all tables, entries and values below `tree`."""
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in inner:
        yield (*path, key)
        yield from leaves(value, (*path, key))


@pytest.mark.parametrize(
    "file", [ROOT / "config" / "trainboard.toml", ROOT / "pyproject.toml"], ids=lambda file: file.name
)
def test_real_files_are_walked_to_the_end(file):
    """The paths with lines are the paths that tomllib reads, no more and no less."""
    text = file.read_text(encoding="utf-8")
    assert set(leaves(tomllib.loads(text))) == set(line_map(text))


def write(value):
    """A value as TOML on one line; JSON's text is TOML's basic string."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {write(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[ " + ",\n # ] }\n".join(map(write, value)) + "]"
    return json.dumps(value)


KEYS = st.text(st.characters(codec="ascii", exclude_characters="\x7f"), max_size=5)
VALUES = st.recursive(
    st.integers(-9, 9) | st.booleans() | KEYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_any_nesting_is_walked_like_tomllib(tree):
    """Whatever nests, the paths are those of tomllib."""
    text = "".join(f"{json.dumps(key)} = {write(value)}\n" for key, value in tree.items())
    tree = tomllib.loads(text)
    assert set(leaves(tree)) == set(line_map(text))
