"""The service as an operator runs it: a process, a port, a file."""

import json
import os
import signal
import subprocess
import sys
import time
from socket import create_server

import pytest
import requests

from fakes.conversation import RUNS_SECRET, run
from peers.service import TAKES_RUNS, gunicorn_command, report_run, running_service, serve_command
from trainboard_webhooks import runs

SETTINGS = f"""
{TAKES_RUNS}experiments = ["churn-*"]
"""


@pytest.fixture(params=[serve_command, gunicorn_command], ids=["serve", "gunicorn"])
def anyhow(request, tmp_path):
    """A service with one project and one door, below each of the servers that we try it with."""
    with running_service(tmp_path, SETTINGS, command=request.param) as service:
        yield service


@pytest.fixture
def service(tmp_path):
    """A service as it is meant to be started."""
    with running_service(tmp_path, SETTINGS) as service:
        yield service


def now_running(run_id="r1"):
    """A run of this moment."""
    return run(run_id, status="running")


def test_a_report_becomes_a_card_on_the_board(anyhow):
    """Over real HTTP, through real threads, into a real file."""
    service = anyhow
    assert 202 == report_run(service.url, now_running(), "d1").status_code

    [item] = service.wait_for("the work item", lambda: service.board()["items"])
    assert ("churn-xgb", 1) == (item["experiment"], item["runs"]["running"])
    assert 200 == requests.get(f"{service.url}/", timeout=10).status_code


def test_it_answers_those_who_look_after_it(service):
    """Alive, ready, and counted."""
    report_run(service.url, now_running(), "d1")

    assert 200 == requests.get(f"{service.url}/healthz", timeout=10).status_code
    metrics = requests.get(f"{service.url}/metrics", timeout=10).text
    assert 'trainboard_deliveries_received_total{outcome="stored",source="runs"} 1.0' in metrics


def test_it_ends_when_it_is_asked_to(anyhow):
    """An operator's stop is no accident, and nothing of it is an error in the log."""
    assert 0 == anyhow.stop()
    assert "Traceback" not in anyhow.log()


def test_a_refusal_does_not_harm_the_next_delivery(anyhow):
    """A sender keeps its connection, also where nobody read the body that was refused."""
    body = json.dumps(now_running()).encode()
    signed = {"Content-Type": "application/json", **runs.sign(RUNS_SECRET, "run", body, "d1", time.time())}
    refused = [
        ("/webhooks/nothing", signed, 404),
        ("/webhooks/runs", signed | {"Content-Type": "text/plain"}, 415),
        ("/webhooks/runs", signed | {"webhook-signature": "v1,AAAA"}, 401),
        ("/webhooks/runs", signed, 202),
    ]
    with requests.Session() as sender:
        for path, headers, status in refused:
            answer = sender.post(anyhow.url + path, data=body, headers=headers, timeout=10)
            assert status == answer.status_code


def test_what_was_acknowledged_survives_a_kill(tmp_path):
    """Power gone a moment after the answer: the work is done by the next process."""
    with running_service(tmp_path, SETTINGS) as service:
        for number in range(20):
            assert 202 == report_run(service.url, now_running(f"r{number}"), f"d{number}").status_code
        kill_all(service.process.pid)
        service.process.wait(timeout=10)
    with running_service(tmp_path, SETTINGS) as service:
        service.wait_for(
            "all twenty runs", lambda: [i for i in service.board()["items"] if i["runs"]["running"] == 20]
        )


def serve(folder, *options):
    """What comes of a start that should fail."""
    command = [sys.executable, "-m", "trainboard", "serve", "--config", folder / "trainboard.toml", *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=60)


def test_a_misspelt_key_ends_the_start_with_a_sentence(tmp_path):
    """File, line and the nearest name, exit code 2, nothing served."""
    (tmp_path / "trainboard.toml").write_text("[server]\nprot = 8080\n")
    done = serve(tmp_path)

    assert 2 == done.returncode
    assert "trainboard.toml:2" in done.stderr
    assert '"port"' in done.stderr


def test_a_port_that_is_taken_ends_the_start_with_a_sentence(tmp_path):
    """No stack trace, and what to do."""
    (tmp_path / "trainboard.toml").touch()
    with create_server(("127.0.0.1", 0)) as taken:
        done = serve(tmp_path, "--port", str(taken.getsockname()[1]))

    assert (1, 1) == (done.returncode, len(done.stderr.splitlines()))
    assert "Could not listen on 127.0.0.1:" in done.stderr


def test_a_project_on_github_without_a_way_in_ends_the_start_with_a_sentence(tmp_path):
    """It is said once, and not by a process that is started again and again."""
    (tmp_path / "trainboard.toml").write_text('[[projects]]\nname = "churn"\ntracker = "github:acme/churn"\n')
    done = serve(tmp_path)

    assert (1, 1) == (done.returncode, len(done.stderr.splitlines()))
    assert "github.token" in done.stderr


def test_a_second_process_on_the_same_file_is_refused(service):
    """With a sentence, before it listens."""
    done = serve(service.folder, "--port", "0")

    assert 1 == done.returncode
    assert "Another Trainboard works on" in done.stderr


def kill_all(pid):
    """SIGKILL to the server and all processes that it started."""
    children = subprocess.run(
        ["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split()
    for each in [pid, *map(int, children)]:
        os.kill(each, signal.SIGKILL)
