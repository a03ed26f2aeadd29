"""What every recorded answer of Azure DevOps has, as a judge of every answer of our stand-in for it.

Azure DevOps' own description requires no key of any answer, so that an empty object would do. The table
holds, for each operation, the paths of keys that all public recordings of the real service share, and for
each event of a service hook those of its payload; what only comes with a recording's content (such as who
closed an item) is left out. An answer may have more.

Source: recordings in the tests of the Azure DevOps extension for the Azure CLI.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[1] / "data" / "azure_devops_shapes.json"
ANY_FIELDS = "/fields/"

_findings: list[str] = []


def hear(operation: str, query: Mapping[str, str], value: Any) -> None:
    """Judge an answer with a status of success, and remember what is found.

    Args:
        operation: method and location, as `GET wit.workItems`.
        query: its names in small letters.
        value: the answer's JSON.
    """
    if query.get("validateonly", "").lower() == "true":
        return
    with_fields = not query.get("fields")
    _note(operation, judge(name_operation(operation, value), value, with_fields=with_fields))


def hear_hook(event: str, version: str, body: Any) -> None:
    """Judge what a service hook delivers, and remember what is found."""
    _note(f"{event}@{version}", judge(f"HOOK {event}@{version}", body))


def hear_crash(request: str, error: Exception) -> None:
    """Remember a request that our stand-in knows no answer to, neither the right one nor a refusal."""
    _findings.append(f"{request}: the stand-in has no answer: {error!r}")


def take_findings() -> list[str]:
    """What was found since the last call. A test that breaks the rules on purpose takes it itself."""
    found = _findings[:]
    _findings.clear()
    return found


def name_operation(operation: str, value: Any) -> str:
    """The name in the table, where a collection has one of its own."""
    is_collection = isinstance(value, dict) and set(value) == {"count", "value"}
    return f"{operation} list" if is_collection else operation


def judge(name: str, value: Any, *, with_fields: bool = True) -> list[str]:
    """The paths of keys that are missing; nothing where there are no recordings of the operation.

    Args:
        name: as in the table.
        value: the answer's JSON.
        with_fields: False where only some fields of work items were asked for.
    """
    wanted = (path for path in shapes().get(name, ()) if with_fields or ANY_FIELDS not in path)
    return [path for path in wanted if not has(value, path)]


def has(value: Any, path: str) -> bool:
    """Whether all that `path` leads to is there: `/value[]/id` means that each element has an id."""
    return all(_has_each(value, path.removeprefix("/").split("/")))


def _has_each(value: Any, steps: list[str]) -> Iterator[bool]:
    if value is None or not steps:
        yield True
        return
    name, listed = steps[0].removesuffix("[]"), steps[0].endswith("[]")
    if not isinstance(value, dict) or name not in value:
        yield False
        return
    for each in value[name] or [] if listed else [value[name]]:
        yield from _has_each(each, steps[1:])


@cache
def shapes() -> dict[str, list[str]]:
    """The table, read when the first answer is judged."""
    return {name: paths.split() for name, paths in json.loads(FILE.read_text()).items()}


def _note(operation: str, missing: list[str]) -> None:
    _findings.extend(f"{operation}: {path} is missing" for path in missing)
