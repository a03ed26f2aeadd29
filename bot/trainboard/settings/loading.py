"""Settings from a file and the environment."""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from trainboard.settings import environment
from trainboard.settings.findings import Finding, Place, SettingsError, findings_of
from trainboard.settings.lines import Path as KeyPath
from trainboard.settings.lines import find_line, line_map
from trainboard.settings.model import Settings
from trainboard.settings.values import Surroundings

DEFAULT_FILE = "trainboard.toml"
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)$")


class _File(NamedTuple):
    name: str
    folder: Path
    tree: dict[str, Any]
    lines: dict[KeyPath, int]


def find_file(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Path | None:
    """The file to read: `path`, else `TRAINBOARD_CONFIG`, else `trainboard.toml` here; None without any."""
    if path is not None:
        return path
    if named := environ.get("TRAINBOARD_CONFIG"):
        return Path(named)
    here = Path(DEFAULT_FILE)
    return here if here.exists() else None


def load(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the file that `find_file` finds, with what the environment puts in its place.

    Without a file the embedded default is meant: SQLite, one project `default` on the local board.
    Secrets that are `env:NAME` or `file:PATH` are read now; paths count from the file's folder.

    Raises:
        SettingsError: with everything that is wrong.
    """
    found = find_file(path, environ)
    file = _read(found) if found else _File(DEFAULT_FILE, Path(), {}, {})
    over = environment.read(environ)
    tree = environment.merge({"projects": [{"name": "default"}], **file.tree}, over.tree)

    def locate(key: KeyPath) -> Place:
        line = find_line(file.lines, key)
        variable = over.find_variable(key) or (over.find_sibling(key) if line is None else None)
        return (variable, None) if variable else (file.name, line)

    findings = over.strangers
    try:
        settings = Settings.model_validate(tree, context=Surroundings(environ, file.folder))
    except ValidationError as error:
        findings = [*findings, *findings_of(error, locate)]
    if findings:
        raise SettingsError(*sorted(findings, key=lambda finding: (finding.where, finding.line or 0)))
    return settings.read_from(found)


def _read(path: Path) -> _File:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SettingsError(Finding(str(path), None, f"cannot be read: {error.strerror}")) from None
    except UnicodeDecodeError:
        raise SettingsError(Finding(str(path), None, "is not UTF-8 text")) from None
    try:
        return _File(str(path), path.parent, tomllib.loads(text), line_map(text))
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        line = int(at[1]) if at else len(text.splitlines())
        raise SettingsError(Finding(str(path), line, f"is not TOML: {error}")) from None
