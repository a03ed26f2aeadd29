"""The benchmark of sustained load runs, and finds nothing lost, doubled or given up."""

import subprocess
import sys
from pathlib import Path

SOAK = Path(__file__).parents[2] / "benchmarks" / "soak.py"


def test_all_sources_at_once_are_stored_once_and_worked_off():
    """For some seconds at a rate that any machine keeps up, and then a burst."""
    done = subprocess.run(
        [sys.executable, SOAK, "--quick", "--rate", "10", "--parts", "soak,burst"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert 0 == done.returncode, done.stdout + done.stderr
    assert 6 == done.stdout.count("\ngood "), done.stdout
