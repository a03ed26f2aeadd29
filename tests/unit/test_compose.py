"""`config/compose.yaml` is what Docker understands, and what the command line and the settings offer."""

import subprocess
import sys
from pathlib import Path

import yaml
from click import Context

from trainboard.cli import main
from trainboard.settings import load

FILE = Path(__file__).parents[2] / "config" / "compose.yaml"
COMPOSE = yaml.safe_load(FILE.read_text())
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "trainboard"}


def test_it_is_valid():
    """The Compose Specification's schema says so."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", FILE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert 0 == done.returncode, done.stdout


def test_it_starts_every_part_of_the_bot_and_a_postgresql():
    """Each service runs the command of its name, which exists."""
    assert {"postgres", "web", "worker", "scheduler"} == set(SERVICES)
    assert {name: name for name in OURS} == {name: service["command"][0] for name, service in OURS.items()}
    assert set(OURS) <= set(main.list_commands(Context(main)))
    assert 2 == SERVICES["worker"]["deploy"]["replicas"]


def test_its_settings_are_settings(monkeypatch, tmp_path):
    """The variables are read, and say PostgreSQL."""
    for name, value in SERVICES["worker"]["environment"].items():
        monkeypatch.setenv(name, value)
    (tmp_path / "trainboard.toml").touch()
    monkeypatch.setenv("TRAINBOARD_CONFIG", str(tmp_path / "trainboard.toml"))
    settings = load()

    assert "@postgres/trainboard" in settings.server.database.get_secret_value()
    assert "json" == settings.server.log_format
