"""What the product never does, whatever it is told: run it, make objects of it, let a secret be guessed."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import click

from trainboard.cli import main

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path for folder in ("bot", "webhooks", "integrations") for path in (ROOT / folder).rglob("*.py")
)
MODULES = ("dill", "joblib", "marshal", "pickle", "shelve", "xml.dom", "xml.etree", "xml.sax", "yaml")
CALLS = ("eval", "exec", "__import__", "os.system", "os.popen")
SECRETS = ("csrf", "mac", "password", "secret", "signature", "token")


def nodes(*kinds):
    """The nodes of these kinds in all modules, each with its place."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, kinds):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_nothing_is_made_into_objects_or_run():
    """No pickle, no YAML, no XML but by expat, no code of others, and no shell."""
    found = []
    for place, node in nodes(ast.Import, ast.ImportFrom):
        named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        found += [(place, name) for name in named if f"{name}.".startswith(tuple(f"{it}." for it in MODULES))]
    for place, node in nodes(ast.Call):
        name = ast.unparse(node.func)
        is_shell = any(each.arg == "shell" for each in node.keywords)
        if name in CALLS or name.endswith(".extractall") or is_shell:
            found.append((place, name))
    assert [] == found


def is_secret(node):
    """True for a name that ends with a word for something secret."""
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name.rpartition("_")[2] in SECRETS


def test_secrets_are_compared_in_constant_time():
    """What is equal to a secret is never asked by ==, of which the time tells how much is right."""
    texts = (
        (place, each)
        for place, node in nodes(ast.Compare)
        if any(isinstance(each, ast.Eq | ast.NotEq) for each in node.ops)
        for each in (node.left, *node.comparators)
    )
    assert [] == [place for place, each in texts if is_secret(each)]


def list_options(command, context):
    """The options of a command and of all below it that take a value."""
    yield from (each for each in command.params if not getattr(each, "is_flag", False))
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            yield from list_options(command.get_command(context, name), context)


def test_no_secret_is_an_argument():
    """Everybody on a machine may read the arguments of its processes: these two say where a secret is."""
    options = {
        each.name: each
        for each in list_options(main, click.Context(main))
        if any(word in f"{each.name}_" for word in (*SECRETS, "key_"))
    }
    assert {"private_key", "webhook_secret"} == set(options)
    assert isinstance(options["private_key"].type, click.Path)


def test_nobody_can_make_keys_collide():
    """Python hashes texts by a key of the process, and nothing that we ship takes that away."""
    shipped = [
        ROOT / "Dockerfile",
        *(path for path in (ROOT / "config").rglob("*") if path.is_file()),
        *FILES,
    ]
    assert [] == [path for path in shipped if "PYTHON" + "HASHSEED" in path.read_text(encoding="utf-8")]
    environ = {name: value for name, value in os.environ.items() if name != "PYTHON" + "HASHSEED"}
    told = [
        subprocess.run(
            [sys.executable, "-c", "print(hash('a'))"], env=environ, capture_output=True, check=True
        ).stdout
        for _ in range(2)
    ]
    assert told[0] != told[1]
