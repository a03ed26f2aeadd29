"""Addresses that stand in deliveries are shown at most: the bot asks nobody there."""

import json
import re
from contextlib import closing
from pathlib import Path

import pytest
import responses

from fakes.conversation import PROJECT, RUNS_SECRET, Conversation
from fakes.senders import SECRETS, SENDERS
from trainboard_webhooks import sources

INNER = "http://169.254.169.254/latest/meta-data"
KINDS = {"alertmanager", "cloudevents", "dvclive", "evidently", "grafana", "runs"}
"""Sources that come with their events whole: what the others say makes the bot ask whom the settings name."""
FIXTURES = [
    (name, path)
    for name in sorted(KINDS)
    for path in sorted(Path(sources()[name].__file__).parent.glob("fixtures/*.json"))
    if not path.name.endswith(".events.json")
]


def leads_inside(value):
    """The same with every address in it led to where only the machine itself gets."""
    if isinstance(value, dict):
        return {key: leads_inside(each) for key, each in value.items()}
    if isinstance(value, list):
        return [leads_inside(each) for each in value]
    return re.sub(r"https?://[^\s\"')]+", INNER, value) if isinstance(value, str) else value


@pytest.fixture
def bot(tmp_path):
    """A bot that hears all of them."""
    named = [
        {
            "kind": name,
            "name": SENDERS[name].name,
            "project": "churn",
            "secrets": [RUNS_SECRET if name == "runs" else SECRETS[name]],
        }
        for name in sorted(KINDS)
    ]
    made = Conversation(f"sqlite:///{tmp_path}/t.db", projects=[PROJECT], sources=named)
    with closing(made) as bot:
        yield bot


def test_no_address_of_a_delivery_is_asked(bot):
    """Whatever a run, an alert or a report calls its page, its file or its source."""
    taken = 0
    with responses.RequestsMock() as network:
        for number, (name, path) in enumerate(FIXTURES):
            body = json.dumps(leads_inside(json.loads(path.read_bytes()))).encode()
            kind, secret = path.stem.split("__")[0], RUNS_SECRET if name == "runs" else SECRETS[name]
            now = bot.clock().timestamp()
            headers = sources()[name].sign(secret, kind, body, f"delivery-{number}", now)
            headers = {"Content-Type": "application/json", **headers}
            answer = bot.http.post(SENDERS[name].address, data=body, headers=headers)
            taken += answer.status_code in {200, 201, 202}
            bot.settle()
        bot.forward(minutes=1)
        assert [] == [call.request.url for call in network.calls]
    assert taken > len(FIXTURES) // 2
