"""How often work was carried from one sprint into the next."""

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from trainboard.iterations import SprintPolicy, iteration
from trainboard.report.happenings import Past, Standing, follow

OFTEN = 2
"""What was carried so often is worth a talk."""

_BEGINNING = datetime.min.replace(tzinfo=UTC)


class Carried(msgspec.Struct, frozen=True, kw_only=True):
    """An item, and at the end of how many sprints it was open in them."""

    item: Standing
    times: int

    @property
    def is_often(self) -> bool:
        """True if it was carried twice or more."""
        return self.times >= OFTEN


def list_carried(
    past: Past, policy: SprintPolicy, items: Iterable[Standing], until: datetime
) -> tuple[Carried, ...]:
    """Those of the items that were ever carried, the most often carried first.

    Args:
        past: what happened.
        policy: when sprints end.
        items: whichever are asked about.
        until: a sprint that ends later has not ended.
    """
    wanted = {each.item: each for each in items}
    times = _count_ends(past, policy, set(wanted), until)
    carried = [Carried(item=each, times=times[name]) for name, each in wanted.items() if times.get(name)]
    return tuple(sorted(carried, key=lambda each: (-each.times, each.item.item)))


def _count_ends(past: Past, policy: SprintPolicy, wanted: set[str], until: datetime) -> dict[str, int]:
    """In how many sprints each item was open when they ended; one pass over all that happened."""
    times = dict.fromkeys(wanted, 0)
    standing: dict[str, tuple[datetime, Standing]] = {}
    ends: dict[int, datetime] = {}

    def stays(name: str, end: datetime) -> None:
        since, known = standing[name]
        if known.sprint is not None and known.is_open:
            if known.sprint not in ends:
                ends[known.sprint] = iteration(policy, known.sprint).ends_at
            times[name] += since < ends[known.sprint] <= end

    for told in past.list_between(_BEGINNING, until):
        if told.item in wanted:
            before = None
            if told.item in standing:
                stays(told.item, told.at)
                before = standing[told.item][1]
            standing[told.item] = told.at, follow(before, told)
    for name in standing:
        stays(name, until)
    return times
