"""Backups as the page on operations tells them: while deliveries arrive, and back into a working service."""

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import requests

from fakes.conversation import run
from peers.load import SETTINGS, sending
from peers.service import report_run, running_service
from trainboard.store.database import Database
from trainboard.store.migrations import is_current, upgrade

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"


def db(folder, *arguments):
    """`trainboard db` as an operator says it."""
    command = [sys.executable, "-m", "trainboard", "db", *arguments, "--config", folder / "trainboard.toml"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def stored(path):
    with closing(sqlite3.connect(path)) as connection:
        assert [("ok",)] == connection.execute("PRAGMA integrity_check").fetchall()
        return {
            row[0]
            for row in connection.execute("SELECT delivery_id FROM deliveries WHERE source = 'runs/ci'")
        }


def test_a_backup_under_load_has_everything_that_was_acknowledged(tmp_path):
    """Before it began; and the service takes what comes meanwhile."""
    copy = tmp_path / "copy.db"
    with running_service(tmp_path, SETTINGS) as service, sending(service) as load:
        service.wait_for("deliveries", lambda: len(load.acknowledged) > 100)
        before = set(load.acknowledged)
        done = db(tmp_path, "backup", str(copy))
        service.wait_for("more of them", lambda: len(load.acknowledged) > len(before) + 50)

    assert (0, "") == (done.returncode, done.stderr)
    assert set() == before - stored(copy)
    assert {200, 202} >= set(load.answers)


def test_a_restored_service_goes_on(tmp_path):
    """It works on what waited in the backup, and a running one is not overwritten."""
    settings = SETTINGS
    copy = tmp_path / "copy.db"
    with running_service(tmp_path, settings) as service:
        report_run(service.url, run("r1", status="running"), "d1")
        service.wait_for("the work item", lambda: service.board()["items"])
        assert 0 == db(tmp_path, "backup", str(copy)).returncode
        report_run(service.url, run("r2", "churn-later", status="running"), "d2")
        service.wait_for("another", lambda: len(service.board()["items"]) == 2)
        refused = db(tmp_path, "restore", str(copy), "--force")
        service.stop()
    restored = db(tmp_path, "restore", str(copy), "--force")

    assert (1, 0) == (refused.returncode, restored.returncode)
    assert "Another Trainboard works on" in refused.stderr
    with running_service(tmp_path, settings) as service:
        [item] = service.board()["items"]
        assert "churn-xgb" == item["experiment"]
        assert 200 == report_run(service.url, run("r1", status="running"), "d1").status_code
        report_run(service.url, run("r2", "churn-later", status="running"), "d2")
        service.wait_for("the other again", lambda: len(service.board()["items"]) == 2)
        assert requests.get(f"{service.url}/readyz", timeout=10).ok


def use_tool(server, line, database, folder):
    """A command of the page, which names the database by a variable."""
    where = f"host={server.folder} user=postgres dbname={database}"
    program, *arguments = (where if word.startswith('"$') else word for word in line.split())
    command = [server.programs / program, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)


def test_postgresql_comes_back_from_its_own_tools(postgresql_server, postgresql_url, tmp_path):
    """By the commands of the page, and with the queue's schema, so that an upgrade has nothing to do."""
    dump, load = re.findall(r"^(pg_\w+ .*)$", OPERATIONS.read_text(), re.MULTILINE)
    original = Database(postgresql_url)
    upgrade(original)
    original.close()
    postgresql_server.run("CREATE DATABASE restored")

    use_tool(postgresql_server, dump, original.engine.url.database, tmp_path)
    use_tool(postgresql_server, load, "restored", tmp_path)
    restored = Database(postgresql_server.url("restored"))
    upgrade(restored)
    assert is_current(restored)

    restored.close()
    postgresql_server.run("DROP DATABASE restored WITH (FORCE)")
