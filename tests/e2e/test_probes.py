"""Workers and schedulers that are asked how they are, over HTTP."""

import subprocess
import sys
from socket import create_server

import pytest
import requests

from fakes.conversation import run
from peers.processes import processes
from peers.service import TAKES_RUNS, free_port, report_run

SETTINGS = f"""
[engine]
edit_interval_seconds = 0
{TAKES_RUNS}experiments = ["churn-*"]
"""


def get(port, path):
    """The answer, None if there is none."""
    try:
        return requests.get(f"http://127.0.0.1:{port}{path}", timeout=5)
    except requests.ConnectionError:
        return None


@pytest.mark.parametrize("role", ["worker", "scheduler"])
def test_a_part_answers_probes(role, tmp_path, postgresql_url):
    """Until it is told to end, which it does well."""
    port = free_port()
    with processes(tmp_path, postgresql_url, SETTINGS) as bots:
        name = bots.start(role, "--port", str(port))
        bots.wait_for("it to live", lambda: get(port, "/healthz"))
        assert 200 == get(port, "/readyz").status_code
        assert 404 == get(port, "/").status_code
        assert 0 == bots.stop(name)
        assert None is get(port, "/healthz")


def test_a_worker_tells_what_it_did(tmp_path, postgresql_url):
    """Its counters are nowhere else."""
    port = free_port()
    with processes(tmp_path, postgresql_url, SETTINGS) as bots:
        bots.start("web")
        bots.start("worker", "--port", str(port))
        bots.wait_for("the web server", bots.is_ready)
        report_run(bots.url, run("r1", status="running"), "d1")
        done = 'trainboard_deliveries_worked_total{outcome="done",source="runs"} 1.0'
        bots.wait_for(
            "the delivery", lambda: (told := get(port, "/metrics")) is not None and done in told.text
        )


def test_a_port_that_another_program_has_is_named(tmp_path, postgresql_url):
    """Before anything starts, so that nothing hangs."""
    with create_server(("127.0.0.1", 0)) as taken, processes(tmp_path, postgresql_url, SETTINGS):
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "trainboard", "worker", "--port", port]
        config = ["--config", tmp_path / "trainboard.toml"]
        done = subprocess.run([*command, *config], capture_output=True, text=True, check=False, timeout=30)
    assert 1 == done.returncode
    assert f"Could not listen on 127.0.0.1:{port}: Address already in use." in done.stderr
