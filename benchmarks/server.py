"""A server under test, as a process group of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

READY_SECONDS = 120
END_SECONDS = 20


@dataclass
class Server:
    """A process group that serves a port."""

    process: subprocess.Popen
    port: int
    ready_seconds: float = field(default=0.0)

    @property
    def pid(self):
        """The process at the root of the group."""
        return self.process.pid

    def kill(self):
        """End all of the group at once, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait(timeout=END_SECONDS)

    def stop(self):
        """Ask the server to end; kill what is left of the group then."""
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=END_SECONDS)
        self.kill()


@contextlib.contextmanager
def running(command, port, folder, environment=None):
    """The command as a server; the block begins when the port answers, and all ends with the block."""
    server = start(command, port, folder, environment)
    try:
        wait_for(server)
        yield server
    finally:
        server.stop()


def start(command, port, folder, environment=None):
    """Start the command in `folder`, which gets its output as `log`."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TRAINBOARD_")}
    with (Path(folder) / "log").open("ab") as log:
        process = subprocess.Popen(
            [*map(str, command)],
            cwd=folder,
            env=inherited | (environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    return Server(process, port)


def wait_for(server):
    """Ask until something answers; note how long that took since the process was started."""
    began = time.perf_counter()
    while time.perf_counter() - began < READY_SECONDS:
        if server.process.poll() is not None:
            raise SystemExit(f"the server ended with {server.process.returncode}")
        if _answers(server.port):
            server.ready_seconds = time.perf_counter() - began
            return
        time.sleep(0.002)
    raise SystemExit(f"nothing answers at port {server.port} within {READY_SECONDS} s")


def _answers(port):
    """Whether a request is answered, with whatever status."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        return connection.recv(12).startswith(b"HTTP/1.")
    return False


def end_with_signals():
    """Let SIGTERM end this program as an error does, so that what it started ends too."""
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))


def free_port():
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def python(*arguments):
    """A command of this Python."""
    return [sys.executable, *map(str, arguments)]
