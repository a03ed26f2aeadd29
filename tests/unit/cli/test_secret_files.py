"""Files that hold secrets."""

import os
import stat

import pytest

from trainboard.cli import _secret_files as files
from trainboard.errors import PermanentError


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request):
    """What a shell takes away from new files, from nothing at all."""
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.parametrize("force", [False, True])
def test_only_its_owner_reads_it(tmp_path, umask, force):
    """Whatever the shell allows others."""
    path = tmp_path / "key.pem"
    files.write(path, "KEY\n", force=force)
    assert (0o600, "KEY\n", [path]) == (mode(path), path.read_text(), list(tmp_path.iterdir()))


def test_one_that_is_there_is_kept(tmp_path):
    """It may be the only copy of another key."""
    path = tmp_path / "key.pem"
    path.write_text("OLD")
    with pytest.raises(PermanentError, match=r"is there already. Move it away, or replace it with --force."):
        files.write(path, "NEW", force=False)
    with pytest.raises(PermanentError, match="is there already"):
        files.check_free([path], force=False)
    assert "OLD" == path.read_text()


def test_it_is_replaced_when_that_is_asked_for(tmp_path):
    """And others may read it no longer."""
    path = tmp_path / "key.pem"
    path.write_text("OLD")
    path.chmod(0o644)
    files.check_free([path], force=True)
    files.write(path, "NEW", force=True)
    assert (0o600, "NEW\n") == (mode(path), path.read_text())


def test_a_link_is_not_followed(tmp_path):
    """What it leads to stays as it is."""
    other, path = tmp_path / "other", tmp_path / "key.pem"
    path.symlink_to(other)
    with pytest.raises(PermanentError, match="is there already"):
        files.write(path, "KEY", force=False)
    files.write(path, "KEY", force=True)
    assert (False, False) == (other.exists(), path.is_symlink())


@pytest.mark.parametrize("force", [False, True])
def test_a_folder_that_is_not_there(tmp_path, force):
    """It is said before anything is done that cannot be undone."""
    path = tmp_path / "gone" / "key.pem"
    with pytest.raises(PermanentError, match="Could not write"):
        files.check_free([path], force=force)
    with pytest.raises(PermanentError, match="Could not write"):
        files.write(path, "KEY", force=force)
