"""An OpenAPI 3.1 description, read more strictly than it is written.

Descriptions usually leave their objects open, so that a misspelt key passes. Here a request's objects
are closed: what the description does not name is an error.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import jsonschema_rs

ROOT = "urn:description"
COMPOSED = ("allOf", "anyOf", "oneOf")
JSON = "application/json"


@dataclass(frozen=True)
class Operation:
    """One method of one path; `pointer` is its place in the description, as `#/paths/~1app/get`."""

    pattern: re.Pattern[str]
    pointer: str
    parameters: tuple[dict[str, Any], ...]
    body_required: bool
    body_types: tuple[str, ...]
    validators: dict[str, jsonschema_rs.Validator] = field(default_factory=dict, compare=False)


class Description:
    """A description whose validators are compiled when they are first needed."""

    def __init__(self, document: dict[str, Any]):
        self.document = document
        self.answer_validator = cache(self._make_answer_validator)
        self.delivery_validator = cache(self._make_delivery_validator)

    def find_operation(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """The operation with its path parameters; where several fit, the one with most literal text."""
        for operation in self.operations.get(method.lower(), ()):
            if match := operation.pattern.fullmatch(path):
                return operation, match.groupdict()
        return None

    def judge_text(self, operation: Operation, parameter: dict[str, Any], text: str) -> list[str]:
        """What is wrong with `text`, already unquoted, as the value of a parameter."""
        place = f"{parameter['in']} parameter {parameter['name']}"
        if place not in operation.validators:
            operation.validators[place] = self._compile(parameter["schema"])
        if any(operation.validators[place].is_valid(value) for value in list_readings(text)):
            return []
        return [f"{place}={text} is not {json.dumps(parameter['schema'])}"]

    def judge_body(self, operation: Operation, body: bytes | str) -> list[str]:
        """What is wrong with a request's JSON body."""
        if "body" not in operation.validators:
            schema = self.get(operation.pointer)["requestBody"]["content"][JSON]["schema"]
            operation.validators["body"] = self._compile(self.close(schema))
        return judge_json(operation.validators["body"], body)

    def judge_answer(self, operation: Operation, status: int, body: bytes | str) -> list[str] | None:
        """What is wrong with an answer; its unknown keys are fine. None where `status` is not described."""
        answers = self.get(operation.pointer)["responses"]
        if str(status) not in answers:
            return None
        answer = self.follow(answers[str(status)])
        if JSON not in answer.get("content", {}):
            return [f"{status} has no body"] if body else []
        return judge_json(self.answer_validator(operation.pointer, status), body)

    def judge_delivery(self, event: str, body: bytes | str) -> list[str] | None:
        """What is wrong with the body of a webhook (`issues-opened`); None where it is not described."""
        if event not in self.document["webhooks"]:
            return None
        return judge_json(self.delivery_validator(event), body)

    @cached_property
    def operations(self) -> dict[str, list[Operation]]:
        """By method; within one, the path with the most literal text comes first."""
        found: dict[str, list[Operation]] = {}
        paths = self.document["paths"]
        for path in sorted(paths, key=lambda path: (-len(re.sub(r"{.*?}", "", path)), path)):
            for method, operation in paths[path].items():
                found.setdefault(method, []).append(self._make_operation(path, method, operation))
        return found

    def get(self, pointer: str) -> Any:
        """What stands at `pointer`."""
        node = self.document
        for step in pointer.removeprefix("#/").split("/"):
            node = node[step.replace("~1", "/").replace("~0", "~")]
        return node

    def follow(self, node: dict[str, Any]) -> dict[str, Any]:
        """`node`, or what it refers to."""
        return self.get(node["$ref"]) if "$ref" in node else node

    def close(self, schema: Any, *, part: bool = False) -> Any:
        """`schema` with references written out and every object closed.

        A `part` of a composition stays open; the whole is closed to what no part has looked at.
        """
        if isinstance(schema, list):
            return [self.close(item, part=part) for item in schema]
        if not isinstance(schema, dict):
            return schema
        if "$ref" in schema:
            return self.close(self.get(schema["$ref"]), part=part)
        is_object = bool(schema.get("properties"))
        closed = {
            key: {name: self.close(value) for name, value in inner.items()}
            if key == "properties"
            else self.close(inner, part=key in COMPOSED and (part or is_object))
            for key, inner in schema.items()
            if not (part and key == "additionalProperties" and inner is True)
        }
        if is_object and not part and "additionalProperties" not in schema:
            closed["unevaluatedProperties"] = False
        return closed

    def _make_operation(self, path: str, method: str, operation: dict[str, Any]) -> Operation:
        parameters = tuple(self.follow(item) for item in operation.get("parameters", ()))
        body = operation.get("requestBody", {})
        return Operation(
            pattern=make_pattern(path, [item["name"] for item in parameters if item.get("x-multi-segment")]),
            pointer=f"#/paths/{path.replace('/', '~1')}/{method}",
            parameters=parameters,
            body_required=body.get("required", False),
            body_types=tuple(body.get("content", ())),
        )

    def _make_answer_validator(self, pointer: str, status: int) -> jsonschema_rs.Validator:
        return self._compile(
            self.follow(self.get(pointer)["responses"][str(status)])["content"][JSON]["schema"]
        )

    def _make_delivery_validator(self, event: str) -> jsonschema_rs.Validator:
        return self._compile(
            self.document["webhooks"][event]["post"]["requestBody"]["content"][JSON]["schema"]
        )

    def _compile(self, schema: Any) -> jsonschema_rs.Validator:
        absolute = json.loads(json.dumps(schema).replace('"$ref": "#', f'"$ref": "{ROOT}#'))
        return jsonschema_rs.Draft202012Validator(absolute, registry=self._registry, validate_formats=True)

    @cached_property
    def _registry(self) -> jsonschema_rs.Registry:
        return jsonschema_rs.Registry([(ROOT, self.document)], draft=jsonschema_rs.Draft202012)


def make_pattern(path: str, multi: Iterable[str]) -> re.Pattern[str]:
    """`/a/{b}` as a pattern with a group for `b`; the parameters in `multi` may hold slashes."""
    pieces = re.split(r"{(.*?)}", path)
    names = [f"(?P<{name.replace('-', '_')}>{'.+' if name in multi else '[^/]+'})" for name in pieces[1::2]]
    literals = map(re.escape, pieces[::2])
    return re.compile("".join(literal + name for literal, name in zip(literals, [*names, ""], strict=True)))


def list_readings(text: str) -> list[Any]:
    """Everything that the text of a parameter may stand for: itself, a list, a number or a truth."""
    is_literal = re.fullmatch(r"true|false|-?(0|[1-9]\d*)", text)
    return [text, text.split(","), *([json.loads(text)] if is_literal else [])]


def judge_json(validator: jsonschema_rs.Validator, body: bytes | str) -> list[str]:
    """What is wrong with `body`, each finding with its place."""
    try:
        value = json.loads(body)
    except ValueError as error:
        return [f"the body is not JSON: {error}"]
    errors = validator.iter_errors(value)
    return [f"at /{'/'.join(map(str, error.instance_path))}: {error.message:.300}" for error in errors]
