"""The settings as a JSON Schema and as a reference for people, both made from the model."""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from trainboard.settings.findings import models_in
from trainboard.settings.model import Settings

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES = {"boolean": "true or false", "integer": "whole number", "string": "text", "object": "table"}


def render_schema() -> str:
    """The JSON Schema (draft 2020-12) of the settings file, with a line end."""
    schema = {"$schema": _DIALECT, **Settings.model_json_schema(), "title": "Trainboard settings"}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def render_reference() -> str:
    """Markdown with a table of keys for each section, in the order of the model."""
    return "\n".join(
        line for header, prefix, model in _sections() for line in _section(header, prefix, model)
    )


def _sections() -> Iterator[tuple[str, str, type[BaseModel]]]:
    """Each once, the outer before the inner; what several kinds have in common stands below the first."""
    seen: set[type[BaseModel]] = set()
    for section in _below("", "", Settings):
        if section[2] not in seen:
            seen.add(section[2])
            yield section


def _below(above: str, prefix: str, table: type[BaseModel]) -> Iterator[tuple[str, str, type[BaseModel]]]:
    for key, field in table.model_fields.items():
        models = models_in(field.annotation)
        is_many = "tuple" in str(field.annotation)
        name, path = f"{above}{key}", f"{prefix}{key}{'__0' if is_many else ''}"
        for model in models:
            kind = f' with `kind = "{_kind_of(model)}"`' if len(models) > 1 else ""
            yield f"`[[{name}]]`{kind}" if is_many else f"`[{name}]`", path, model
            yield from _below(f"{name}.", f"{path}__", model)


def _kind_of(model: type[BaseModel]) -> str:
    return str(model.model_json_schema()["properties"]["kind"]["const"])


def _section(header: str, prefix: str, model: type[BaseModel]) -> list[str]:
    schema = model.model_json_schema()
    rows = [
        f"| `{key}` | {_type(entry)} | {_default(key, entry, schema)} | {_cell(entry['description'])} |"
        for key, entry in schema["properties"].items()
        if "description" in entry and not models_in(model.model_fields[key].annotation)
    ]
    return [
        f"## {header}",
        "",
        str(schema["description"]),
        "",
        f"Environment: `TRAINBOARD_{prefix.upper()}__<KEY>`.",
        "",
        "| key | value | default | what it is |",
        "| --- | --- | --- | --- |",
        *rows,
        "",
    ]


def _type(entry: dict[str, Any]) -> str:
    if "anyOf" in entry:
        return _type(entry["anyOf"][0])
    if choices := entry.get("enum", [entry["const"]] if "const" in entry else []):
        return " or ".join(f"`{json.dumps(value)}`" for value in choices)
    if entry["type"] == "array":
        return f"list of {_plural(_type(entry['items']))}{_span(entry, 'Items', ' entries')}"
    if entry.get("format") in {"date", "password"}:
        return "secret" if entry["format"] == "password" else "date"
    return _TYPES[entry["type"]] + _span(entry, "imum", "") + _span(entry, "Length", " characters")


def _plural(word: str) -> str:
    return word if word.startswith(("`", "text")) else f"{word}s"


def _span(entry: dict[str, Any], suffix: str, unit: str) -> str:
    least, most = entry.get(f"min{suffix}"), entry.get(f"max{suffix}")
    if most is not None:
        return f", {least} to {most}{unit}" if least is not None else f", at most {most}{unit}"
    return f", {least} or more{unit}" if least is not None and suffix == "imum" else ""


def _default(key: str, entry: dict[str, Any], schema: dict[str, Any]) -> str:
    if key in schema.get("required", ()):
        return "*needed*"
    default = entry.get("default")
    return "" if default is None else f"`{json.dumps(default, ensure_ascii=False)}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
