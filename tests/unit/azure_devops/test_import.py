"""The package of Azure DevOps can be imported wherever we run."""

import os
import subprocess
import sys

import pytest

OPEN = """
import trainboard.azure_devops.models
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.credentials import TokenCredential
url = "https://dev.azure.com/acme"
organization = Organization(url=url, credential=TokenCredential("x"), budget=None, clock=None)
assert organization.clients.work
print("opened")
"""


def run(script, environment):
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert "" == done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("home", "cache"), [(None, None), ("/dev/null/home", None), ("/dev/null/home", "/dev/null/cache")]
)
def test_no_home(tmp_path, home, cache):
    """The package makes a folder in HOME when it is imported; without one that is there it cannot be."""
    environment = {k: v for k, v in os.environ.items() if k not in {"HOME", "AZURE_DEVOPS_CACHE_DIR"}}
    named = {"HOME": home, "AZURE_DEVOPS_CACHE_DIR": cache, "TMPDIR": str(tmp_path)}
    assert "opened\n" == run(OPEN, environment | {k: v for k, v in named.items() if v is not None})
    assert [] == list(tmp_path.iterdir())


def test_home_stays_as_it_is(tmp_path):
    """Nothing is kept on disk: what one process learned cannot mislead the next."""
    assert "opened\n" == run(OPEN, os.environ | {"HOME": str(tmp_path)})
    assert [] == list(tmp_path.iterdir())
