"""Wikis hold pages by their paths. Each module here is one platform's."""

from typing import Protocol

import msgspec

from trainboard.errors import TransientError


class StaleError(TransientError):
    """The page is another than it was thought to be: read it before it is written."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page. `version` is another after each change."""

    text: str
    version: str
    url: str = ""


class Wiki(Protocol):
    """A project's wiki.

    Raises (any method):
        PermanentError: it is refused for good.
        LimitedError: slow down.
        TransientError: nothing was done.
        DoubtError: only from `put_page`: it may have been done.
    """

    name: str

    def find_page(self, path: str) -> Page | None:
        """The page as it stands now."""
        ...

    def put_page(self, path: str, text: str, version: str) -> Page:
        """Write the page if it still has that version; a new one has none. The page above it is made.

        Raises:
            StaleError: it has another version, or is there already, or is gone.
        """
        ...
