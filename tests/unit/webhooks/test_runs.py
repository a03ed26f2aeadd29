"""RunEvent v1: its signature, its schema and its decoder, which must agree."""

import copy
import json
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, assume, example, given, settings

from fakes.mutations import mutated
from fakes.senders import NOW, SENDERS, lower
from trainboard.errors import PayloadError
from trainboard.events import RunReported
from trainboard_webhooks import Credential, runs

FOLDER = Path(runs.__file__).parent
SCHEMA = json.loads((FOLDER / "run-event.schema.json").read_text())
JUDGE = jsonschema_rs.Draft202012Validator(SCHEMA, validate_formats=True)
FULL = json.loads((FOLDER / "fixtures/run__finished.json").read_text())
SMALL = json.loads((FOLDER / "fixtures/run__smallest.json").read_text())


def but(path, value, of=FULL):
    """The report with another value at a path; None takes the member out."""
    report = copy.deepcopy(of)
    *way, last = path.split(".")
    parent = report
    for key in way:
        parent = parent.setdefault(key, {})
    parent[last] = value
    if value is ...:
        del parent[last]
    return report


GOOD = [
    FULL,
    SMALL,
    but("schema", "1"),
    but("time", "2026-01-12t09:00:01.123456789z"),
    but("time", "2026-01-12T09:00:01-00:00"),
    but("run.attempt", 3.0),
    but("run.attempt", 2**63 - 1),
    but("run.url", "https://x"),
    but("run.name", "\U0001f984" * 250),
    but("metrics", {}),
    but("metrics.loss", -0.0),
    but("metrics.loss", 10**30),
    but("metrics.loss", {"value": None, "best": None}),
    but("metrics.loss", {"value": 1, "step": -5}),
    but("params", {str(n): n for n in range(500)}),
    but("params.text", "x" * 6000),
    but("tags", {"": ""}),
    but("datasets", []),
    but("links.issue", "AB#42"),
    but("cost.currency", "USD"),
    but("artifacts", [{"name": "n" * 500}]),
]
BAD = [
    [],
    None,
    5,
    {},
    but("source", ...),
    but("source", "GHA:acme"),
    but("source", "a:"),
    but("schema", "2"),
    but("schema", None),
    but("id", ""),
    but("extra", 1),
    but("run", []),
    but("run.id", ...),
    but("run.id", ""),
    but("run.id", 7),
    but("run.foo", 1),
    but("run.status", "done"),
    but("run.attempt", 0),
    but("run.attempt", 1.5),
    but("run.attempt", True),
    but("run.attempt", "1"),
    but("run.attempt", 2**63),
    but("run.attempt", 1e300),
    but("run.name", None),
    but("run.name", "x" * 251),
    but("run.url", "javascript:alert(1)"),
    but("run.started_at", "2026-01-12T09:00:00"),
    but("run.started_at", "2026-01-12 09:00:00Z"),
    but("run.started_at", "2026-01-12T09:00:00+0100"),
    but("run.started_at", "2026-02-30T09:00:00Z"),
    but("run.started_at", "2026-01-12T23:59:60Z"),
    but("run.started_at", "0001-01-01T00:00:00+23:59"),
    but("run.started_at", "9999-12-31T23:59:59-23:59"),
    but("run.started_at", 1768208400),
    but("run.ended_at", ""),
    but("run.group", {}),
    but("run.group.kind", "family"),
    but("run.error", {"trace": ""}),
    but("experiment.name", ""),
    but("experiment.name", "x" * 251),
    but("stage", "dream"),
    but("links.commit", "7D1B31E"),
    but("links.commit", "7d1b31e\n"),
    but("links.pr", 0),
    but("links.dirty", 1),
    but("metrics", []),
    but("metrics.loss", "0.2"),
    but("metrics.loss", True),
    but("metrics.loss", {}),
    but("metrics.loss", {"value": True}),
    but("metrics.loss", {"value": 1, "step": 0.5}),
    but("metrics.loss", {"value": 1, "at": "soon"}),
    but("metrics.loss", {"value": 1, "at": "2026-01-12 09:00:00Z"}),
    but("metrics.loss", {"value": 1, "stderr": -0.1}),
    but("metrics", {"": 1}),
    but("metrics", {"x" * 251: 1}),
    but("metrics", {str(n): n for n in range(501)}),
    but("params.list", [1]),
    but("params.text", "x" * 6001),
    but("tags.n", 5),
    but("tags", {str(n): "" for n in range(201)}),
    but("datasets", [{"name": "d"}] * 51),
    but("datasets", [{}]),
    but("model", {}),
    but("model.size_bytes", -1),
    but("artifacts", [{"name": "a", "kind": "painting"}]),
    but("cost.amount", -1),
    but("cost.currency", "eur"),
    but("cost.currency", "EUR\n"),
]


def is_decoded(document):
    try:
        runs.decode(json.dumps(document).encode())
    except PayloadError:
        return False
    return True


def test_schema_is_a_schema():
    """The shipped file is a valid schema of the 2020-12 draft with a title and a description."""
    jsonschema_rs.meta.validate(SCHEMA)
    assert "RunEvent, version 1" == SCHEMA["title"]
    assert all("description" in member for name, member in SCHEMA["properties"].items() if name != "schema")


@pytest.mark.parametrize("document", GOOD, ids=range(len(GOOD)))
def test_good_report_is_good_for_both(document):
    """What the schema allows is decoded."""
    assert (True, True) == (JUDGE.is_valid(document), is_decoded(document))


@pytest.mark.parametrize("document", BAD, ids=range(len(BAD)))
def test_bad_report_is_bad_for_both(document):
    """What the schema refuses is refused."""
    assert (False, False) == (JUDGE.is_valid(document), is_decoded(document))


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutated([FULL, SMALL]))
@example(but("metrics.loss", 1e308))
def test_schema_and_decoder_agree(document):
    """On reports that are wrong somewhere, too. NUL characters and NaN are no matter of the schema."""
    text = json.dumps(document)
    assume("\\u0000" not in text and "NaN" not in text and "Infinity" not in text)
    assert JUDGE.is_valid(document) == is_decoded(document)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (but("metrcs", 1), 'unknown key "metrcs" at $'),
        (but("run.foo", 1), 'unknown key "foo" at $.run'),
        (but("run.a` - at `b", 1), 'unknown key "a` - at `b" at $.run'),
        (but("metrics.loss", {"value": 1, "x" * 99: 1}), f'unknown key "{"x" * 35}~'),
        (but("run.attempt", "1"), "the body is no run event: Expected int, got str at $.run.attempt"),
        (but("run.id", ...), "the body is no run event: Object missing required field id at $.run"),
        (but("run.ended_at", "now"), "$.run.ended_at must be a time with an offset"),
        ({"specversion": "1.0", "data": but("run.foo", 1)}, 'unknown key "foo" at $.data.run'),
        ({"specversion": "1.0", "data": but("time", "now")}, "$.data.time must be a time"),
        ({"specversion": "2.0", "data": FULL}, "Invalid enum value '2.0' at $.specversion"),
    ],
)
def test_refusal_names_the_path(document, sentence):
    """The sender's author reads which key at which path is wrong."""
    with pytest.raises(PayloadError) as caught:
        runs.decode(json.dumps(document).encode())
    assert sentence in str(caught.value)


def test_cloud_event_holds_the_same_report():
    """A report comes plain or as the data of a CloudEvent."""
    cloud_event = {"specversion": "1.0", "id": "1", "source": "/x", "type": "run", "data": FULL}
    assert runs.decode(json.dumps(FULL).encode()) == runs.decode(json.dumps(cloud_event).encode())


def test_parse_tells_the_door():
    """An event says by which configured source the report came."""
    [event] = runs.parse("runs/ci", "run", json.dumps(SMALL).encode())
    assert RunReported(door="runs/ci", report=runs.decode(json.dumps(SMALL).encode())) == event


def test_entity_is_bounded():
    """Reports of one experiment have one entity, which is short however long its names are."""
    long = but("experiment.name", "x" * 250, but("source", "s:" + "y" * 500))
    body = json.dumps(long).encode()
    entity = runs.identify({"webhook-id": "1"}, body).entity
    assert 200 == len(entity)
    assert entity == runs.identify({"webhook-id": "2"}, body).entity
    assert "runs/cli:laptop/churn" == runs.identify({"webhook-id": "1"}, json.dumps(SMALL).encode()).entity


def test_secret_decides_the_sender():
    """Of several senders the one whose secret signed is meant; a secret of another form proves nothing."""
    other = Credential("nightly", ("plain text", "whsec_bmlnaHRseQ=="))
    body = json.dumps(SMALL).encode()
    headers = lower(SENDERS["runs"].headers("run", body))
    assert SENDERS["runs"].credential == runs.verify(headers, body, [other, SENDERS["runs"].credential], NOW)
