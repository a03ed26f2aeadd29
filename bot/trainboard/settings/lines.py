"""Where a key stands in a TOML file: tomllib reads values and forgets their lines."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

Path = tuple[str | int, ...]

_TOKEN = re.compile(
    r"""
      (?P<blank>[ \t\r]+|\#[^\n]*)
    | (?P<end>\n)
    | (?P<text>\"{3}(?:\\.|[^\\])*?\"{3}\"{0,2}|'{3}.*?'{3}'{0,2}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')
    | (?P<mark>[\[\]{}=,.])
    | (?P<bare>[^\s\#\[\]{}=,."']+)
    """,
    re.VERBOSE | re.DOTALL,
)


class _Token(NamedTuple):
    kind: str
    text: str
    line: int

    @property
    def is_word(self) -> bool:
        return self.kind in {"bare", "text"}

    @property
    def key(self) -> str:
        return self.text if self.kind == "bare" else str(tomllib.loads(f"key = {self.text}")["key"])


def line_map(text: str) -> dict[Path, int]:
    """The line, from 1, of each key, table and list entry of a TOML text that tomllib can read.

    A path has the keys from the top as strings and the places in lists, from 0, as integers.
    """
    return _Scan(text).lines


def find_line(lines: dict[Path, int], path: Path) -> int | None:
    """The line of `path`, or else of the closest thing around it; None if the file has nothing of it."""
    around = (path[:length] for length in range(len(path), 0, -1))
    return next((lines[prefix] for prefix in around if prefix in lines), None)


class _Scan:
    """One walk through the tokens; a statement starts where the walk stands."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._entries: dict[Path, int] = {}
        self._tokens = [*_tokens(text), _Token("end", "", text.count("\n") + 1)]
        self._at = 0
        table: Path = ()
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.kind == "end":
                self._at += 1
            elif token.text == "[":
                table = self._header()
            else:
                self._pair(table)

    def _next(self) -> _Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _skip(self, text: str) -> int:
        start = self._at
        while self._tokens[self._at].text == text:
            self._at += 1
        return self._at - start

    def _skip_breaks(self) -> None:
        self._skip("\n")

    def _keys(self) -> list[_Token]:
        keys = [self._next()]
        while self._skip("."):
            keys.append(self._next())
        return keys

    def _header(self) -> Path:
        brackets = self._skip("[")
        *outer, last = self._keys()
        self._skip("]")
        path: Path = ()
        for token in outer:
            path = self._enter((*path, token.key), token.line)
        path = (*path, last.key)
        if brackets == 1:
            return self._enter(path, last.line)
        self.lines.setdefault(path, last.line)
        self._entries[path] = self._entries.get(path, -1) + 1
        return self._enter(path, last.line)

    def _enter(self, path: Path, line: int) -> Path:
        self.lines.setdefault(path, line)
        if path in self._entries:
            path = (*path, self._entries[path])
            self.lines.setdefault(path, line)
        return path

    def _pair(self, table: Path) -> None:
        path = table
        for token in self._keys():
            path = (*path, token.key)
            self.lines.setdefault(path, token.line)
        self._skip("=")
        self._value(path)

    def _value(self, path: Path) -> None:
        opening = self._tokens[self._at].text
        if opening == "[":
            self._list(path)
        elif opening == "{":
            self._inline_table(path)
        else:
            while self._tokens[self._at].is_word or self._tokens[self._at].text == ".":
                self._at += 1

    def _list(self, path: Path) -> None:
        self._at += 1
        for entry in self._until("]"):
            self.lines[*path, entry] = self._tokens[self._at].line
            self._value((*path, entry))

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        for _ in self._until("}"):
            self._pair(path)

    def _until(self, closing: str) -> Iterator[int]:
        entry = 0
        self._skip_breaks()
        while self._tokens[self._at].text != closing:
            yield entry
            entry += 1
            self._skip_breaks()
            self._skip(",")
            self._skip_breaks()
        self._at += 1


def _tokens(text: str) -> Sequence[_Token]:
    found: list[_Token] = []
    line = 1
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind != "blank":
            found.append(_Token(kind, match.group(), line))
        line += match.group().count("\n")
    return found
