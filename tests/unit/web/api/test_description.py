"""What is said of the API: to programs, on its page, and in the documentation."""

import os
import re
from pathlib import Path

import pytest

from trainboard.web import api
from trainboard.web.api.operations import SCOPES
from trainboard.web.api.outline import say_bounds, say_type
from trainboard.web.api.reference import render_reference

PAGE = Path(__file__).resolve().parents[4] / "docs" / "api.md"
BEGIN, END = "<!-- operations -->", "<!-- /operations -->"
EVERY = pytest.mark.parametrize("operation", api.load(), ids=lambda each: each.name)


def test_the_docs_tell_every_operation():
    """docs/api.md holds what the declarations say; TRAINBOARD_UPDATE_GOLDEN=1 writes it."""
    text = PAGE.read_text()
    wanted = f"\n{render_reference(api.load())}\n"
    before, mark, rest = text.partition(BEGIN)
    if os.environ.get("TRAINBOARD_UPDATE_GOLDEN"):
        PAGE.write_text(before + mark + wanted + rest[rest.index(END) :])
    assert wanted == PAGE.read_text().partition(BEGIN)[2].partition(END)[0]


@EVERY
def test_an_operation_is_described(operation):
    """In a sentence, and so is each parameter and each value of its answer."""
    assert re.fullmatch(r"[A-Z].*\.", operation.summary)
    assert operation.path.startswith("/api/v1/")
    assert {each.name for each in operation.parameters if each.place == "path"} == set(
        re.findall(r"{(\w+)}", operation.path)
    )
    for each in operation.parameters:
        assert each.description, each.name


def test_every_value_is_described(web):
    """By the docstring of its type."""
    schemas = web.json("/openapi.json")["components"]["schemas"]
    assert [] == [
        name for name, told in schemas.items() if "properties" in told and not told.get("description")
    ]
    assert [] == [name for name, told in schemas.items() if told.get("title") != name]


@EVERY
def test_the_document_names_the_scope(web, operation):
    """For programs, and in the words for people."""
    told = web.json("/openapi.json")["paths"][operation.path][operation.method.lower()]
    assert operation.name == told["operationId"]
    assert operation.scope == told["x-scope"]
    assert f"Scope: `{operation.scope}`." in told["description"]
    assert {"token": [operation.scope]} == told["security"][0]
    assert ({} in told["security"]) == (operation.method == "GET"), "what changes something needs a token"


def test_the_document_is_not_sent_twice(web):
    """Whoever has it asks whether it still holds."""
    first = web.client.get("/openapi.json")
    again = web.client.get("/openapi.json", headers={"If-None-Match": first.headers["ETag"]})
    assert 304 == again.status_code


def test_the_page_shows_every_operation_and_loads_nothing(web):
    """No script, and nothing from elsewhere; every link on it leads somewhere."""
    html = web.text("/api")
    for each in api.load():
        assert f'id="{each.name}"' in html
    for scope in SCOPES:
        assert f"<code>{scope}</code>" in html
    assert "<script" not in html
    assert "://" not in html
    ids = re.findall(r' id="(.*?)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#(.*?)"', html)) <= set(ids)


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        (
            {"type": "integer", "minimum": 1, "maximum": 100, "default": 50},
            "whole number, 1 to 100, default 50",
        ),
        ({"type": "integer", "minimum": 1, "maximum": 2**63 - 1}, "whole number"),
        ({"type": "boolean", "default": False}, "true or false, default false"),
        ({"enum": ["a", "b"]}, "“a” or “b”"),
    ],
)
def test_a_parameter_is_told_in_a_few_words(schema, said):
    """Its bounds where they are of use, and what it is where it is left out."""
    assert said == say_bounds(schema)


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"$ref": "#/components/schemas/Board"}, "Board"),
        ({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]}, "time or null"),
        ({"type": "array", "items": {"type": "string"}}, "list of text"),
        (
            {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}]},
            "list of whole number, text",
        ),
        ({"type": "array"}, "list"),
        ({"type": "object", "additionalProperties": {"type": "number"}}, "map of number"),
        ({"type": "object"}, "map"),
    ],
)
def test_a_type_is_told_in_a_few_words(schema, said):
    """In those of people, not of JSON Schema."""
    assert said == say_type(schema)
