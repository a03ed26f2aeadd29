"""Lists that come in pages."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from trainboard.azure_devops.calls import Call
from trainboard.errors import TransientError

Page = TypeVar("Page")


def list_pages(call: Call, get_page: Callable[[str | None], tuple[Page, str | None]]) -> Iterator[Page]:
    """Every page; one is asked for when it is needed.

    Args:
        call: what is asked for.
        get_page: answers the page that a token asks for, None the first, and the next page's token.

    Raises:
        TransientError: a page names as the next one that was seen: it would never end.
    """
    seen: set[str] = set()
    page, token = get_page(None)
    yield page
    while token is not None:
        if token in seen:
            raise TransientError(
                f"Could not {call.doing} to the end: Azure DevOps sends the same page again and again. "
                "Nothing was changed; try again."
            )
        seen.add(token)
        page, token = get_page(token)
        yield page
