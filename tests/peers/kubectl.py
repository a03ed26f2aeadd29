"""A real kubectl, of which only the offline half is used: kustomize."""

import subprocess
from pathlib import Path
from typing import Any

import yaml

from peers import PEERS, require

PROGRAM = PEERS / "kubectl" / "kubectl" / "kubectl"


def render(folder: Path) -> list[dict[str, Any]]:
    """The objects that `kubectl apply -k` would send for a kustomization, in its order."""
    program = require(PROGRAM, "kubectl")
    done = subprocess.run([program, "kustomize", folder], capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)
    return list(yaml.safe_load_all(done.stdout))
