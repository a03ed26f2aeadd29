"""Event Grid: both schemas alike, batches, and what a run says of a monitor."""

import copy
import json
from pathlib import Path

import pytest
from msgspec import UNSET

from trainboard.errors import PayloadError
from trainboard.events import AlertsReported, ModelChanged, ModelServed, RunReported
from trainboard.runs import Links
from trainboard_webhooks import event_grid
from trainboard_webhooks.cloud_events import MOST_EVENTS

FOLDER = Path(event_grid.__file__).parent / "fixtures"
PREFIX = "Microsoft.MachineLearningServices."
DEPLOYED = f"{PREFIX}ModelDeployed__grid"


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
    "name", ["DatasetDriftDetected", "ModelDeployed", "ModelRegistered", "RunCompleted", "RunStatusChanged"]
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
    assert [] == parse(but(FINE, runType=None, runProperties={"azureml.runsource": "azureml.ReusedStepRun"}))
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


GIT = {
    "azureml.git.repository_uri": "git@ssh.dev.azure.com:v3/acme/churn/model",
    "azureml.git.branch": "exp/42",
    "azureml.git.commit": "4D2B93784676893F8E346D5F0B9FB894A9CF0742",
    "azureml.git.dirty": "False",
}


@pytest.mark.parametrize("place", ["runProperties", "RunTags"])
def test_the_code_of_a_run_is_in_its_properties(place):
    """Or in its tags, as Azure notes it when a job is submitted from a clone."""
    [run, *_] = parse(but(FINE, **{place: GIT}))
    commit = "4d2b93784676893f8e346d5f0b9fb894a9cf0742"
    assert Links(repo="acme/churn/model", commit=commit, branch="exp/42", dirty=False) == run.report.links


def test_what_is_no_code_is_left_out():
    """A commit that is none is not guessed at."""
    [run, *_] = parse(but(FINE, runProperties={"azureml.git.commit": "HEAD", "azureml.git.dirty": "maybe"}))
    assert UNSET is run.report.links


def test_a_run_has_the_id_that_it_is_read_by():
    """Up to the length that the reading takes, it is not shortened."""
    [run, *_] = parse(but(FINE, runId="r" * 255))
    assert "r" * 255 == run.report.run.id


def test_registered_version_is_a_text():
    """Azure counts versions with numbers."""
    [event] = parse(*fixture(f"{PREFIX}ModelRegistered__grid"))
    assert isinstance(event, ModelChanged)
    assert ("version", "7") == (event.action, event.version)


def test_each_version_that_is_deployed_is_served():
    """Two of one model at once are two servings, which do not take each other's place."""
    first, second = [event.serving for event in parse(*fixture(DEPLOYED))]
    assert ("azure-ml:ws-prod", "fraud", "succeeded") == (first.service, first.endpoint, first.state)
    assert [("fraud", "6"), ("fraud", "7")] == [(each.model, each.version) for each in (first, second)]
    assert first.ref != second.ref


@pytest.mark.parametrize(
    ("ids", "versions"),
    [
        ("a:1", ["a:1"]),
        (" a:1 ,b:2,a:1", ["a:1", "b:2"]),
        ("a,:1,b:,a:b:1,,x y:1", []),
        ("", []),
        (None, []),
        (",".join(f"m:{number}" for number in range(500)), [f"m:{number}" for number in range(100)]),
    ],
)
def test_what_is_no_version_is_not_served(ids, versions):
    """An id is a model's name and a number; a hundred of them are read."""
    events = parse(but(*fixture(DEPLOYED), ModelIds=ids))
    assert all(isinstance(event, ModelServed) for event in events)
    assert versions == [f"{event.serving.model}:{event.serving.version}" for event in events]


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
        [but(*fixture(DEPLOYED), ServiceName=...)],
        [{name: value for name, value in fixture(DEPLOYED)[0].items() if name != "eventTime"}],
        [{**FINE, "id": str(number)} for number in range(MOST_EVENTS + 1)],
        {"specversion": "0.3", "id": "1", "source": "s", "type": "t"},
        {"specversion": "1.0", "id": "1", "source": "", "type": "t"},
    ],
)
def test_what_is_no_event_is_refused(body):
    """By the door or by the worker, with a sentence."""
    with pytest.raises(PayloadError):
        list(event_grid.parse("event-grid/ws", "", json.dumps(body).encode()))
