"""The parts of the bot as processes of their own over one PostgreSQL, started as an operator starts them."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from peers.service import free_port

PATIENCE_SECONDS = 60


@dataclass
class Processes:
    """Processes with the same settings; each writes its own log."""

    folder: Path
    url: str
    running: dict[str, subprocess.Popen] = field(default_factory=dict)

    def start(self, role: str, *options: str) -> str:
        """A process of that role, as in `web`; its name."""
        name = f"{role}-{len(self.running) + 1}"
        config = self.folder / "trainboard.toml"
        command = [sys.executable, "-m", "trainboard", role, "--config", config, *options]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log)
        return name

    def pid(self, name: str) -> int:
        """The number of the process."""
        return self.running[name].pid

    def send(self, name: str, number: signal.Signals) -> None:
        """A signal to the process."""
        self.running[name].send_signal(number)

    def stop(self, name: str, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell the process to end; its exit code."""
        self.send(name, number)
        return self.running.pop(name).wait(timeout=30)

    def log(self, name: str) -> str:
        """What the process wrote so far."""
        return (self.folder / f"{name}.log").read_text()

    def wait_for(self, what: str, look: Callable[[], Any]) -> Any:
        """What `look` finds, as soon as it finds something."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if found := look():
                return found
            time.sleep(0.02)
        logs = "\n".join(f"{path.name}:\n{path.read_text()}" for path in sorted(self.folder.glob("*.log")))
        raise AssertionError(f"waited {PATIENCE_SECONDS} s for {what}; the logs:\n{logs}")

    def is_ready(self) -> bool:
        """The web server answers that it is ready."""
        try:
            return requests.get(f"{self.url}/readyz", timeout=5).ok
        except (requests.ConnectionError, requests.Timeout):
            return False


@contextmanager
def processes(folder: Path, database: str, settings: str) -> Iterator[Processes]:
    """Processes over that PostgreSQL; those that still run when the block ends are stopped."""
    port = free_port()
    server = f"[server]\nport = {port}\ndatabase = {json.dumps(database)}\n"
    (folder / "trainboard.toml").write_text(server + settings)
    made = Processes(folder, f"http://127.0.0.1:{port}")
    try:
        yield made
    finally:
        for process in made.running.values():
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in made.running.values():
            process.wait(timeout=30)
