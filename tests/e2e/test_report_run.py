"""A job reports its run over HTTP, to a service that is well, away, or something else."""

import json
import os
import subprocess
import sys
import time

import pytest

from fakes.conversation import RUNS_SECRET
from fakes.scripted import Answer, scripted_server
from peers.service import TAKES_RUNS, free_port, running_service
from trainboard.report_run import command
from trainboard_webhooks import Credential, runs

STORED = Answer(202, b'{"status": "stored", "delivery": "1"}')
AWAY = Answer(503, b'{"detail": "The delivery could not be stored; send it again."}', (("Retry-After", "5"),))
SMALLEST = ("--experiment", "churn-xgb", "--run-id", "r1")


@pytest.fixture
def pauses(monkeypatch):
    """The pauses that were made, in seconds; none of them is waited for."""
    made = []
    now = [time.monotonic()]

    def sleep(seconds):
        made.append(seconds)
        now[0] += seconds

    monkeypatch.setattr(command.time, "sleep", sleep)
    monkeypatch.setattr(command.time, "monotonic", lambda: now[0])
    return made


@pytest.fixture(autouse=True)
def job(monkeypatch):
    """A job with the secret, and nothing else of the machine that runs the tests."""
    for name in os.environ:
        if name.startswith(("GITHUB_", "ACTIONS_", "TRAINBOARD_", "TF_BUILD")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TRAINBOARD_SECRET", RUNS_SECRET)


def report(server, *arguments):
    return command.main([*SMALLEST, "--url", server.url, *arguments])


def test_a_report_is_signed_as_standard_webhooks_asks(pauses, capsys):
    """The service's own check believes it."""
    with scripted_server(STORED) as server:
        assert 0 == report(server)
    [asked] = server.asked
    assert "/webhooks/runs" == asked.path
    known = Credential("ci", (RUNS_SECRET,))
    assert known == runs.verify(asked.headers, asked.body, [known], time.time())
    assert "Run r1 of churn-xgb is reported: stored.\n" == capsys.readouterr().out


def test_it_is_sent_again_with_the_same_id(pauses):
    """A service that is away for a moment, or breaks off, gets the same report again and stores it once."""
    with scripted_server(Answer(0), AWAY, Answer(500), STORED) as server:
        assert 0 == report(server, "--strict")
    assert [1.0, 5.0, 4.0] == pauses
    assert 1 == len({(asked.headers["webhook-id"], asked.body) for asked in server.asked})
    assert 4 == len(server.asked)


@pytest.mark.parametrize(("strict", "code"), [((), 0), (("--strict",), 1)])
def test_a_service_that_stays_away_breaks_no_training(pauses, capsys, strict, code):
    """It is given up after a while, with a line on standard error."""
    with scripted_server(AWAY) as server:
        assert code == report(server, *strict)
    assert 60 >= sum(pauses)
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("trainboard report-run: The run was not reported. The service at 127.0.0.1:")
    assert line.endswith("answered 503: The delivery could not be stored; send it again.")


def test_nobody_at_the_address(pauses, capsys):
    """A connection that is refused is tried again, and then let be."""
    assert 0 == command.main([*SMALLEST, "--url", f"http://127.0.0.1:{free_port()}"])
    assert 1 < len(pauses)
    assert "cannot be reached" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(401, b'{"detail": "The signature is missing."}'), "answered 401: The signature is missing."),
        (Answer(404, b"<html>"), "answered 404."),
        (Answer(200, b"<html>hello"), "not as Trainboard does; check the address"),
        (Answer(200, b'{"other": 1}'), "not as Trainboard does"),
        (Answer(302, b"", (("Location", "https://elsewhere.example.com"),)), "answered 302."),
        (
            Answer(400, b'{"detail": "a\\n::set-output name=x::y\\u001b[31m"}'),
            "a ::set-output name=x::y [31m",
        ),
        (Answer(400, b'{"detail": 7}'), "answered 400."),
        (Answer(400, b'{"detail": "' + b"x" * 9000 + b'"}'), "x" * 300 + "…"),
    ],
)
def test_a_refusal_is_not_tried_again(pauses, capsys, answer, said):
    """What the other side says is one line and commands no log."""
    with scripted_server(answer) as server:
        assert 1 == report(server, "--strict")
    assert (1, []) == (len(server.asked), pauses)
    [line] = capsys.readouterr().err.splitlines()
    assert said in line


@pytest.mark.parametrize("pause", ["-5", "soon", "9" * 30, "Wed, 18 Nov 2026 09:00:00 GMT"])
def test_an_odd_retry_after_is_no_reason_to_wait_for_ever(pauses, pause):
    """The usual pause is made, or it is given up."""
    with scripted_server(Answer(503, b"", (("Retry-After", pause),)), STORED) as server:
        assert 0 == report(server)
    assert sum(pauses) <= 60


def test_a_job_of_github_needs_no_secret(pauses, monkeypatch):
    """It asks GitHub for a token that is good for this service only, and bears it."""
    monkeypatch.delenv("TRAINBOARD_SECRET")
    with (
        scripted_server(Answer(200, b'{"value": "a.b.c"}')) as github,
        scripted_server(AWAY, STORED) as server,
    ):
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", f"{github.url}/token?api-version=2.0")
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "runner")
        assert 0 == report(server, "--strict")
    [asked] = github.asked
    audience = server.url.replace(":", "%3A").replace("/", "%2F")
    assert (f"/token?api-version=2.0&audience={audience}", "Bearer runner") == (
        asked.path,
        asked.headers["authorization"],
    )
    assert ["Bearer a.b.c"] * 2 == [each.headers["authorization"] for each in server.asked]
    assert 1 == len({each.headers["webhook-id"] for each in server.asked})


@pytest.mark.parametrize("answer", [Answer(500, b"oops"), Answer(200, b"{}"), Answer(200, b"<"), Answer(0)])
def test_a_job_that_gets_no_token_trains_on(pauses, monkeypatch, capsys, answer):
    """GitHub may be away too; neither token is shown."""
    monkeypatch.delenv("TRAINBOARD_SECRET")
    with scripted_server(answer) as github:
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", github.url)
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "runner")
        assert 0 == command.main([*SMALLEST, "--url", "http://127.0.0.1:9"])
    told = capsys.readouterr().err
    assert "The run was not reported. GitHub" in told
    assert "runner" not in told


def test_a_report_reaches_the_service(tmp_path):
    """The command, as a job starts it, makes a work item on the service's board."""
    settings = f"""
{TAKES_RUNS}experiments = ["churn-*"]
"""
    (tmp_path / "metrics.json").write_text(json.dumps({"val_auc": 0.93}))
    with running_service(tmp_path, settings) as service:
        arguments = [*SMALLEST, "--url", service.url, "--metrics", "metrics.json", "--strict"]
        done = subprocess.run(
            [sys.executable, "-m", "trainboard", "report-run", *arguments],
            cwd=tmp_path,
            env=os.environ | {"TRAINBOARD_SECRET": RUNS_SECRET},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (0, "Run r1 of churn-xgb is reported: stored.\n") == (done.returncode, done.stdout), (
            done.stderr
        )
        service.wait_for("the item", lambda: "churn-xgb" in json.dumps(service.board()))


def test_a_token_of_entra_is_borne_to_the_service(pauses, monkeypatch):
    """It stands in a variable, and goes with each try of the same report."""
    monkeypatch.delenv("TRAINBOARD_SECRET")
    monkeypatch.setenv("MINE", "a.b.c\n")
    with scripted_server(AWAY, STORED) as server:
        assert 0 == report(server, "--strict", "--token-env", "MINE")
    assert {"Bearer a.b.c"} == {asked.headers["authorization"] for asked in server.asked}
    assert 1 == len({asked.headers["webhook-id"] for asked in server.asked})
    assert all("webhook-signature" not in asked.headers for asked in server.asked)
