"""Commands beside a running service: they do not take its database, and it takes up what they leave."""

import json
import subprocess
import sys

import pytest

from fakes.conversation import run
from peers.service import TAKES_RUNS, report_run, running_service

SETTINGS = f"""
{TAKES_RUNS}experiments = ["churn-*"]
"""


@pytest.fixture
def service(tmp_path):
    """A service with one project and one door."""
    with running_service(tmp_path, SETTINGS) as service:
        yield service


def trainboard(service, *words):
    """The JSON that the command prints, in a process of its own."""
    config = service.folder / "trainboard.toml"
    command = [sys.executable, "-m", "trainboard", *words, "--json", "--config", str(config)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert 0 == done.returncode, done.stderr
    return json.loads(done.stdout)


def test_a_replay_is_taken_up_by_the_running_service(service):
    """Within seconds; nobody tells the service but its database."""
    assert 202 == report_run(service.url, run("r1", status="running"), "d1").status_code
    service.wait_for("the work item", lambda: service.board()["items"])
    before = trainboard(service, "deliveries", "show", "d1")

    assert {"delivery": before["number"], "state": "waiting"} == trainboard(
        service, "deliveries", "replay", "d1"
    )
    again = service.wait_for("the replay to be done", lambda: finished_again(service, before))
    assert "done" == again["state"]


def finished_again(service, before):
    """The delivery, once it has come to an end after `before`."""
    now = trainboard(service, "deliveries", "show", "d1")
    return now if now["state"] == "done" and now["finished_at"] > before["finished_at"] else None


def test_the_service_goes_on_while_commands_look(service):
    """A dry run and an explanation take nothing from it."""
    assert 202 == report_run(service.url, run("r1", status="running"), "d1").status_code
    service.wait_for("the work item", lambda: service.board()["items"])

    plan = trainboard(service, "deliveries", "replay", "d1", "--dry-run")
    [told] = trainboard(service, "explain", "churn-xgb")
    assert [[]] == [each["changes"] for each in plan["facts"]]
    assert ["d1"] == [cause["id"] for effect in told["effects"] for cause in effect["causes"]]
    assert 202 == report_run(service.url, run("r2", status="running"), "d2").status_code
    assert ["d2", "d1"] == [each["id"] for each in trainboard(service, "deliveries", "list")]
