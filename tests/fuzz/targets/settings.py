"""What an operator or a program asks with: settings in TOML, and cursors."""

import base64
import json
import re
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import msgspec
from werkzeug.exceptions import BadRequest

from fuzz import Target, to_text
from trainboard.runs import Time
from trainboard.settings import SettingsError, load
from trainboard.settings.lines import find_line, line_map
from trainboard.web.api.asking import Word
from trainboard.web.api.paging import Paged, RowNumber, make_cursor, read_cursor
from trainboard.web.api.resources.alerts import Place

EXAMPLE = Path(__file__).parents[3] / "config" / "trainboard.toml"
SHAPES = (RowNumber, Place, tuple[Time, Word])


def check_settings(data: bytes) -> None:
    """Settings, or all that is wrong with them, by lines that the file has; the same each time."""
    path = folder() / "trainboard.toml"
    path.write_bytes(data)
    try:
        load(path, {})
    except SettingsError as error:
        for finding in error.findings:
            assert finding.message
            assert finding.line is None or 1 <= finding.line <= data.count(b"\n") + data.count(b"\r") + 1
        with suppress(SettingsError):
            load(path, {})
            raise AssertionError("what was refused once was taken") from error
    text = to_text(data)
    with suppress(tomllib.TOMLDecodeError, RecursionError):
        tree, lines = tomllib.loads(text), line_map(text)
        assert all(find_line(lines, (key,)) for key in tree)


def check_cursor(data: bytes) -> None:
    """A cursor is a position of its kind, which is given again as it was, or BadRequest."""
    shape = SHAPES[data[0] % len(SHAPES)] if data else SHAPES[0]
    told, asked = data[1:], Paged()
    question = json.loads(base64.urlsafe_b64decode(make_cursor(asked, 1) + "=="))[0]
    made = b"[" + json.dumps(question).encode() + b"," + told + b"]"
    for cursor in (told.decode("latin-1"), base64.urlsafe_b64encode(made).rstrip(b"=").decode()):
        with suppress(BadRequest):
            position = read_cursor(Paged(cursor=cursor), shape)
            assert position == read_cursor(Paged(cursor=make_cursor(asked, position)), shape)
            check_position(position)


def check_position(position: object) -> None:
    """The database takes it: its numbers are within 64 bits, its times have a zone."""
    parts = msgspec.structs.astuple(position) if isinstance(position, msgspec.Struct) else position
    for part in parts if isinstance(parts, tuple) else (parts,):
        assert not isinstance(part, int) or 0 <= part < 2**63
        assert not isinstance(part, datetime) or part.astimezone(UTC)
        assert not isinstance(part, str) or "\0" not in part


@cache
def folder() -> Path:
    """A folder for the file, as long as the process lives."""
    made = tempfile.TemporaryDirectory(prefix="trainboard-fuzz-")
    _FOLDERS.append(made)
    return Path(made.name)


_FOLDERS: list[tempfile.TemporaryDirectory] = []


def list_settings() -> Iterator[bytes]:
    """The example with all its keys, and its sections by themselves."""
    text = re.sub(r"(?m)^#(?=[a-z_]+ = |\[)", "", EXAMPLE.read_text())
    yield text.encode()
    yield from (f"[{part}".encode() for part in re.split(r"(?m)^\[", text)[1:])
    yield b"[[projects]]\nname = \"a\"\n[projects.sprint]\n\"x\\\"y\" = '''z'''\na.b = { c = [1,\n2] }"


def list_cursors() -> Iterator[bytes]:
    """Positions of each kind."""
    yield b"\x00" + b"12"
    yield b"\x01" + msgspec.json.encode((1, 2, "2026-11-18T10:00:00Z", 3))
    yield b"\x02" + msgspec.json.encode(("2026-11-18T10:00:00Z", "churn"))


TARGETS = [
    Target(
        name="settings",
        check=check_settings,
        seeds=list_settings,
        words=(
            "[[projects]]\n",
            "[server]\n",
            '"""',
            "'''",
            "env:",
            "= ",
            "{",
            "}",
            "2026-01-01",
            "0x",
            "inf",
            "\r\n",
        ),
        most_bytes=32 * 1024,
    ),
    Target(
        name="cursors",
        check=check_cursor,
        seeds=list_cursors,
        words=("null", "-1", "9223372036854775808", "\\u0000"),
    ),
]
