"""Sections that are added to a file of settings."""

import tomllib

import pytest

from trainboard.errors import PermanentError
from trainboard.settings import SettingsError
from trainboard.settings.additions import Section, holds, plan

GITHUB = Section(
    header="[github]",
    keys={"app_id": 1, "private_key": "file:a b.pem", "webhook_secrets": ("file:s",)},
)
PROJECT = Section(header="[[projects]]", keys={"name": "churn", "tracker": "github:acme/churn"})
TEXT = '[github]\napp_id = 1\nprivate_key = "file:a b.pem"\nwebhook_secrets = ["file:s"]\n'


@pytest.fixture
def path(tmp_path):
    return tmp_path / "trainboard.toml"


def test_a_new_file(path):
    """Nothing is written before it is asked for."""
    additions = plan(path, [GITHUB, PROJECT])
    assert not path.exists()
    additions.write()
    assert f'{TEXT}\n[[projects]]\nname = "churn"\ntracker = "github:acme/churn"\n' == path.read_text()
    assert "" == additions.render_todo()


@pytest.mark.parametrize(
    "before",
    [
        '# ours\n[server]\nport = 1  # "x"\n',
        "[server]\nport = 1",
        "",
        "\n",
        "a = 1\r\n",
        '\ufeff[[projects]]\nname = "b"\n',
        'text = """\n[github]\n"""\n',
    ],
)
def test_what_is_there_stays(path, before):
    """To the byte, and the rest means what it meant."""
    path.write_bytes(before.encode())
    plan(path, [GITHUB, PROJECT]).write()
    after = path.read_bytes().decode()
    assert after.startswith(before)
    old, new = (tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n")) for text in (before, after))
    assert old | {"github": tomllib.loads(TEXT)["github"]} == {
        key: value for key, value in new.items() if key in old or key == "github"
    } | ({"projects": old["projects"]} if "projects" in old else {})
    assert "churn" == new["projects"][-1]["name"]


@pytest.mark.parametrize(
    "before", ["[github]\ntoken = 't'\n", "github.app_id = 2\n", "github = {}\n", "[[github]]\n"]
)
def test_a_section_that_is_there(path, before):
    """It is left, and what belongs into it is told; the others are added."""
    path.write_text(before)
    additions = plan(path, [GITHUB, PROJECT])
    additions.write()
    assert (TEXT.strip(), (PROJECT,)) == (additions.render_todo(), additions.added)
    assert path.read_text().startswith(before)


def test_nothing_to_add(path):
    """The file is not touched."""
    path.write_text("[github]\n")
    path.chmod(0o400)
    before = path.stat()
    plan(path, [GITHUB]).write()
    assert before.st_mtime_ns == path.stat().st_mtime_ns


@pytest.mark.parametrize("text", ['"', "\\", "ü", "\x7f", "\n", "🚀", '"""'])
def test_values_are_data(path, text):
    """Whatever is in them."""
    plan(path, [Section(header="[github]", keys={"private_key": f"file:{text}"})]).write()
    assert {"github": {"private_key": f"file:{text}"}} == tomllib.loads(path.read_text())


def test_a_file_that_was_changed_meanwhile(path):
    """Nothing is written over; what to add is in the sentence."""
    path.write_text("[server]\n")
    additions = plan(path, [GITHUB])
    path.write_text("[server]\nport = 1\n")
    with pytest.raises(PermanentError, match=r"(?s)was changed meanwhile.*app_id = 1"):
        additions.write()
    assert "[server]\nport = 1\n" == path.read_text()


def test_a_file_that_came_meanwhile(path):
    """The same."""
    additions = plan(path, [GITHUB])
    path.write_text("")
    with pytest.raises(PermanentError, match="Could not write"):
        additions.write()
    assert "" == path.read_text()


def test_a_file_that_cannot_be_read(path):
    """It is no UTF-8."""
    path.write_bytes(b"\xff")
    with pytest.raises(SettingsError, match="cannot be read"):
        plan(path, [GITHUB])


def test_what_a_file_holds(path):
    """A section or a list; a file that is not there holds nothing."""
    assert not holds(path, "projects")
    path.write_text("[server]\n[[projects]]\nname = 'a'\n")
    assert (True, True, False) == (holds(path, "projects"), holds(path, "server"), holds(path, "name"))
