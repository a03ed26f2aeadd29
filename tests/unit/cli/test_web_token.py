"""`trainboard web-token`."""

import json

import pytest
from click.testing import CliRunner

from trainboard.cli import main
from trainboard.store import sessions
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade
from trainboard.store.sessions import Session
from trainboard.visitors import Person, Role
from trainboard.wiring import utc_now

SIGN_IN = '[server]\ndashboard = "sign-in"\n[[sign_in]]\nkind = "token"\nname = "token"\n'


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A working folder with settings."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trainboard.toml").write_text(SIGN_IN)
    return tmp_path


@pytest.fixture
def database(folder):
    made = Database("sqlite:///trainboard.db")
    upgrade(made)
    yield made
    made.close()


def ask(*words):
    return CliRunner().invoke(main, ["web-token", *words])


def test_the_token_is_printed_and_stays(database):
    """43 characters, again and again the same."""
    first, second = ask(), ask("--json")
    assert 43 == len(first.output.strip())
    assert {"token": first.output.strip()} == json.loads(second.output)


def test_a_new_token_signs_everybody_out(database):
    """Whoever came in with the old one."""
    first = ask().output
    person = Person(way="token", subject="token", name="shared token", role=Role.VIEWER)
    with database.write() as connection:
        session = Session(id="1", person=person, rules="r", seen_at=utc_now(), until=utc_now())
        sessions.put(connection, session)

    assert first != ask("--new").output

    with database.read() as connection:
        assert sessions.find(connection, "1") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Nobody signs in with a token"),
        (f'{SIGN_IN}token = "{"t" * 32}"\n', "The token stands in the settings"),
    ],
)
def test_where_there_is_none_that_is_said(database, folder, text, said):
    """In a sentence."""
    (folder / "trainboard.toml").write_text(text)
    answer = ask()
    assert (1, True) == (answer.exit_code, answer.output.startswith(said))


def test_it_needs_a_database():
    """Which the service makes."""
    assert "start trainboard serve" in ask().output
