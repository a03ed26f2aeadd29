"""Event Grid: both schemas alike, batches, and what a run says of a monitor."""

import copy
import json
from pathlib import Path

import pytest

from trainboard.errors import PayloadError
from trainboard.events import AlertsReported, ModelChanged, RunReported
from trainboard_webhooks import event_grid
from trainboard_webhooks.cloud_events import MOST_EVENTS

FOLDER = Path(event_grid.__file__).parent / "fixtures"
PREFIX = "Microsoft.MachineLearningServices."


def fixture(name):
    return json.loads((FOLDER / f"{name}.json").read_text())


[BREACH] = fixture(f"{PREFIX}RunStatusChanged__breach")
[FINE] = fixture(f"{PREFIX}RunStatusChanged__no_breach")


def but(event, **data):
    """The event with other data and an id of its own; ... takes one out."""
    changed = copy.deepcopy(event)
    changed["id"] = json.dumps(data, default=str)
    changed["data"] = {name: value for name, value in (changed["data"] | data).items() if value is not ...}
    return changed


def parse(*events):
    return list(event_grid.parse("event-grid/ws", "", json.dumps(events).encode()))


def alerts(*events):
    return [event.alerts[0] for event in parse(*events) if isinstance(event, AlertsReported)]


def identify(*events, headers=()):
    return event_grid.identify(dict(headers), json.dumps(events).encode())


@pytest.mark.parametrize(
    "name", ["DatasetDriftDetected", "ModelRegistered", "RunCompleted", "RunStatusChanged"]
)
def test_both_schemas_tell_the_same(name):
    """An event is the same in the schema of Event Grid and as a CloudEvent, and is one delivery."""
    grid, cloud = (fixture(f"{PREFIX}{name}__{schema}") for schema in ("grid", "cloud_event"))
    assert parse(*grid) == parse(cloud)
    assert identify(*grid) == identify(cloud)


def test_a_binary_event_is_kept_as_a_structured_one():
    """What its headers say is in what is stored."""
    event = fixture(f"{PREFIX}ModelRegistered__cloud_event")
    headers = {f"ce-{name}": value for name, value in event.items() if name != "data"}
    found = event_grid.identify(headers, json.dumps(event["data"]).encode())
    assert list(event_grid.parse("event-grid/ws", found.kind, found.body)) == parse(event)


def test_a_breach_and_its_end_are_one_alert():
    """The monitor's next run without the tag resolves what the run with it began, whichever signal it was."""
    began, ended = alerts(BREACH, FINE)
    assert (True, False) == (began.firing, ended.firing)
    assert (began.fingerprint, began.rule) == (ended.fingerprint, ended.rule)
    assert began.labels["signal"] == "fraud_monitor_data_drift"
    assert [(None, None)] * 2 == [(alert.starts_at, alert.ends_at) for alert in (began, ended)]


@pytest.mark.parametrize("tags", ["runTags", "RunTags", "RUNTAGS"])
def test_the_tag_is_found_in_whatever_case(tags):
    """The guide writes RunTags, the example runTags."""
    event = but(BREACH, **{"RunTags": ...} | {tags: BREACH["data"]["RunTags"]})
    assert [True] == [alert.firing for alert in alerts(event)]


@pytest.mark.parametrize(
    "status", ["Failed", "failed", "Canceled", "Running", "Queued", "Tomorrow", "", None]
)
def test_only_a_run_that_ended_well_ends_a_breach(status):
    """A run that goes on, was stopped or failed for another reason says nothing of the threshold."""
    assert [] == alerts(but(FINE, runStatus=status))
    assert [False] == [alert.firing for alert in alerts(but(FINE, runStatus="completed"))]


def test_steps_say_nothing_unless_they_tell_of_a_breach():
    """A step that ended well is no end of the breach that another step found; nor is it a run by itself."""
    assert [] == parse(but(FINE, runType="azureml.StepRun"))
    assert [True] == [alert.firing for alert in alerts(but(BREACH, runType="azureml.StepRun"))]


def test_events_of_a_batch_are_read_in_the_order_in_which_they_happened():
    """However they are ordered in the body; one that is in it twice counts once."""
    assert parse(BREACH, FINE) == parse(FINE, BREACH, FINE, BREACH)


def test_a_batch_is_a_repetition_if_all_of_it_is():
    """The same events in one body have one id, others another."""
    assert identify(BREACH, FINE) == identify(BREACH, FINE)
    assert 3 == len({identify(BREACH, FINE).id, identify(BREACH).id, identify(FINE).id})


def test_one_id_of_two_topics_is_two_events():
    """Ids are unique within their source only."""
    other = {**FINE, "topic": "/subscriptions/s/other", "id": BREACH["id"]}
    assert 2 == len(alerts(BREACH, other))


@pytest.mark.parametrize(
    ("status", "means"),
    [("NotStarted", "queued"), ("Preparing", "queued"), ("Finalizing", "running"), ("Canceled", "killed")],
)
def test_statuses_are_ours(status, means):
    """The words of Azure Machine Learning in ours; only an end has a time."""
    [run] = [
        event.report.run for event in parse(but(FINE, runStatus=status)) if isinstance(event, RunReported)
    ]
    assert means == run.status
    assert run.status.ended == bool(run.ended_at)


def test_registered_version_is_a_text():
    """Azure counts versions with numbers."""
    [event] = parse(*fixture(f"{PREFIX}ModelRegistered__grid"))
    assert isinstance(event, ModelChanged)
    assert ("version", "7") == (event.action, event.version)


@pytest.mark.parametrize(
    "body",
    [
        [],
        [[]],
        [{}],
        [1],
        {},
        [{**FINE, "id": ""}],
        [{**FINE, "eventTime": "yesterday"}],
        [{**FINE, "eventType": 5}],
        [{**FINE, "data": None}],
        [{**FINE, "data": []}],
        [but(FINE, runId=...)],
        [but(FINE, experimentName=..., experimentId=...)],
        [but(FINE, RunTags=[])],
        [{**FINE, "id": str(number)} for number in range(MOST_EVENTS + 1)],
        {"specversion": "0.3", "id": "1", "source": "s", "type": "t"},
        {"specversion": "1.0", "id": "1", "source": "", "type": "t"},
    ],
)
def test_what_is_no_event_is_refused(body):
    """By the door or by the worker, with a sentence."""
    with pytest.raises(PayloadError):
        list(event_grid.parse("event-grid/ws", "", json.dumps(body).encode()))
