"""A server under test, as a process of its own."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path


@contextlib.contextmanager
def running(command, *, port, folder):
    """The command as a process; the block begins when the port answers."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRAINBOARD_")}
    log = (Path(folder) / "log").open("ab")
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", process)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)
        log.close()


def wait_for(url, process):
    """Ask until something answers."""
    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit(f"the server ended with {process.returncode}")
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"nothing answers at {url}")


def free_port():
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def python(*arguments):
    """A command of this Python."""
    return [sys.executable, *map(str, arguments)]
