"""How long it takes from nothing to the first work item: on the local board, on GitHub, on Azure Boards.

The repository is cloned, the service installed as the guide says, from whatever cache pip has, and started.
A job tells of a run with `trainboard report-run`, and the tracker is asked until the work item is there.
GitHub is played by emulate, Azure Boards by the tests' stand-in. What people do meanwhile (an App, a token, a
file) takes longer, and is not measured.
"""

import argparse
import base64
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

import requests

from fakes.azure_devops import AzureDevOps, serving
from fakes.clock import FakeClock
from peers.emulate import running_emulate
from peers.service import free_port

ROOT = Path(__file__).resolve().parents[1]
SECRET = "whsec_" + base64.b64encode(b"a secret of twenty-four b").decode()
SETTINGS = """[server]
port = {port}
dashboard = "public"
{platform}
[[projects]]
name = "churn"
tracker = "{tracker}"
[[sources]]
kind = "runs"
name = "ci"
project = "churn"
secrets = ["{secret}"]
experiments = ["churn-*"]
"""
PATIENCE_SECONDS = 120


@contextmanager
def local(_):
    """The service's own board."""
    yield "local", "", None


@contextmanager
def on_github(folder):
    """An App of emulate."""
    with running_emulate() as server:
        (folder / "app.pem").write_text(server.private_key)
        platform = (
            f'[github]\napi_url = "{server.url}"\napp_id = {server.app_id}\n'
            f'private_key = "file:{folder}/app.pem"\nwebhook_secrets = ["{server.webhook_secret}"]\n'
        )
        headers = {"Authorization": f"token {server.person_token}", "User-Agent": "ana"}
        issues = f"{server.url}/repos/acme/churn/issues"
        yield "github:acme/churn", platform, lambda: requests.get(issues, headers=headers, timeout=10).json()


@contextmanager
def on_azure_boards(_):
    """A team of the stand-in."""
    azure = AzureDevOps(FakeClock())
    azure.add_project("Churn", process="Agile", team="Churn ML")
    with serving(azure):
        platform = f'[azure_devops]\norganization_url = "{azure.url}"\ntoken = "{azure.token}"\n'
        yield "azure-boards:acme/Churn/Churn ML", platform, lambda: azure.items


WORLDS = {"local board": local, "GitHub (emulate)": on_github, "Azure Boards (stand-in)": on_azure_boards}


def timed(work):
    """Seconds, and what came out."""
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def install(folder):
    """A clone, and the service in a virtual environment."""
    clone = folder / "clone"
    commands = [
        ["git", "clone", "--quiet", ROOT, clone],
        [sys.executable, "-m", "venv", folder / "venv"],
        [
            folder / "venv/bin/pip",
            "install",
            "--quiet",
            "--require-hashes",
            "-r",
            clone / "requirements.lock",
        ],
        [folder / "venv/bin/pip", "install", "--quiet", "--no-deps", clone],
    ]
    for command in commands:
        call(command, folder)


def call(command, folder, **environ):
    """Run it to its end."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(command, cwd=folder, check=True, env=os.environ | environ, **quiet)


def wait_for(look):
    """What `look` finds, as soon as it finds something."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.02)
    raise SystemExit("first_item: nothing came within two minutes")


def is_ready(url):
    """The service answers."""
    try:
        return requests.get(f"{url}/readyz", timeout=5).ok
    except requests.RequestException:
        return False


def measure(world, program):
    """Seconds from the start to ready, and from the report to the work item."""
    with tempfile.TemporaryDirectory() as name, WORLDS[world](Path(name)) as (tracker, platform, look):
        folder, port = Path(name), free_port()
        url = f"http://127.0.0.1:{port}"
        text = SETTINGS.format(port=port, platform=platform, tracker=tracker, secret=SECRET)
        (folder / "trainboard.toml").write_text(text)
        find = look or (lambda: requests.get(f"{url}/api/v1/board", timeout=10).json()["items"])
        with (folder / "log").open("w") as log:
            command = [program, "serve"]
            service = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            ready, _ = timed(lambda: wait_for(lambda: is_ready(url)))
            told = [
                "report-run",
                "--experiment",
                "churn-xgb",
                "--run-id",
                "first",
                "--metric",
                "val_auc=0.91",
            ]
            began = time.perf_counter()
            call([program, *told, "--strict"], folder, TRAINBOARD_URL=url, TRAINBOARD_SECRET=SECRET)
            wait_for(find)
            return ready, time.perf_counter() - began
        finally:
            service.terminate()
            service.wait(timeout=30)


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="on the local board only")
    worlds = list(WORLDS)[:1] if parser.parse_args().quick else list(WORLDS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        installed, _ = timed(lambda: install(folder))
        print(f"clone and installation: {installed:.1f} s")
        print(f"{'on':<26}{'ready s':>9}{'work item s':>13}{'in all s':>10}")
        for world in worlds:
            ready, item = measure(world, folder / "venv/bin/trainboard")
            print(f"{world:<26}{ready:>9.1f}{item:>13.1f}{installed + ready + item:>10.1f}", flush=True)


if __name__ == "__main__":
    main()
