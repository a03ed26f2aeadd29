"""Who may command what, as an operator says it."""

from pathlib import Path

import pytest

from trainboard.settings import SettingsError, load, projects_of

PROJECT = '[[projects]]\nname = "churn"\n[projects.commands]\n'
ANA = "B0A1B2C3-0000-4000-8000-000000000001"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)


def read(text):
    """The one project of a file."""
    Path("trainboard.toml").write_text(PROJECT + text, encoding="utf-8")
    [project] = projects_of(load(None, {}))
    return project


def test_roles_people_and_bots_are_named():
    """Ids in small letters, for GUIDs are written in both."""
    project = read(
        f'roles = {{ waive = "admin", close = "nobody" }}\npeople = {{ promote = ["{ANA}"], retrain = [] }}\n'
        'bots = ["7"]\n'
    )
    assert {"waive": "admin", "close": "nobody"} == project.command_roles
    assert {"promote": frozenset({ANA.lower()}), "retrain": frozenset()} == project.command_people
    assert frozenset({"7"}) == project.command_bots


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('roles = { waiv = "admin" }', 'is no command; did you mean "waive"?'),
        ('people = { promot = ["7"] }', 'is no command; did you mean "promote"?'),
        ('roles = { waive = "boss" }', "waive"),
        ('people = { promote = "7" }', "promote"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text, complaint):
    """And nothing is guessed."""
    with pytest.raises(SettingsError) as caught:
        read(text)
    [finding] = map(str, caught.value.findings)
    assert complaint in finding
    assert finding.startswith("trainboard.toml:4:")
