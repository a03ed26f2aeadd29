"""The same news by two ways: as a tracker told it at once, and as it tells it when it is asked later."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from msgspec import UNSET

from trainboard.report.happenings import Happening

NEAR = timedelta(seconds=5)
"""Two clocks of one tracker, that of its events and that of its items, differ by less."""

TOLD = "told"
"""The way of deliveries."""

_TELLING = ("sprint", "points", "state")


def leave_out_told(found: Iterable[Happening], known: Iterable[Happening]) -> Iterator[Happening]:
    """What of `found` nobody told yet.

    Something is told where its source was told, or where another source told the same of the item at nearly
    the same time; each of those stands for one.
    """
    held = list(known)
    sources = {each.source for each in held}
    others: dict[str, list[Happening]] = {}
    for each in held:
        others.setdefault(each.item, []).append(each)
    for each in sorted(found, key=lambda each: (each.at, each.sequence, each.source)):
        if each.source in sources:
            continue
        same = [other for other in others.get(each.item, ()) if _is_same(each, other)]
        if same:
            others[each.item].remove(min(same, key=lambda other: abs(other.at - each.at)))
        else:
            yield each


def _is_same(found: Happening, other: Happening) -> bool:
    """True if the other tells all that this one does, by another way.

    A title counts only by itself: asked later, a tracker shows the present one with everything.
    """
    if _name_way(found) == _name_way(other) or abs(found.at - other.at) > NEAR:
        return False
    if found.begins and not other.begins:
        return False
    if found.points_gone is not UNSET:
        return other.points is not UNSET
    told = [name for name in _TELLING if getattr(found, name) is not UNSET] or ["title"]
    return all(getattr(found, name) == getattr(other, name) for name in told)


def _name_way(happening: Happening) -> str:
    """A delivery has no name of its own for what it tells."""
    return happening.source.partition(":")[0] or TOLD
