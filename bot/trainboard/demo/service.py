"""The demo's service: a real `trainboard serve` in a process and a folder of its own."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

from trainboard.demo.boards import Board
from trainboard.demo.senders import Keys, Senders
from trainboard.demo.story import PROJECT
from trainboard.errors import PermanentError
from trainboard.iterations import Iteration, SprintPolicy, iteration_at

READY_SECONDS = 30
STOP_SECONDS = 10
SPRINTS_BEFORE = 2
DAYS_PLAYED = 11


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """A running service: where it answers, its settings and database, its sprint, and where items live."""

    address: str
    config: Path
    database_url: str
    sprint: Iteration
    senders: Senders
    board: Board


@contextlib.contextmanager
def running(port: int, keys: Keys, board: Board) -> Iterator[Service]:
    """A service on `port`, or on a free one where that is taken; it is gone when the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="trainboard-demo-"))
    port = port if _is_free(port) else _free_port()
    address = f"http://127.0.0.1:{port}"
    first_start = datetime.now(UTC).date() - timedelta(days=DAYS_PLAYED + 14 * SPRINTS_BEFORE)
    config = folder / "trainboard.toml"
    config.write_text(_settings(folder, address, first_start, keys, board), encoding="utf-8")
    config.chmod(0o600)
    policy = SprintPolicy(first_start=first_start)
    senders = Senders(address, keys)
    process = _start(config, port)
    try:
        _wait_until_ready(process, senders)
        yield Service(
            address=address,
            config=config,
            database_url=f"sqlite:///{folder}/trainboard.db",
            sprint=iteration_at(policy, datetime.now(UTC)),
            senders=senders,
            board=board,
        )
    finally:
        senders.close()
        _stop(process)
        shutil.rmtree(folder, ignore_errors=True)


def _settings(folder: Path, address: str, first_start: date, keys: Keys, board: Board) -> str:
    text = json.dumps
    return f"""\
[server]
public_url = {text(address)}
database = {text(f"sqlite:///{folder}/trainboard.db")}
log_level = "warning"

[engine]
edit_interval_seconds = 1

[github]
webhook_secrets = [{text(keys.github)}]

{board.section}
[[projects]]
name = {text(PROJECT)}
tracker = {text(board.place)}
prices = {{ currency = "EUR", gpu_hour = {{ "*A100*" = "2.40", "*" = "0.35" }} }}
[projects.sprint]
first_start = {first_start.isoformat()}

[[sources]]
kind = "runs"
name = "ci"
project = {text(PROJECT)}
secrets = [{text(keys.runs)}]
experiments = ["churn-*"]

[[sources]]
kind = "mlflow"
name = "demo"
project = {text(PROJECT)}
secrets = [{text(keys.mlflow)}]

[[sources]]
kind = "alertmanager"
name = "demo"
project = {text(PROJECT)}
secrets = [{text(keys.alertmanager)}]
[sources.bugs]
debounce_seconds = 1
hold_minutes = 0
"""


def _start(config: Path, port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "trainboard", "serve", "--config", str(config), "--port", str(port)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRAINBOARD_")}
    return subprocess.Popen(command, cwd=config.parent, env=environment, start_new_session=True)  # noqa: S603


def _wait_until_ready(process: subprocess.Popen[bytes], senders: Senders) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while senders.get("/readyz") is None:
        if process.poll() is not None or time.monotonic() > deadline:
            raise PermanentError(
                f"The demo's service was not ready within {READY_SECONDS} seconds; see above."
            )
        time.sleep(0.1)


def _stop(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
