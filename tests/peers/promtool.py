"""Prometheus' own judge of rules."""

import subprocess
from pathlib import Path

from peers import require

PROGRAM = Path("/usr/bin/promtool")


def promtool(*arguments: str | Path) -> None:
    """Run it; what it complains of fails the test."""
    program = require(PROGRAM, "Debian's Prometheus")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stdout + done.stderr
