"""The example file, the schema and the reference say what the code does."""

import json
import os
import re
import tomllib
from pathlib import Path

import jsonschema_rs
import pytest

from trainboard.settings import load
from trainboard.settings.reference import render_reference, render_schema

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "config" / "trainboard.toml"
SCHEMA = ROOT / "config" / "schema.json"
GUIDE = ROOT / "docs" / "configuration.md"
BELOW_IS_GENERATED = "<!-- From here on: `trainboard config reference`. -->\n\n"

WITH_ALL_KEYS = re.sub(r"^#(?=\[|[a-z_]+ = )", "", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)


def as_json(text):
    """TOML as what a JSON Schema sees."""
    return json.loads(json.dumps(tomllib.loads(text), default=str))


def keys_of(schema, path=()):
    """Every key that the schema knows, as sections and a name, places left out."""
    inner = schema.get("items", schema)
    for model in [schema["$defs"][ref["$ref"].rsplit("/", 1)[-1]] for ref in inner.get("oneOf", [inner])]:
        for key, below in model["properties"].items():
            if "$ref" in below:
                yield from keys_of({"$defs": schema["$defs"], "items": below}, (*path, key))
            else:
                yield (*path, key)


@pytest.fixture
def complete(tmp_path):
    """The example with all keys, and the file that it refers to."""
    (tmp_path / "github-app.pem").write_text("KEY\n", encoding="utf-8")
    file = tmp_path / "trainboard.toml"
    file.write_text(WITH_ALL_KEYS, encoding="utf-8")
    return file


def check_generated(file, expected):
    """Compare, or write with TRAINBOARD_UPDATE_GOLDEN=1."""
    if os.environ.get("TRAINBOARD_UPDATE_GOLDEN"):
        file.write_text(expected, encoding="utf-8")
    assert expected == file.read_text(encoding="utf-8")


def test_the_schema_file_is_up_to_date():
    """config/schema.json is what `trainboard config schema` prints."""
    check_generated(SCHEMA, render_schema())


def test_the_guide_is_up_to_date():
    """docs/configuration.md ends with what `trainboard config reference` prints."""
    intro, mark, _ = GUIDE.read_text(encoding="utf-8").partition(BELOW_IS_GENERATED)
    check_generated(GUIDE, intro + mark + render_reference())


def test_the_schema_is_a_schema():
    """It keeps the rules of its own dialect."""
    schema = json.loads(render_schema())
    assert "https://json-schema.org/draft/2020-12/schema" == schema["$schema"]
    assert jsonschema_rs.meta.is_valid(schema)


def test_the_example_is_the_embedded_default():
    """Whoever copies the file changes nothing by it."""
    assert load(EXAMPLE, {}).model_dump() == load(Path(os.devnull), {}).model_dump()


def test_the_example_is_valid_with_all_its_keys(complete):
    """Each commented key may be uncommented as it stands."""
    environ = {
        "GITHUB_WEBHOOK_SECRET": "s",
        "AZURE_DEVOPS_WEBHOOK_PASSWORD": "s",
        "TRAINBOARD_RUNS_SECRET": "whsec_" + "A" * 32,
        "TRAINBOARD_DVC_TOKEN": "t",
        "TRAINBOARD_WANDB_API_KEY": "k",
        "TRAINBOARD_AZURE_ML_SECRET": "s",
        "TRAINBOARD_GITHUB_CLIENT_SECRET": "s",
        "TRAINBOARD_ENTRA_CLIENT_SECRET": "s",
        "TRAINBOARD_API_TOKEN": "t" * 32,
    }
    settings = load(complete, environ)
    assert (123456, ["prod", "ci"]) == (settings.github.app_id, [each.name for each in settings.sources[:2]])


def test_the_example_knows_every_key():
    """A key that the code has and the example has not is not documented."""
    schema = json.loads(render_schema())
    known = {
        (section, *key)
        for section, below in schema["properties"].items()
        for key in keys_of(
            {**below, "$defs": schema["$defs"]} if "items" in below else {"items": below, **schema}
        )
    }
    written = {
        (section, key) if not isinstance(value, dict) else (section, key, inner)
        for section, tables in tomllib.loads(WITH_ALL_KEYS).items()
        for table in (tables if isinstance(tables, list) else [tables])
        for key, value in table.items()
        for inner in (value if isinstance(value, dict) else [None])
    }
    assert known == written


def test_the_example_fits_the_schema():
    """Editors that know the schema find nothing wrong, and it starts with the line that they look for."""
    validator = jsonschema_rs.validator_for(json.loads(render_schema()))
    assert [] == [error.message for error in validator.iter_errors(as_json(WITH_ALL_KEYS))]
    assert WITH_ALL_KEYS.startswith("#:schema ./schema.json\n")


def test_the_schema_refuses_what_the_code_refuses():
    """Unknown keys, keys of another kind and wrong names are seen in the editor already."""
    validator = jsonschema_rs.validator_for(json.loads(render_schema()))
    wrong = ["[servr]", "[server]\nport = 99999", '[[projects]]\nname = "A"', '[[sources]]\nkind = "wandb"']
    assert [] == [text for text in wrong if validator.is_valid(as_json(text))]
