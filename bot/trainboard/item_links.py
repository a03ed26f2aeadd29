"""Which work items a pull request belongs to, and by whose word: values, and what they come to together."""

from collections.abc import Callable, Iterable
from enum import StrEnum

import msgspec

MOST_STEPS = 8
"""How far up parents are followed, which is as deep as GitHub lets sub-issues be."""

Item = tuple[str, str]
"""Tracker and ref of a work item."""


class LinkSource(StrEnum):
    """By whose word a pull request belongs to a work item, the strongest first."""

    PERSON = "person"
    WORDS = "words"
    PLATFORM = "platform"
    REVERT = "revert"
    RUN = "run"
    CHILD = "child"


class Link(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A pull request belongs to the work item.

    `by` is who said so if a person did, the number of the pull request that it reverts, or the ref of the
    item below; empty for any other source.
    """

    tracker: str
    ref: str
    source: LinkSource = LinkSource.WORDS
    by: str = ""

    @property
    def item(self) -> Item:
        """Which work item it is."""
        return self.tracker, self.ref


def combine(
    found: Iterable[Link], unlinked: Iterable[Item], list_parents: Callable[[Iterable[Item]], Iterable[Link]]
) -> tuple[Link, ...]:
    """Each work item once with its strongest source, by tracker and ref; none of those that were unlinked.

    Whatever belongs to an item belongs to those above it too. `list_parents` answers these as links of the
    source CHILD. An item that was unlinked leads nowhere.
    """
    forbidden = set(unlinked)
    known: dict[Item, Link] = {}
    fresh = _strongest(found, forbidden, known)
    for _ in range(MOST_STEPS + 1):
        known |= fresh
        if not fresh:
            break
        fresh = _strongest(list_parents(fresh), forbidden, known)
    return tuple(known[item] for item in sorted(known))


def _strongest(links: Iterable[Link], forbidden: set[Item], known: dict[Item, Link]) -> dict[Item, Link]:
    wanted = sorted(links, key=_weakness, reverse=True)
    return {link.item: link for link in wanted if link.item not in forbidden and link.item not in known}


def _weakness(link: Link) -> tuple[int, str]:
    return _SOURCES.index(link.source), link.by


_SOURCES = tuple(LinkSource)
