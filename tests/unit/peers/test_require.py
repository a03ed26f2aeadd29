"""A missing peer is said, and is an error where peers are promised."""

import pytest

from peers import require


def test_path_that_exists_is_returned(tmp_path):
    """A peer that is there is used."""
    assert tmp_path == require(tmp_path, "a folder")


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_missing_peer_skips_and_fails_in_ci(tmp_path, monkeypatch, ci, outcome):
    """On one's own machine the test is skipped with the way to get the peer; in CI it fails."""
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match=r"^a thing is not installed at .*/none: run make peers$"):
        require(tmp_path / "none", "a thing")
