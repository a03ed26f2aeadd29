"""People are told when the settings file is not the one that the process reads by any more."""

import pytest

from trainboard.settings import load
from trainboard.settings.changes import SettingsFile

GOOD = '[[projects]]\nname = "churn"\n'


@pytest.fixture
def path(tmp_path):
    written = tmp_path / "trainboard.toml"
    written.write_text(GOOD)
    return written


def test_settings_know_the_file_that_they_are_of(path):
    """None where there was none."""
    assert path == load(path, {}).file
    assert load(None, {"TRAINBOARD_CONFIG": str(path)}).file == path


def test_a_file_that_is_as_it_was_needs_no_word(path):
    """Nor does one that was changed and changed back, or one that never was."""
    file = SettingsFile(path, {})
    assert "" == file.find_change()
    path.write_text("broken =")
    file.find_change()
    path.write_text(GOOD)
    assert "" == file.find_change()
    assert "" == SettingsFile(None, {}).find_change()


def test_a_file_that_can_be_used_counts_after_a_restart(path):
    """Who edits it learns why nothing happens."""
    file = SettingsFile(path, {})
    path.write_text(GOOD.replace("churn", "ranking"))
    assert "restart it" in file.find_change()


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (GOOD + 'tracker = "nowhere"\ncolour = "red"\n', "trainboard.toml:3 and 1 more"),
        ("broken =", "trainboard.toml:1,"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_with_its_line(path, text, where):
    """And with nothing that it holds: who sees a page may not see the settings."""
    file = SettingsFile(path, {})
    path.write_text(text)
    said = file.find_change()
    assert where in said
    assert "goes on with what it read" in said
    assert "nowhere" not in said
    assert "colour" not in said


def test_a_file_that_is_gone_cannot_be_used(path):
    """Until it is back."""
    file = SettingsFile(path, {})
    path.unlink()
    assert "cannot be used" in file.find_change()
    path.write_text(GOOD)
    assert "" == file.find_change()
