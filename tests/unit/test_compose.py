"""The files for Docker Compose are what it understands, and what the command line and the settings offer."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from click import Context

from trainboard.cli import main
from trainboard.settings import load

CONFIG = Path(__file__).parents[2] / "config"
FILES = {"distributed": CONFIG / "compose.yaml", "embedded": CONFIG / "compose.embedded.yaml"}
FOUND = {name: yaml.safe_load(file.read_text()) for name, file in FILES.items()}
SERVICES = FOUND["distributed"]["services"]
EVERY_SERVICE = [
    pytest.param(name, service, found, id=name)
    for found in FOUND.values()
    for name, service in found["services"].items()
]
OURS = [each for each in EVERY_SERVICE if each.values[1]["image"] == "trainboard"]
NAMES = [
    ("web", "web"),
    ("worker", "worker"),
    ("scheduler", "scheduler"),
    ("upgrade", "db"),
    ("trainboard", "serve"),
]


@pytest.mark.parametrize("file", FILES.values(), ids=FILES)
def test_it_is_valid(file):
    """The Compose Specification's schema says so."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", file]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert 0 == done.returncode, done.stdout


def test_they_start_every_part_of_the_bot():
    """Over a PostgreSQL or in one process, each by a command that exists."""
    assert ["trainboard"] == list(FOUND["embedded"]["services"])
    assert {"postgres", "upgrade", "web", "worker", "scheduler"} == set(SERVICES)
    commands = {each.values[0]: each.values[1]["command"][0] for each in OURS}
    assert dict(NAMES) == commands
    assert set(commands.values()) <= set(main.list_commands(Context(main)))
    assert 2 == SERVICES["worker"]["deploy"]["replicas"]


def test_the_schema_is_upgraded_before_anything_starts():
    """By one container, which ends, once the database answers."""
    upgrade = SERVICES["upgrade"]
    assert (["db", "upgrade"], "no") == (upgrade["command"], upgrade["restart"])
    assert {"postgres": {"condition": "service_healthy"}} == upgrade["depends_on"]
    after = {"upgrade": {"condition": "service_completed_successfully"}}
    assert [after] * 3 == [SERVICES[part]["depends_on"] for part in ("web", "worker", "scheduler")]


@pytest.mark.parametrize(("name", "service", "found"), EVERY_SERVICE)
def test_a_container_has_no_right_that_it_does_not_need(name, service, found):
    """It writes to its volumes and to memory alone, and none of ours has a capability."""
    assert (True, ["ALL"]) == (service["read_only"], service["cap_drop"])
    assert ["no-new-privileges:true"] == service["security_opt"]
    assert not {"privileged", "network_mode", "pid", "ipc", "devices"} & set(service)
    assert ("cap_add" in service) == (name == "postgres")
    published = [str(port) for port in service.get("ports", [])]
    assert [] == [port for port in published if not port.startswith("127.0.0.1:")]


@pytest.mark.parametrize(("name", "service", "found"), EVERY_SERVICE)
def test_secrets_are_files(name, service, found):
    """Nothing secret is in the environment, which others may read; each file has a name."""
    assert set(service.get("secrets", [])) <= set(found["secrets"])
    assert {each["source"] for each in service.get("configs", [])} <= set(found.get("configs", {}))
    told = service["environment"]
    assert [] == [
        key for key in told if re.search("PASSWORD|SECRET|TOKEN|KEY", key) and not key.endswith("_FILE")
    ]
    named = {file for value in told.values() for file in re.findall(r"/run/secrets/([\w-]+)", value)}
    assert named <= set(service.get("secrets", []))
    assert "${" not in str(found)


def test_only_the_bot_reaches_the_database():
    """Its network leads nowhere else."""
    assert ["database"] == SERVICES["postgres"]["networks"]
    assert FOUND["distributed"]["networks"]["database"]["internal"]
    assert "ports" not in SERVICES["postgres"]


@pytest.mark.parametrize("name", ["web", "worker", "scheduler", "trainboard"])
def test_everything_that_stays_is_asked_how_it_is(name):
    """No web server is ill because workers are away."""
    service = {each.values[0]: each.values[1] for each in OURS}[name]
    [address] = re.findall(r"http://[^']+", service["healthcheck"]["test"][-1])
    asked = ("/readyz", "exclude=queue") if name == "web" else ("/healthz", "")
    assert (8080, *asked) == (urlsplit(address).port, urlsplit(address).path, urlsplit(address).query)
    assert name in {"web", "trainboard"} or ["--port", "8080"] == service["command"][1:]


@pytest.mark.parametrize(
    ("name", "database"),
    [
        ("worker", "postgresql+psycopg://trainboard@postgres/trainboard"),
        ("trainboard", "sqlite:////data/trainboard.db"),
    ],
)
def test_its_settings_are_settings(name, database, monkeypatch, tmp_path):
    """The variables are read, and say which database."""
    (tmp_path / "database-url").write_text("postgresql+psycopg://trainboard@postgres/trainboard\n")
    (tmp_path / "trainboard.toml").touch()
    told = {each.values[0]: each.values[1]["environment"] for each in OURS}[name]
    for variable, value in told.items():
        monkeypatch.setenv(variable, value.replace("/run/secrets", str(tmp_path)))
    monkeypatch.setenv("TRAINBOARD_CONFIG", str(tmp_path / "trainboard.toml"))
    settings = load()

    assert database == settings.server.database.get_secret_value()
    assert ("json", "public") == (settings.server.log_format, settings.server.dashboard)
