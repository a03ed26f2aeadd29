"""The settings as a JSON Schema and as a reference for people, both made from the model."""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from trainboard.settings.findings import models_in
from trainboard.settings.model import Settings

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES = {"integer": "whole number", "string": "text", "object": "table"}


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
    shown: set[type[BaseModel]] = set()
    for name, field in Settings.model_fields.items():
        many = "tuple" in str(field.annotation)
        prefix = f"{name}__0" if many else name
        models = models_in(field.annotation)
        for model in models:
            kind = f' with `kind = "{_kind_of(model)}"`' if len(models) > 1 else ""
            yield f"`[[{name}]]`{kind}" if many else f"`[{name}]`", prefix, model
            for key, below in model.model_fields.items():
                for inner in models_in(below.annotation):
                    if inner in shown:
                        continue
                    shown.add(inner)
                    yield f"`[{name}.{key}]`", f"{prefix}__{key}", inner


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
