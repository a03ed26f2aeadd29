"""Runs of W&B become work items: on a clock, and at once where an automation hints."""

import json

import pytest
import responses

from fakes.wandb import FakeWandb, a_run
from trainboard_webhooks import wandb

SECRET = "a secret of the automation"
SOURCE = {
    "kind": "wandb",
    "name": "prod",
    "project": "churn",
    "entity": "acme",
    "api_key": "hush",
    "url": "https://api.wandb.test",
    "secrets": [SECRET],
    "experiments": ["churn-*"],
}


@pytest.fixture
def server():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as http:
        server = FakeWandb(projects={"churn-eu": [], "scratch": []})
        server.listen(http)
        yield server


@pytest.fixture
def bot(talk, server):
    return talk(sources=[SOURCE])


def add(server, name, project="churn-eu", **facts):
    """A run of today."""
    times = {"createdAt": "2026-11-18T09:00:00Z", "heartbeatAt": "2026-11-18T10:00:00Z"}
    server.projects[project].append(a_run(name, **times, **facts))


def hint(bot):
    """An automation tells that some run changed; the answer's status."""
    body = json.dumps({"event": "RUN_STATE", "project": "churn-eu"}).encode()
    headers = wandb.sign(SECRET, "run_state", body, "", 0)
    answer = bot.http.post("/webhooks/wandb/prod", data=body, headers=headers)
    bot.settle()
    return answer.status_code


def test_runs_are_found_on_a_clock(bot, server):
    """Those of the projects that the settings name."""
    add(server, "r1", summary={"val_auc": 0.93})
    add(server, "other", project="scratch")
    bot.forward(seconds=31)
    [item] = bot.items()
    assert "Experiment: churn-eu" == item.title
    assert "**1 run: 1 finished**" in item.body
    assert "0.93" in item.body


def test_an_automation_makes_the_bot_look_at_once(bot, server):
    """It does not wait for its clock."""
    bot.forward(seconds=31)
    add(server, "r1")
    assert 202 == hint(bot)
    assert "**1 run: 1 finished**" in bot.items()[0].body


def test_a_sweep_is_one_row(bot, server):
    """Forty trials are a line."""
    for number in range(40):
        add(server, f"t{number}", sweepName="depth", summary={"val_auc": 0.9 + number / 1000})
    bot.forward(seconds=31)
    rows = [line for line in bot.items()[0].body.splitlines() if "40" in line and line.startswith("|")]
    assert 1 == len(rows)


def test_what_a_run_says_is_inert(bot, server):
    """No mention, no closing word and no HTML of a run's name survives."""
    add(server, "r1", displayName="@everyone fixes #1 <img src=x> <!-- trainboard:end -->")
    bot.forward(seconds=31)
    body = bot.items()[0].body.split("-->", 1)[1]
    assert not [word for word in ("@everyone", "#1", "<img") if word in body]
    assert 1 == body.count("<!-- trainboard:end -->")


def hint_of_model(bot, event):
    """An automation tells that something became of a model."""
    told = {"event": event, "artifact": "acme-org/wandb-registry-model/churn-clf:v0", "alias": "champion"}
    body = json.dumps(told).encode()
    headers = wandb.sign(SECRET, event.lower(), body, "", 0)
    answer = bot.http.post("/webhooks/wandb/prod", data=body, headers=headers)
    bot.settle()
    return answer.status_code


def test_an_alias_in_a_registry_shows_on_the_work_item_of_the_run(talk, server):
    """It is read when an automation hints, shown with its place, and gone when it is cleared."""
    bot = talk(sources=[SOURCE | {"registries": ["acme-org/wandb-registry-model"]}])
    add(server, "r1")
    bot.forward(seconds=31)
    model = server.put_model("acme-org/wandb-registry-model/churn-clf")
    model.add("r1", at="2026-11-18T10:00:00")
    model.add("r9", project="rival/churn-eu", at="2026-11-18T10:00:00")
    model.aliases = {"champion": 0, "rival": 1}
    assert 202 == hint_of_model(bot, "LINK_MODEL")
    assert 1 == len(server.questions("ArtifactMemberships"))
    bot.forward(seconds=31)
    body = bot.items()[0].body
    assert "`wandb-registry-model/churn-clf` version v0 (`champion`)" in body
    assert "rival" not in body

    model.aliases = {}
    bot.forward(seconds=62)
    body = bot.items()[0].body
    assert "version v0 (`champion`)" not in body
    assert "`wandb-registry-model/churn-clf` version v0" in body


def test_a_registry_that_refuses_keeps_no_run_from_being_read(talk, server, monkeypatch):
    """The models are asked for again with the next reading."""
    bot = talk(sources=[SOURCE])
    refusal = {"message": "permission denied"}
    monkeypatch.setattr(server, "refuses", {"ArtifactTypeArtifactCollections": refusal})
    add(server, "r1")
    server.put_model("acme/churn-eu/clf").add("r1", at="2026-11-18T10:00:00")
    server.put_model("acme/churn-eu/clf").aliases = {"champion": 0}
    bot.forward(seconds=31)
    assert "**1 run: 1 finished**" in bot.items()[0].body
    assert "churn-eu/clf" not in bot.items()[0].body
    monkeypatch.setattr(server, "refuses", {})
    bot.forward(seconds=62)
    assert "`churn-eu/clf` version v0 (`champion`)" in bot.items()[0].body
