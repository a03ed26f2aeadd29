"""How many items of a sprint are in which state, day by day."""

from collections.abc import Iterable

import msgspec

from trainboard.report.happenings import Standing


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Items by their state; what was given up is no part of a sprint."""

    to_do: int = 0
    doing: int = 0
    done: int = 0


def count_states(items: Iterable[Standing]) -> Counts:
    """The counts. Of trackers that tell no start, nothing is ever under way."""
    states = [each.state for each in items]
    return Counts(to_do=states.count("open"), doing=states.count("started"), done=states.count("done"))
