"""The API as an OpenAPI 3.1 document, made from the operations.

Source: OpenAPI Initiative, "OpenAPI Specification", version 3.1.1; JSON Schema, draft 2020-12.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from trainboard import __version__
from trainboard.web.api.operations import JSON, SCOPES, Operation, Parameter
from trainboard.web.problems import Problem

PROBLEM_JSON = "application/problem+json"
ABOUT = (
    "What Trainboard knows, to read; one operation changes something, by POST. Lists are paged by a "
    "cursor: ask again with `cursor` set to the `next` of the answer, or follow the Link header. Unknown "
    "parameters are refused. Each answer to GET has an ETag; "
    "asked with If-None-Match, one that did not change is 304 without a body. Times are as RFC 3339 "
    "says, with an offset. `x-scope` is what a token must allow, where people sign in; where they do not, "
    "nobody has to prove anything."
)

_REF = "#/components/schemas/{name}"
_REFUSALS = {
    "400": "A parameter is unknown, is there twice, or is not what it should be.",
    "401": "Nobody is signed in, and no token is given or the one that is given is not known.",
    "403": "Who asks may not have this.",
    "404": "Nothing of that name or number is known.",
    "406": "The client accepts nothing that this address answers with.",
    "409": "What is there does not allow it.",
    "413": "The request has a body that is too large.",
    "default": "Another refusal, or a fault of the service.",
}


_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "One of `[[api_tokens]]` of the settings; who signed in in a browser needs none.",
}


def describe(operations: Iterable[Operation]) -> dict[str, Any]:
    """The document, ready to be written as JSON."""
    listed = tuple(operations)
    schemas, components = _schemas(listed)
    paths: dict[str, Any] = {}
    for each in listed:
        paths[each.path] = {each.method.lower(): _operation(each, schemas[each.name])}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Trainboard",
            "version": __version__,
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": group} for group in dict.fromkeys(each.group for each in listed)],
        "x-scopes": dict(SCOPES),
        "paths": paths,
        "components": {
            "schemas": components,
            "responses": _refusals(),
            "headers": _headers(),
            "securitySchemes": {"token": _TOKEN},
        },
    }


def list_schemas(operations: Iterable[Operation]) -> dict[str, Any]:
    """The JSON Schema of every value in an answer, by name."""
    return _schemas(tuple(operations))[1]


def _schemas(operations: tuple[Operation, ...]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The schema of each operation's answer by the operation's name, and what they refer to."""
    types = [each.answers for each in operations]
    made, components = msgspec.json.schema_components([*types, Problem], ref_template=_REF)
    answers = {each.name: schema for each, schema in zip(operations, made, strict=False)}
    return answers, dict(sorted(components.items()))


def _operation(operation: Operation, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": "\n\n".join(filter(None, [operation.description, f"Scope: `{operation.scope}`."])),
        "tags": [operation.group],
        "x-scope": operation.scope,
        "security": [{"token": [operation.scope]}, *([{}] if operation.method == "GET" else [])],
        "parameters": [_parameter(each) for each in operation.parameters],
        "responses": {
            **_answers(operation, schema),
            **{status: {"$ref": f"#/components/responses/{status}"} for status in _refusals_of(operation)},
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.required,
        "description": parameter.description,
        "schema": parameter.schema,
    }


def _answers(operation: Operation, schema: dict[str, Any]) -> dict[str, Any]:
    if operation.method != "GET":
        content = {JSON: {"schema": schema}}
        return {str(int(operation.status)): {"description": "It will be done.", "content": content}}
    return {
        "200": _answer(operation, schema),
        "304": {"description": "The answer that the client has is still the answer."},
    }


def _refusals_of(operation: Operation) -> list[str]:
    return [status for status in _REFUSALS if status != "409" or operation.method != "GET"]


def _answer(operation: Operation, schema: dict[str, Any]) -> dict[str, Any]:
    headers = ["ETag", "Link"] if operation.is_paged else ["ETag"]
    texts = {each: {"schema": {"type": "string"}} for each in operation.media_types if each != JSON}
    return {
        "description": "The answer.",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
        "content": {JSON: {"schema": schema}, **texts},
    }


def _refusals() -> dict[str, Any]:
    content = {PROBLEM_JSON: {"schema": {"$ref": _REF.format(name=Problem.__name__)}}}
    return {status: {"description": text, "content": content} for status, text in _REFUSALS.items()}


def _headers() -> dict[str, Any]:
    text = {"type": "string"}
    return {
        "ETag": {"description": "Names this answer, for If-None-Match.", "schema": text, "required": True},
        "Link": {"description": 'The next page, with rel="next"; not on the last one.', "schema": text},
    }
