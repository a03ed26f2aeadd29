"""Who commanded what can be handed to whoever has to look at it."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from trainboard.approvals import Person
from trainboard.cli import main
from trainboard.comments import CommandState, Obeyed
from trainboard.store import commands
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade
from trainboard.triggers import Origin

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


def given(key, *, days=0, text="/sprint next", **fields):
    """A command that Ana gave on #7."""
    values = {
        "key": key,
        "origin": Origin(place="github:acme/churn", ref="7"),
        "comment": f"c{key}",
        "line": 1,
        "text": text,
        "name": "sprint",
        "person": Person(id="2", name="ana"),
        "at": NOON + timedelta(days=days),
    }
    return Obeyed(**values | fields)


@pytest.fixture
def audit(tmp_path):
    """Runs the command over a database with three commands; answers what it prints."""
    config = tmp_path / "trainboard.toml"
    config.write_text(f'[server]\ndatabase = "sqlite:///{tmp_path}/t.db"\n[[projects]]\nname = "churn"\n')
    database = Database(f"sqlite:///{tmp_path}/t.db")
    upgrade(database)
    with database.write() as connection:
        commands.put(
            connection, given("2", days=1, state=CommandState.REFUSED, denied=True, said="You may not.")
        )
        commands.put(connection, given("1", plan=("put this into Sprint 13",)))
        commands.put(connection, given("3", days=2, text="=1+1\n/close", plan=("close this",)))
    database.close()

    def run(*words):
        done = CliRunner().invoke(main, ["audit", "--config", str(config), *words])
        assert 0 == done.exit_code, done.output
        return done.stdout

    return run


def test_every_command_is_a_line_of_json(audit):
    """The oldest first, refused ones too, with who gave it and what came of it."""
    first, second, third = map(json.loads, audit().splitlines())
    assert {
        "at": "2026-11-18T12:00:00+00:00",
        "person": "ana",
        "person_id": "2",
        "place": "github:acme/churn",
        "ref": "7",
        "comment": "c1",
        "command": "/sprint next",
        "state": "done",
        "denied": False,
        "did": "put this into Sprint 13",
        "answer": "",
    } == first
    assert ("refused", True, "You may not.") == (second["state"], second["denied"], second["answer"])
    assert "close this" == third["did"]


def test_a_spreadsheet_reckons_with_nothing_in_it(audit):
    """A line that somebody wrote is text, on one line."""
    names, *rows = csv.reader(io.StringIO(audit("--format", "csv")))
    assert 3 == len(rows)
    assert "'=1+1 /close" == dict(zip(names, rows[2], strict=True))["command"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--since", "2026-11-19"), ["c2", "c3"]),
        (("--until", "2026-11-19"), ["c1", "c2"]),
        (("--since", "2026-11-19", "--until", "2026-11-19"), ["c2"]),
        (("--until", "2026-11-18T12:00:00"), []),
    ],
)
def test_days_are_whole_and_moments_are_borders(audit, words, expected):
    """In UTC."""
    assert expected == [json.loads(line)["comment"] for line in audit(*words).splitlines()]


def test_a_day_that_is_none_is_refused(audit, tmp_path):
    """By the command line, with the forms that it knows."""
    done = CliRunner().invoke(main, ["audit", "--since", "yesterday"])
    assert 2 == done.exit_code
    assert "'%Y-%m-%d'" in done.stderr
