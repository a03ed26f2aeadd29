"""The service itself as a process of its own, started as an operator starts it."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_server
from typing import Any

import requests

from fakes.conversation import RUNS_SECRET
from trainboard_webhooks import runs

PATIENCE_SECONDS = 60
TAKES_RUNS = f"""
[[projects]]
name = "churn"
[[sources]]
kind = "runs"
name = "ci"
project = "churn"
secrets = ["{RUNS_SECRET}"]
"""
"""Settings (TOML) of a project and a source of its runs; more keys of that source may follow."""


@dataclass(frozen=True)
class Service:
    """A running `trainboard serve`."""

    url: str
    folder: Path
    process: subprocess.Popen

    def board(self) -> dict[str, Any]:
        """The current sprint's board."""
        return requests.get(f"{self.url}/api/v1/board", timeout=10).json()

    def metrics(self) -> str:
        """What Prometheus reads."""
        return requests.get(f"{self.url}/metrics", timeout=10).text

    def wait_for(self, what: str, look: Callable[[], Any], patience_seconds: float = PATIENCE_SECONDS) -> Any:
        """What `look` finds, as soon as it finds something."""
        deadline = time.monotonic() + patience_seconds
        while time.monotonic() < deadline:
            if found := look():
                return found
            time.sleep(0.05)
        raise AssertionError(f"waited {patience_seconds} s for {what}; the log:\n{self.log()}")

    def log(self) -> str:
        """What the service wrote so far."""
        return (self.folder / "log").read_text()

    def stop(self) -> int:
        """Ask it to end, as an operator's system does; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def serve_command(config: Path, port: int) -> list[str]:
    """The service as it is meant to be started."""
    return [sys.executable, "-m", "trainboard", "serve", "--config", str(config), "--port", str(port)]


def gunicorn_command(config: Path, port: int) -> list[str]:
    """The service below another WSGI server."""
    one_process = ["--workers", "1", "--worker-class", "gthread", "--threads", "8", "--no-control-socket"]
    settings = ["--env", f"TRAINBOARD_CONFIG={config}", "--bind", f"127.0.0.1:{port}"]
    application = "trainboard.cli.serve:application()"
    return [sys.executable, "-m", "gunicorn", *one_process, *settings, application]


def report_run(url: str, document: dict[str, Any], delivery: str) -> requests.Response:
    """A job reports a run to the service at `url`, signed with the tests' secret."""
    body = json.dumps(document).encode()
    headers = runs.sign(RUNS_SECRET, "run", body, delivery, time.time())
    headers |= {"Content-Type": "application/json"}
    return requests.post(f"{url}/webhooks/runs", data=body, headers=headers, timeout=10)


@contextmanager
def running_service(
    folder: Path,
    settings: str,
    port: int | None = None,
    command: Callable[[Path, int], list[str]] = serve_command,
    database: str | None = None,
) -> Iterator[Service]:
    """A service with these settings (TOML), ready when the block begins; its database is in `folder`."""
    port = port or free_port()
    config = folder / "trainboard.toml"
    address = json.dumps(database or f"sqlite:///{folder}/trainboard.db")
    config.write_text(f"[server]\nport = {port}\ndatabase = {address}\n{settings}")
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(command(config, port), cwd=folder, stdout=log, stderr=log)
    service = Service(f"http://127.0.0.1:{port}", folder, process)
    try:
        _wait_until_ready(service)
        yield service
    finally:
        if process.poll() is None:
            service.stop()


def _wait_until_ready(service: Service) -> None:
    """Fails with what `/readyz` said last, which the log does not have."""
    said = ""

    def is_ready() -> bool:
        nonlocal said
        assert service.process.poll() is None, service.log()
        try:
            answer = requests.get(f"{service.url}/readyz", timeout=5)
        except (requests.ConnectionError, requests.Timeout) as error:
            said = repr(error)
            return False
        said = answer.text
        return answer.ok

    try:
        service.wait_for("the service to be ready", is_ready)
    except AssertionError as error:
        error.add_note(f"/readyz said last: {said}")
        raise
