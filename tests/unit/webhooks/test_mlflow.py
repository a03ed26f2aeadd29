"""MLflow: deliveries that a real server sent, its test deliveries, and prompts that are nobody's business."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook

from fakes.senders import NOW, SENDERS, lower
from trainboard.errors import PayloadError
from trainboard.events import ModelChanged, PollDue
from trainboard_webhooks import mlflow
from trainboard_webhooks.signatures import WINDOW_SECONDS

FILE = Path(__file__).parents[2] / "data" / "mlflow_3.17_deliveries.jsonl"
CAPTURED = [json.loads(line) for line in FILE.read_text().splitlines()]
SENDER = SENDERS["mlflow"]


def timestamp(delivery):
    return int(delivery["headers"]["X-MLflow-Timestamp"])


def identify(body):
    return mlflow.identify({"x-mlflow-delivery-id": "1"}, json.dumps(body).encode())


def body_of(entity, action, **fields):
    return {
        "entity": entity,
        "action": action,
        "timestamp": "2026-01-12T09:00:00.000001+00:00",
        "data": fields,
    }


def parse(entity, action, **fields):
    kind = f"{entity}.{action}"
    return list(mlflow.parse("mlflow/prod", kind, json.dumps(body_of(entity, action, **fields)).encode()))


def test_captured_deliveries_are_signed_as_we_sign():
    """Real headers have the names and forms of ours; their own secret is not known any more."""
    for delivery in CAPTURED:
        body, headers = delivery["body"].encode(), lower(delivery["headers"])
        ours = lower(SENDER.headers("", body, headers["x-mlflow-delivery-id"], timestamp(delivery)))
        assert delivery["path"] == "/hook/nosecret" or ours.keys() <= headers.keys()
        assert len(ours["x-mlflow-signature"]) == len(headers.get("x-mlflow-signature", "v1," + "=" * 44))
        assert SENDER.credential == mlflow.verify(
            {**headers, **ours}, body, [SENDER.credential], timestamp(delivery)
        )
        assert mlflow.verify(headers, body, [SENDER.credential], timestamp(delivery)) is None


def test_standard_webhooks_library_judges_our_signature():
    """With a key of raw bytes the Standard Webhooks library signs the same."""
    for delivery in CAPTURED:
        headers = SENDER.headers("", delivery["body"].encode(), "id-1", timestamp(delivery))
        judge = Webhook(SENDER.credential.secrets[0].encode())
        moment = datetime.fromtimestamp(timestamp(delivery), UTC)
        assert judge.sign("id-1", moment, delivery["body"]) == headers["X-MLflow-Signature"]


def test_retries_stay_in_the_window():
    """A retry repeats id and time; the last of four slow attempts is still believed."""
    four_timeouts_seconds = 4 * 30 + 10
    headers = lower(SENDER.headers("", b"{}", now=NOW))
    assert four_timeouts_seconds < WINDOW_SECONDS
    assert mlflow.verify(headers, b"{}", [SENDER.credential], NOW + four_timeouts_seconds)


def test_captured_deliveries_are_understood():
    """Of a real server's deliveries, tests and prompts are greeted, and each other one is about its model."""
    found = {mlflow.identify(lower(d["headers"]), d["body"].encode()) for d in CAPTURED}
    entities = {identity.entity for identity in found if identity}
    assert {"mlflow/churn", "mlflow/r1"} <= entities
    assert not any("example" in entity or "greet" in entity for entity in entities)


@pytest.mark.parametrize("index", range(15))
def test_test_delivery_is_a_greeting(index):
    """What `test_webhook` sends for each of the 15 events is answered and not stored."""
    delivery = CAPTURED[index]
    assert mlflow.identify(lower(delivery["headers"]), delivery["body"].encode()) is None


def test_model_may_be_called_example_model():
    """A real model of that name is no test: the rest of the test's body is missing."""
    real = body_of("model_version", "created", name="example_model", version="2", run_id="39cefe27", tags={})
    assert "mlflow/example_model" == identify(real).entity


@pytest.mark.parametrize(
    "entity", ["prompt", "prompt_version", "prompt_tag", "prompt_version_tag", "prompt_alias"]
)
def test_prompts_are_not_kept(entity):
    """A prompt's template is neither stored nor told to anybody."""
    fields = {"name": "greet", "version": "1", "template": "Hello {{name}}, here is our secret sauce"}
    assert identify(body_of(entity, "created", **fields)) is None
    assert [] == parse(entity, "created", **fields)


def test_budget_is_kept_and_means_nothing_yet():
    """A budget has no model: its entity is the registry."""
    assert "mlflow" == identify(body_of("budget_policy", "exceeded", budget_policy_id="bp-1")).entity
    assert [] == parse("budget_policy", "exceeded", budget_policy_id="bp-1")


def test_new_version_is_a_reason_to_look():
    """A model version tells of its run; the runs behind it may have changed."""
    at = datetime(2026, 1, 12, 9, 0, 0, 1, UTC)
    change = ModelChanged(door="mlflow/prod", action="version", model="churn", at=at, version="3", run_id="r")
    assert [change, PollDue(door="mlflow/prod")] == parse(
        "model_version", "created", name="churn", version="3", run_id="r"
    )
    assert parse("model_version", "created", name="churn", version="3", run_id="")[0].run_id is None


def test_internal_tags_are_left_out():
    """MLflow's own bookkeeping is no news."""
    assert [] == parse("model_version_tag", "set", name="churn", version="3", key="_mlflow_x", value="1")
    assert 1 == len(parse("model_version_tag", "set", name="churn", version="3", key="passed", value="1"))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"entity": "model_version"},
        {"entity": "Model", "action": "created"},
        {"entity": "model_version", "action": "x" * 65},
        {"entity": "model_version", "action": "created\n"},
        {"entity": "model_version", "action": "created", "data": []},
        {"entity": "model_version", "action": "created", "data": {"name": 5}},
    ],
)
def test_other_shapes_are_refused(body):
    """A body without entity and action, or with other types, is no delivery of MLflow."""
    with pytest.raises(PayloadError):
        identify(body)


def test_long_names_are_shortened():
    """An entity is short and one per model, whatever the model is called."""
    assert 200 == len(identify(body_of("registered_model", "created", name="x" * 100_000)).entity)
    assert base64.b64decode(CAPTURED[0]["headers"]["X-MLflow-Signature"].removeprefix("v1,"), validate=True)
