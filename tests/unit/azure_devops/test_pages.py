"""Lists that come in pages."""

import pytest

from trainboard.azure_devops.calls import Call
from trainboard.azure_devops.pages import list_pages
from trainboard.errors import TransientError

CALL = Call(doing="list the builds")


def test_pages_end():
    """With the one that names no other."""
    answers = {None: ("a", "1"), "1": ("b", "2"), "2": ("c", None)}
    assert ["a", "b", "c"] == list(list_pages(CALL, answers.__getitem__))


@pytest.mark.parametrize("loop", ["1", "2"])
def test_pages_that_never_end(loop):
    """A token that was seen before ends the list with an error, for it would go on for ever."""
    answers = {None: ("a", "1"), "1": ("b", "2"), "2": ("c", loop)}
    pages = list_pages(CALL, answers.__getitem__)
    assert ["a", "b", "c"] == [next(pages) for _ in range(3)]
    with pytest.raises(TransientError, match=r"^Could not list the builds to the end: .* again and again"):
        next(pages)
