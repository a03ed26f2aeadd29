"""The operations and the values of their answers, in lines for people: for the page, and for the docs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from trainboard.web.api.operations import Operation

_TIMES = {"date-time": "time", "date": "day", "duration": "length of time", "decimal": "exact number"}


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """A value in answers: its name, what it is, and its members with their types."""

    name: str
    about: str
    members: tuple[tuple[str, str], ...]


def group_operations(operations: Iterable[Operation]) -> Mapping[str, Sequence[Operation]]:
    """The operations by the heading that they stand under."""
    groups: dict[str, list[Operation]] = {}
    for each in operations:
        groups.setdefault(each.group, []).append(each)
    return groups


def list_values(schemas: Mapping[str, Any]) -> Sequence[Value]:
    """Every value that has members, by name."""
    return [
        Value(
            name=name,
            about=" ".join(schema.get("description", "").split()),
            members=tuple((key, say_type(told)) for key, told in schema["properties"].items()),
        )
        for name, schema in sorted(schemas.items())
        if "properties" in schema
    ]


def say_type(schema: Mapping[str, Any]) -> str:
    """What a JSON Schema lets through, in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(map(say_type, schema["anyOf"])))
    if "enum" in schema:
        return " or ".join("null" if each is None else f"“{each}”" for each in schema["enum"])
    return _say_plain(schema)


def say_bounds(schema: Mapping[str, Any]) -> str:
    """The type of a parameter, with its bounds and what it is where it is left out."""
    low, high = schema.get("minimum"), schema.get("maximum")
    largest = high is not None and high < 2**31
    parts = [say_type(schema), f"{low} to {high}" if largest else "", _say_default(schema)]
    return ", ".join(filter(None, parts))


def _say_default(schema: Mapping[str, Any]) -> str:
    default = schema.get("default")
    return "" if default is None else f"default {msgspec.json.encode(default).decode()}"


def _say_plain(schema: Mapping[str, Any]) -> str:
    match schema.get("type"):
        case "array" if "prefixItems" in schema:
            return f"list of {', '.join(map(say_type, schema['prefixItems']))}"
        case "array":
            items = schema.get("items", {})
            return f"list of {say_type(items)}" if items else "list"
        case "object":
            values = schema.get("additionalProperties", {})
            return f"map of {say_type(values)}" if values else "map"
        case "string":
            return _TIMES.get(schema.get("format", ""), "text")
        case kind:
            return {"integer": "whole number", "boolean": "true or false"}.get(str(kind), str(kind))
