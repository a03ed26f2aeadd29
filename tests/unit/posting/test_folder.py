"""Reports as files."""

import pytest

from trainboard.diagnosis import Grade
from trainboard.errors import TransientError
from trainboard.posting import Letter
from trainboard.posting.folder import FolderPost
from trainboard.rendering.report.brief import Brief


def letter(text):
    return Letter(key="one", name="churn-sprint-1", brief=Brief(title="", sentence=""), markdown=text)


def test_a_file_is_replaced(tmp_path):
    """Nothing but the last is left."""
    post = FolderPost(name="file", folder=tmp_path / "deep" / "er")
    post.send(letter("one"))
    post.send(letter("two"))
    [path] = (tmp_path / "deep" / "er").iterdir()
    assert ("churn-sprint-1.md", "two\n") == (path.name, path.read_text())


def test_a_file_that_cannot_be_written_stays_as_it_was(tmp_path, monkeypatch):
    """A full disk leaves the old text, and no part of the new."""
    post = FolderPost(name="file", folder=tmp_path)
    post.send(letter("one"))

    def fail(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("trainboard.posting.folder.os.fsync", fail)
    with pytest.raises(TransientError, match="No space left"):
        post.send(letter("two"))
    assert ["one\n"] == [each.read_text() for each in tmp_path.iterdir()]


def test_a_folder_is_looked_at_without_a_trace(tmp_path):
    """Whether it may be written to."""
    assert [Grade.OK] == [each.grade for each in FolderPost(name="file", folder=tmp_path).examine()]
    assert [] == list(tmp_path.iterdir())
    missing = FolderPost(name="file", folder=tmp_path / "none")
    assert [Grade.FAILING] == [each.grade for each in missing.examine()]
