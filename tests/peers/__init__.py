"""Peers: real programs that are no part of the project and judge it in the tests marked `peer`."""

import os
from pathlib import Path

import pytest

PEERS = Path(os.environ.get("TRAINBOARD_PEERS") or Path(__file__).parents[2] / ".peers")


def require(path: Path, hint: str) -> Path:
    """`path` if it exists; else the test is skipped, and fails where CI promises that peers are there.

    Args:
        path: what a peer needs, usually below `PEERS`.
        hint: what it is, as in "emulate, a GitHub stand-in".
    """
    if path.exists():
        return path
    reason = f"{hint} is not installed at {path}: run make peers"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
