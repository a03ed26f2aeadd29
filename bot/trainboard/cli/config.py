"""`trainboard config`: is the configuration right, and what may stand in it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from trainboard.settings import Settings


@click.group()
def command() -> None:
    """Check the configuration, and describe it."""


@command.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
@click.pass_context
def check(ctx: click.Context, file: Path | None, *, as_json: bool) -> None:
    """Say what is wrong with FILE, with line numbers.

    Without FILE the one is checked that `trainboard serve` would read here: TRAINBOARD_CONFIG, or
    trainboard.toml, or the embedded default. The environment counts in all cases, and secrets that
    it or files hold are looked up. Exit code 2 if something is wrong.
    """
    from trainboard.cli import WRONG_USAGE
    from trainboard.settings import SettingsError, find_file, load

    found = find_file(file)
    name = str(found) if found else "the embedded default"
    try:
        settings = load(file)
    except SettingsError as error:
        if not as_json:
            raise
        findings = [finding._asdict() for finding in error.findings]
        click.echo(json.dumps({"file": name, "valid": False, "findings": findings}))
        ctx.exit(WRONG_USAGE)
    click.echo(_render_json(name, settings) if as_json else _render_sentence(name, settings))


def _render_json(name: str, settings: "Settings") -> str:
    counts = {"projects": len(settings.projects), "sources": len(settings.sources)}
    return json.dumps({"file": name, "valid": True, "findings": [], **counts})


def _render_sentence(name: str, settings: "Settings") -> str:
    projects, sources = len(settings.projects), len(settings.sources)
    return f"{name} is valid: {_count(projects, 'project')}, {_count(sources, 'source')}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


@command.command()
def schema() -> None:
    """Print the JSON Schema of the configuration file."""
    from trainboard.settings.reference import render_schema

    click.echo(render_schema(), nl=False)


@command.command()
def reference() -> None:
    """Print every section and key as Markdown."""
    from trainboard.settings.reference import render_reference

    click.echo(render_reference(), nl=False)
