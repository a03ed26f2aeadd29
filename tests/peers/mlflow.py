"""A real MLflow server for the tests: its own environment, its own folder, a port of this machine."""

import os
import signal
import socket
import subprocess
import tempfile
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from peers import PEERS, require

TRAINING = Path(__file__).parent / "train.py"
START_SECONDS = 120


@dataclass
class MlflowServer:
    """A running server. Its webhooks reach this machine too, and a new one is heard at once."""

    programs: Path
    folder: Path
    port: int
    session: requests.Session = field(default_factory=requests.Session)

    @property
    def url(self) -> str:
        """The server's address."""
        return f"http://127.0.0.1:{self.port}"

    def call(self, method: str, path: str, **content: Any) -> dict[str, Any]:
        """The answer of a call below `api/2.0/mlflow`; `content` goes as JSON, to GET as parameters.

        Raises:
            requests.HTTPError: the server refuses.
        """
        how = "params" if method == "GET" else "json"
        answer = self.session.request(
            method, f"{self.url}/api/2.0/mlflow/{path}", **{how: content}, timeout=60
        )
        answer.raise_for_status()
        return answer.json()

    def create_experiment(self, name: str) -> str:
        """The id of a new experiment."""
        return self.call("POST", "experiments/create", name=name)["experiment_id"]

    def create_run(
        self,
        experiment_id: str,
        *,
        start_ms: int,
        end_ms: int | None = None,
        status: str = "FINISHED",
        metrics: Mapping[str, float] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> str:
        """The id of a new run with the times of a made-up client's clock; it still runs without an end."""
        pairs = [{"key": key, "value": value} for key, value in (tags or {}).items()]
        run = self.call("POST", "runs/create", experiment_id=experiment_id, start_time=start_ms, tags=pairs)
        run_id = run["run"]["info"]["run_id"]
        points = [
            {"key": k, "value": v, "timestamp": start_ms, "step": 0} for k, v in (metrics or {}).items()
        ]
        if points:
            self.call("POST", "runs/log-batch", run_id=run_id, metrics=points)
        if end_ms is not None:
            self.end_run(run_id, end_ms=end_ms, status=status)
        return run_id

    def end_run(self, run_id: str, *, end_ms: int, status: str = "FINISHED") -> None:
        """End a run at the time of a made-up client's clock."""
        self.call("POST", "runs/update", run_id=run_id, status=status, end_time=end_ms)

    def create_webhook(
        self,
        url: str,
        secret: str,
        events: Sequence[str] = ("model_version.created", "model_version_alias.created"),
    ) -> str:
        """The id of a webhook of the server that posts `events` to `url`, signed with `secret`.

        Source: MLflow REST API, "Create Webhook".
        """
        named = [each.partition(".") for each in events]
        webhook = self.call(
            "POST",
            "webhooks",
            name="trainboard",
            url=url,
            secret=secret,
            events=[{"entity": entity.upper(), "action": action.upper()} for entity, _, action in named],
        )
        return webhook["webhook"]["webhook_id"]

    def train(self, *what: str, **environment: str) -> list[list[str]]:
        """Run parts of `train.py` with MLflow's own client; the words that each prints.

        Args:
            what: as in `"plain churn 3", "sweep churn 4"`; all in one process, whose start takes seconds.
            environment: more variables of its environment.
        """
        # -P: else the folder of the script is searched first, where this file is called mlflow, too.
        command = [self.programs / "python", "-P", TRAINING, *what]
        variables = _environment(self.folder) | {"MLFLOW_TRACKING_URI": self.url} | environment
        done = subprocess.run(
            command, env=variables, cwd=self.folder, capture_output=True, text=True, check=False, timeout=300
        )
        assert not done.returncode, done.stderr
        return [line.split() for line in done.stdout.splitlines()]


@contextmanager
def mlflow_server(*options: str) -> Iterator[MlflowServer]:
    """A fresh server while the block runs; the test is skipped where MLflow is not installed.

    Args:
        options: more options of `mlflow server`.
    """
    programs = require(PEERS / "mlflow" / "bin" / "mlflow", "MLflow").parent
    with tempfile.TemporaryDirectory(prefix="tb-mlflow-", ignore_cleanup_errors=True) as name:
        server = MlflowServer(programs, Path(name), _find_free_port())
        with _running(server, options), server.session:
            yield server


@contextmanager
def _running(server: MlflowServer, options: Sequence[str]) -> Iterator[None]:
    store = f"sqlite:///{server.folder}/mlflow.db"
    address = ("--host", "127.0.0.1", "--port", str(server.port), "--workers", "1")
    command = [server.programs / "mlflow", "server", "--backend-store-uri", store, *address, *options]
    log = server.folder / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=server.folder,
            env=_environment(server.folder),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _await_answer(server, process, log)
        yield
    finally:
        _stop(process)


def _environment(folder: Path) -> dict[str, str]:
    """Webhooks may go to plain HTTP on this machine, and have a key that outlives a process."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")} | {
        "HOME": str(folder),
        "GIT_PYTHON_REFRESH": "quiet",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
        "MLFLOW_WEBHOOK_ALLOWED_SCHEMES": "http,https",
        "MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS": "true",
        "MLFLOW_WEBHOOK_CACHE_TTL": "1",
        "MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY": urlsafe_b64encode(b"k" * 32).decode(),
    }


def _await_answer(server: MlflowServer, process: subprocess.Popen, log: Path) -> None:
    """Wait for the API itself: `/health` and `/version` answer also where the API refuses."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            server.call("GET", "experiments/search", max_results=1)
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"MLflow did not start: {log.read_text()}")


def _stop(process: subprocess.Popen) -> None:
    """End the server with all processes that it started; there is nothing to save."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _find_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
