"""JUnit's and Cobertura's XML, read as a stream; no entity of a document's own is taken.

Cobertura names a document type that lies elsewhere, which is not fetched.

Source: testmoapp/junitxml, "JUnit XML file format"; cobertura, "coverage-04.dtd".
"""

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Protocol
from xml.parsers import expat

from trainboard.result_files import (
    MOST_NAME_CHARACTERS,
    MOST_NAMES,
    Coverage,
    Tally,
    UnreadableError,
    to_coverage,
)

_DEEPEST = 100
_UNRUN = frozenset({"disabled", "notrun", "skipped", "suppressed"})

Attributes = Mapping[str, str]


class _Reader(Protocol):
    def start(self, parents: list[str], name: str, attributes: Attributes) -> None: ...

    def end(self, parents: list[str], name: str) -> None: ...

    def result(self) -> Tally | Coverage: ...


def read_xml(content: bytes) -> Tally | Coverage | None:
    """What the document tells, None where it is of another kind.

    Raises:
        UnreadableError: it is no XML, defines entities, or tells what cannot be.
    """
    walk = _Walk()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.EntityDeclHandler = _refuse_entity
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    try:
        parser.Parse(content, True)
    except UnreadableError:
        raise
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise UnreadableError(f"no XML: {error}") from error
    return walk.reader.result() if walk.reader else None


def _refuse_entity(name: str, *_: object) -> None:
    raise UnreadableError(f"it defines the entity {name[:MOST_NAME_CHARACTERS]!r}")


class _Walk:
    """Goes through a document with the reader of its root."""

    def __init__(self) -> None:
        self.reader: _Reader | None = None
        self._parents: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if not self._parents:
            make = _READERS.get(name)
            self.reader = make(attributes) if make else None
        if len(self._parents) >= _DEEPEST:
            raise UnreadableError(f"its elements are more than {_DEEPEST} deep")
        if self.reader:
            self.reader.start(self._parents, name, attributes)
        self._parents.append(name)

    def end(self, name: str) -> None:
        self._parents.pop()
        if self.reader:
            self.reader.end(self._parents, name)


class _JUnit:
    """Counts the cases themselves: suites hold suites, whose sums would be counted twice."""

    def __init__(self, root: Attributes) -> None:
        self._claimed = root.get("tests", "0")
        self._amounts = dict.fromkeys(("passed", "failed", "errors", "skipped"), 0)
        self._seconds: float | None = None
        self._failing: list[str] = []
        self._name, self._state = "", "passed"

    def start(self, parents: list[str], name: str, attributes: Attributes) -> None:
        if name == "testcase":
            self._name = attributes.get("name") or attributes.get("classname") or ""
            self._state = "skipped" if _is_unrun(attributes) else "passed"
            self._add_time(attributes.get("time"))
        elif parents and parents[-1] == "testcase" and self._state in {"passed", "skipped"}:
            self._state = _STATES.get(name, self._state)

    def end(self, parents: list[str], name: str) -> None:  # noqa: ARG002  all readers are called alike
        if name != "testcase":
            return
        self._amounts[self._state] += 1
        if self._state in {"failed", "errors"} and len(self._failing) < MOST_NAMES:
            self._failing.append(self._name[:MOST_NAME_CHARACTERS])

    def result(self) -> Tally:
        if not any(self._amounts.values()) and self._claimed.strip() != "0":
            raise UnreadableError("it counts tests that it does not list")
        return Tally(**self._amounts, seconds=self._seconds, failing=tuple(self._failing))

    def _add_time(self, text: str | None) -> None:
        """A time that is none is left out: some writers set thousands apart, some write NaN."""
        try:
            seconds = float((text or "").replace(",", ""))
        except ValueError:
            return
        together = (self._seconds or 0.0) + seconds
        if isfinite(together) and seconds >= 0:
            self._seconds = together


_STATES = {"failure": "failed", "error": "errors", "skipped": "skipped"}


def _is_unrun(attributes: Attributes) -> bool:
    return bool({attributes.get("status", ""), attributes.get("result", "")} & _UNRUN)


class _Cobertura:
    """The sums of the document, or else those of the lines of its classes."""

    def __init__(self, root: Attributes) -> None:
        self._told = root.get("lines-covered"), root.get("lines-valid")
        self._is_cobertura = "line-rate" in root or None not in self._told
        self._covered = self._valid = 0

    def start(self, parents: list[str], name: str, attributes: Attributes) -> None:
        if name == "line" and parents[-2:] == ["class", "lines"]:
            self._valid += 1
            self._covered += _count(attributes.get("hits")) > 0

    def end(self, parents: list[str], name: str) -> None:
        """Nothing is told at an end."""

    def result(self) -> Coverage:
        if not self._is_cobertura:
            raise UnreadableError("it is no coverage of Cobertura's form")
        if None not in self._told:
            return to_coverage(_count(self._told[0]), _count(self._told[1]))
        if not self._valid:
            raise UnreadableError("it tells of no line")
        return to_coverage(self._covered, self._valid)


def _count(text: str | None) -> int:
    if text is None or not (text.isascii() and text.isdigit()) or len(text) > _MOST_DIGITS:
        raise UnreadableError(f"{(text or '')[:20]!r} is no count")
    return int(text)


_MOST_DIGITS = 12
_READERS: dict[str, Callable[[Attributes], _Reader]] = {
    "testsuites": _JUnit,
    "testsuite": _JUnit,
    "coverage": _Cobertura,
}
