"""Runs of DVCLive become work items, without a change of the training code."""

import json
from pathlib import Path

import pytest
import requests

from fakes.conversation import Conversation
from peers.dvclive import train
from peers.service import running_service
from trainboard_webhooks import dvclive

FIXTURES = Path(dvclive.__file__).parent / "fixtures"
TOKEN = "a-token-of-the-tests"
SOURCE = {
    "kind": "dvclive",
    "name": "laptops",
    "project": "churn",
    "secrets": [TOKEN],
    "experiments": ["acme/*"],
}
SETTINGS = f"""
[engine]
edit_interval_seconds = 1
[[projects]]
name = "churn"
[[sources]]
kind = "dvclive"
name = "laptops"
project = "churn"
secrets = ["{TOKEN}"]
experiments = ["acme/*"]
"""


@pytest.fixture
def bot(talk):
    return talk(sources=[SOURCE])


def says(bot: Conversation, event: str, **more) -> int:
    """The client posts a recorded event; the answer's status."""
    document = json.loads((FIXTURES / f"{event}.json").read_text()) | more
    answer = bot.http.post("/api/live", json=document, headers={"Authorization": f"token {TOKEN}"})
    bot.settle()
    return answer.status_code


def test_a_live_run_is_a_row_that_follows_it(bot):
    """It runs, its metrics grow, and its end keeps them though it tells none."""
    assert 200 == says(bot, "start__live")
    [item] = bot.items()
    assert "**1 run: 1 running**" in item.body
    for name in ("data__first_step", "data__plots_only", "data__more_metrics", "done__live"):
        assert 200 == says(bot, name)
    bot.forward(seconds=31)
    [item] = bot.items()
    assert "Experiment: acme/churn" == item.title
    assert "**1 run: 1 finished**" in item.body
    assert "livid-sori" in item.body
    assert "0.84" in item.body


def test_events_that_come_twice_or_late_change_nothing(bot):
    """A step that arrives after the end does not bring the run back."""
    for name in ("start__live", "done__live", "data__more_metrics", "done__live", "start__live"):
        assert 200 == says(bot, name)
    bot.forward(seconds=31)
    assert "**1 run: 1 finished**" in bot.items()[0].body


def test_what_it_says_is_inert(bot):
    """No mention, no closing word and no HTML of a run's name survives."""
    says(bot, "start__live", name="@everyone fixes #1 <img src=x> <!-- trainboard:end -->")
    body = bot.items()[0].body.split("-->", 1)[1]
    assert not [word for word in ("@everyone", "#1", "<img") if word in body]
    assert 1 == body.count("<!-- trainboard:end -->")


@pytest.mark.peer
def test_the_real_client_tells_of_its_run(tmp_path):
    """DVCLive itself, with two variables in its environment, and no complaint of it."""
    (tmp_path / "service").mkdir()
    (tmp_path / "code").mkdir()
    with running_service(tmp_path / "service", SETTINGS) as service:
        told = train(tmp_path / "code", service.url, TOKEN, "deeper-trees", 0.8, 0.82, 0.84)
        row = service.wait_for("the run to end", lambda: ended(service))
    assert "ailed to post" not in told
    assert "0.84" in row


def ended(service):
    """The line of the run on its work item's page, once it has ended."""
    for item in service.board()["items"]:
        page = requests.get(service.url + item["url"], timeout=10).text
        rows = [row for row in page.split("<tr") if "deeper-trees" in row and "finished" in row]
        if rows and "1 finished" in page:
            return rows[0]
    return None
