"""CloudEvents that tell of alerts: the schema and the decoder, which must agree, and the three modes."""

import copy
import json
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, assume, given, settings

from fakes.mutations import mutated
from trainboard.errors import PayloadError
from trainboard_webhooks import cloudevents
from trainboard_webhooks.cloudevents.told import read_alert
from trainboard_webhooks.payload import Payload, parse_json

FOLDER = Path(cloudevents.__file__).parent
JUDGE = jsonschema_rs.Draft202012Validator(json.loads((FOLDER / "alert.schema.json").read_text()))
FULL = json.loads((FOLDER / "fixtures/alert__full.json").read_text())
ALERT = FULL["data"]


def but(**members):
    """The alert with other members; ... takes one out."""
    changed = copy.deepcopy(ALERT) | members
    return {name: value for name, value in changed.items() if value is not ...}


def read(alert):
    return read_alert(Payload(parse_json(json.dumps(alert).encode())))


def parse(body):
    return list(cloudevents.parse("cloudevents/x", "", json.dumps(body).encode()))


@pytest.mark.parametrize(
    "alert",
    [
        ALERT,
        {"title": "x", "status": "resolved"},
        but(value=1, threshold=-0.5),
        but(labels={}, group_by=[]),
        but(group_by=["absent"]),
        but(starts_at="2026-01-12T09:00:00.123456789+05:30"),
        but(title="\U0001f984" * 250),
        but(links={}),
    ],
)
def test_good_alerts_are_good_to_both(alert):
    """What the schema takes the decoder takes."""
    assert JUDGE.is_valid(alert)
    assert read(alert).alerts[0].rule


@pytest.mark.parametrize(
    "alert",
    [
        {},
        [],
        but(title=...),
        but(title=""),
        but(title="x" * 251),
        but(status="ok"),
        but(status=...),
        but(schema="2"),
        but(nature="both"),
        but(labels={"a": 1}),
        but(labels={"": "x"}),
        but(labels={str(number): "x" for number in range(41)}),
        but(group_by="model"),
        but(group_by=None),
        but(value=None),
        but(value=True),
        but(starts_at=1_768_208_400),
        but(starts_at=None),
        but(links={"runbook": "javascript:alert(1)"}),
        but(links={"other": "https://x"}),
        but(unknown=1),
    ],
)
def test_bad_alerts_are_bad_to_both(alert):
    """What the schema refuses the decoder refuses, with a sentence that names the path."""
    assert not JUDGE.is_valid(alert)
    with pytest.raises(PayloadError) as refused:
        read(alert)
    assert str(refused.value).startswith("$")


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutated([ALERT]))
def test_schema_and_decoder_agree_on_broken_alerts(alert):
    """Whatever is deleted, retyped or blown up: what the decoder takes the schema takes."""
    try:
        read(alert)
    except (PayloadError, UnicodeError):
        assume(False)
    assert JUDGE.is_valid(alert)


def test_alerts_differ_by_labels_and_problems_by_those_of_group_by():
    """The pod tells alerts apart and no problems, because the sender says so."""
    one, other = read(ALERT), read(but(labels={**ALERT["labels"], "pod": "another"}))
    assert one.labels == other.labels == {"model": "fraud", "stage": "production"}
    assert one.alerts[0].fingerprint != other.alerts[0].fingerprint


def test_senders_of_one_alert_are_one_alert():
    """The source of an event tells events apart, and no alerts."""
    [one], [other] = parse(FULL), parse({**FULL, "source": "/elsewhere"})
    assert one == other


def test_modes_tell_the_same():
    """Structured, binary, with base64 and as the only one of a batch, an event means the same."""
    binary = {f"ce-{name}": value for name, value in FULL.items() if name not in {"data", "datacontenttype"}}
    found = cloudevents.identify(binary, json.dumps(ALERT).encode())
    assert list(cloudevents.parse("cloudevents/x", found.kind, found.body)) == parse(FULL) == parse([FULL])
    structured = cloudevents.identify({}, json.dumps(FULL).encode())
    assert (structured.id, structured.kind, None) == (found.id, found.kind, structured.body)


def test_a_bad_event_makes_its_whole_batch_bad():
    """The sender is told at once, by 400, and nothing is half done."""
    with pytest.raises(PayloadError):
        cloudevents.identify({}, json.dumps([FULL, {**FULL, "id": "2", "data": {}}]).encode())
