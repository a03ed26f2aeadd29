"""What a look at the sprints tells of what happened since the look before."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from trainboard.report.happenings import Happening, Standing, State
from trainboard.work_items import WorkItem


def notice(
    known: Mapping[str, Standing],
    sprints: Mapping[int, Iterable[WorkItem]],
    since: datetime | None,
    now: datetime,
) -> Iterator[Happening]:
    """What is another than it was, and when it changed at the latest.

    A change is told with the time of the item's last one, as far as that lies behind the last look. An item
    that was there at the first look counts as in the sprint since it was made.

    Args:
        known: how items stand, by their refs.
        sprints: what stands in each sprint that was looked at now, by its number.
        since: the look before, None at the first.
        now: of this look.
    """
    there = set()
    for number, items in sprints.items():
        for item in items:
            there.add(item.ref)
            yield from _notice_one(known.get(item.ref), item, number, since, now)
    for ref, standing in known.items():
        if standing.sprint in sprints and ref not in there:
            yield Happening(item=ref, at=now, sprint=None)


def _notice_one(
    known: Standing | None, item: WorkItem, sprint: int, since: datetime | None, now: datetime
) -> Iterator[Happening]:
    changed_at = min(item.updated_at, now) if since is None or item.updated_at >= since else now
    if known is None:
        is_new = since is None or item.created_at >= since
        at = min(item.created_at, now) if is_new else changed_at
        known = Standing(item=item.ref, seen_at=at)
        yield _tell(known, item, sprint, at)
    elif _is_other(known, item, sprint):
        yield _tell(known, item, sprint, changed_at)
    state = _to_state(item)
    if state != ("open" if known.is_open else known.state):
        yield Happening(item=item.ref, at=changed_at, state=state)


def _tell(known: Standing, item: WorkItem, sprint: int, at: datetime) -> Happening:
    return Happening(
        item=known.item, at=at, title=item.title, url=item.url, sprint=sprint, points=_to_points(item)
    )


def _is_other(known: Standing, item: WorkItem, sprint: int) -> bool:
    told = (item.title, item.url, sprint, _to_points(item))
    return told != (known.title, known.url, known.sprint, known.points)


def _to_points(item: WorkItem) -> Decimal | None:
    return None if item.estimate is None else Decimal(str(item.estimate))


def _to_state(item: WorkItem) -> State:
    if item.state == "open":
        return "open"
    return "cancelled" if item.closed_as == "not planned" else "done"
