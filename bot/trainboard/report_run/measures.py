"""Numbers that a job measured, from its files, within the bounds of a report."""

import json
import math
import sys
from collections.abc import Iterator
from typing import Any

from trainboard.report_run import UsageError

MOST_METRICS = 500
MOST_FILE_BYTES = 64 * 1024 * 1024

_LONGEST_NAME = 250
_DEEPEST = 20
_LARGEST = sys.float_info.max
_UNLIKE_NUMBERS = frozenset({"nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"})
_MEASURE_KEYS = frozenset({"value", "best", "step", "at", "unit", "goal", "split", "dataset", "stderr", "n"})

Measures = dict[str, Any]
"""By name: a finite float, None for a number that is not finite, or an object with `value`."""


class Told:
    """Metrics so far, and sentences about what was left out."""

    def __init__(self) -> None:
        self.metrics: Measures = {}
        self.remarks: list[str] = []
        self._too_many = 0

    def add(self, name: str, value: Any) -> None:
        """Take a metric, unless there are too many."""
        if name not in self.metrics and len(self.metrics) >= MOST_METRICS:
            self._too_many += 1
            return
        self.metrics[name] = value

    def summarize(self) -> list[str]:
        """The sentences, that of the metrics beyond the bound with them."""
        if not self._too_many:
            return self.remarks
        beyond = f"A report holds {MOST_METRICS} metrics: {self._too_many:,} more are left out."
        return [*self.remarks, beyond]


def read_metrics(name: str, told: Told) -> None:
    """Take the metrics of a JSON file, `-` for standard input.

    Objects within objects are names with slashes between them, as DVC and DVCLive write them.

    Raises:
        OSError: it cannot be read.
        UsageError: it is no object of JSON, or too large.
    """
    content = read_bytes(name)
    try:
        document = json.loads(content, parse_int=float)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name} holds no JSON: {str(error)[:200]}.") from error
    if not isinstance(document, dict):
        raise UsageError(f'{name} must hold an object of metrics, like {{"val_auc": 0.92}}.')
    unlike: list[str] = []
    for path, value in _flatten(document, (), unlike):
        told.add(path, value)
    if unlike:
        shown = ", ".join(ascii(each[:60]) for each in unlike[:3])
        told.remarks.append(f"{name}: {len(unlike):,} of its members are no metrics and left out: {shown}.")


def read_bytes(name: str, most_bytes: int = MOST_FILE_BYTES) -> bytes:
    """The content of a file, `-` for standard input.

    Raises:
        OSError: it cannot be read.
        UsageError: it is too large.
    """
    if name == "-":
        content = sys.stdin.buffer.read(most_bytes + 1)
    else:
        with open(name, "rb") as file:  # noqa: PTH123  pathlib would be the slowest import here
            content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise UsageError(f"{name} has more than {most_bytes:,} bytes.")
    return content


def parse_number(text: str) -> float | None:
    """The number, None for one that is not finite.

    Raises:
        ValueError: it is no number.
    """
    return _finite(float(text))


def _flatten(
    members: dict[str, Any], above: tuple[str, ...], unlike: list[str]
) -> Iterator[tuple[str, float | dict[str, Any] | None]]:
    for key, value in members.items():
        path = (*above, key)
        name = "/".join(path)
        if isinstance(value, dict) and not _is_measure(value) and len(path) < _DEEPEST:
            yield from _flatten(value, path, unlike)
        elif not 0 < len(name) <= _LONGEST_NAME or not _is_text(name):
            unlike.append(name)
        elif isinstance(value, dict) and _is_measure(value):
            yield name, _parse_measure(value)
        elif _is_number(value):
            yield name, _parse(value)
        else:
            unlike.append(name)


def _is_measure(members: dict[str, Any]) -> bool:
    """True for a metric with more to it, as RunEvent writes one."""
    return "value" in members and members.keys() <= _MEASURE_KEYS and _is_number(members["value"])


def _parse_measure(members: dict[str, Any]) -> dict[str, Any]:
    """The same with null for numbers that are not finite."""
    numbers = {key: _parse(members[key]) for key in ("value", "best") if _is_number(members.get(key, ""))}
    others = {key: member for key, member in members.items() if key not in {"value", "best"}}
    return numbers | {key: member for key, member in others.items() if not _is_infinite(member)}


def _is_infinite(value: object) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        return value.strip().casefold() in _UNLIKE_NUMBERS
    return value is None or (isinstance(value, float) and not isinstance(value, bool))


def _parse(value: object) -> float | None:
    return _finite(value) if isinstance(value, float) else None


def _finite(number: float) -> float | None:
    """None, too, for the largest double, which stands for infinity where there is none."""
    return number if math.isfinite(number) and abs(number) < _LARGEST else None


def _is_text(name: str) -> bool:
    return "\0" not in name and not any("\ud800" <= letter <= "\udfff" for letter in name)
