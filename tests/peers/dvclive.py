"""A real DVCLive client for the tests: its own environment, and a git repository of the test's own."""

import os
import subprocess
from pathlib import Path

from peers import PEERS, require

TRAINING = Path(__file__).parent / "live.py"
REMOTE = "git@github.com:acme/churn.git"


def train(folder: Path, url: str, token: str, name: str, *values: float) -> str:
    """Train in a new repository in `folder`, told to the service at `url`; what the client wrote.

    Skipped where DVCLive is not installed.
    """
    python = require(PEERS / "dvclive" / "bin" / "python", "DVCLive")
    _make_repository(folder)
    # -P: else the folder of the script is searched first, where this file is called dvclive, too.
    done = subprocess.run(
        [python, "-P", TRAINING, name, *map(str, values)],
        cwd=folder,
        env=_environment(folder) | {"DVC_STUDIO_URL": url, "DVC_STUDIO_TOKEN": token},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert not done.returncode, done.stderr
    return done.stdout + done.stderr


def _make_repository(folder: Path) -> None:
    for arguments in (
        ("init", "--quiet", "--initial-branch=main"),
        ("remote", "add", "origin", REMOTE),
        ("commit", "--quiet", "--allow-empty", "--message=Begin"),
    ):
        subprocess.run(
            ["git", *arguments], cwd=folder, env=_environment(folder), check=True, capture_output=True
        )


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of the person who runs the tests, and no calls home."""
    people = {
        f"GIT_{role}_{what}": "ana@example.com"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    ours = {
        name: value for name, value in os.environ.items() if not name.startswith(("DVC", "GIT_", "STUDIO_"))
    }
    return ours | people | {"HOME": str(folder), "DVC_NO_ANALYTICS": "1", "NO_PROXY": "127.0.0.1"}
