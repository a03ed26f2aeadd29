"""Sections that are added to a file of settings, of which nothing else is touched.

TOML itself says what can be added: a table that is there already cannot stand there twice.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from trainboard.errors import PermanentError
from trainboard.settings.findings import Finding, SettingsError

Value = str | int | tuple[str, ...]


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A table, `[github]`, or one more of a list, `[[projects]]`, and its keys."""

    header: str
    keys: Mapping[str, Value]

    def render(self) -> str:
        """The section as TOML."""
        return "\n".join([self.header, *(f"{key} = {_render(value)}" for key, value in self.keys.items())])


class Additions(msgspec.Struct, frozen=True, kw_only=True):
    """What a file will hold, what was added to it, and what somebody must write there.

    `before` is what was read, None where there was no file.
    """

    path: Path
    before: str | None
    after: str
    added: tuple[Section, ...]
    todo: tuple[Section, ...]

    def render_todo(self) -> str:
        """The sections that are there already, with the keys that belong into them; empty without any."""
        return "\n\n".join(section.render() for section in self.todo)

    def write(self) -> None:
        """Write the file, unless nothing is added.

        Raises:
            PermanentError: it cannot be written, or was changed since it was read.
        """
        if not self.added:
            return
        try:
            if self.before is None:
                with self.path.open("x", encoding="utf-8") as file:
                    file.write(self.after)
                return
            if self.path.read_bytes() != self.before.encode():
                lines = "\n\n".join(section.render() for section in self.added)
                raise PermanentError(f"{self.path} was changed meanwhile. Add this to it:\n\n{lines}")
            with self.path.open("ab") as file:
                file.write(self.after.removeprefix(self.before).encode())
        except OSError as error:
            raise PermanentError(f"Could not write {self.path}: {error.strerror}.") from error


def plan(path: Path, sections: Iterable[Section]) -> Additions:
    """What comes of adding `sections`, in their order, to the file at `path`, which need not be there.

    Raises:
        SettingsError: the file cannot be read.
    """
    before = _read(path)
    after = before or ""
    added: list[Section] = []
    todo: list[Section] = []
    for section in sections:
        longer = _append(after, section.render())
        if _is_toml(longer):
            after = longer
            added.append(section)
        else:
            todo.append(section)
    return Additions(path=path, before=before, after=after, added=tuple(added), todo=tuple(todo))


def holds(path: Path, key: str) -> bool:
    """True if the file at `path` is there and has such a section or list."""
    return key in tomllib.loads((_read(path) or "").removeprefix("\ufeff"))


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(Finding(str(path), None, f"cannot be read: {error}")) from error


def _append(text: str, section: str) -> str:
    end = "\r\n" if "\r\n" in text else "\n"
    gap = "" if not text else end if text.endswith("\n") else end * 2
    return f"{text}{gap}{section.replace(chr(10), end)}{end}"


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError:
        return False
    return True


def _render(value: Value) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_render, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
