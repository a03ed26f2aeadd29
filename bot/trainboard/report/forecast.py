"""When work will be done, by how much was done on the days before. Exact: nothing is drawn by lot."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date

import msgspec

from trainboard.iterations import SprintPolicy
from trainboard.report.flow import add_working_days

LEAST_SPRINTS = 5
LEVELS = (50, 85, 95)
MOST_DAYS = 500
MOST_ITEMS = 2_000


class Likely(msgspec.Struct, frozen=True, kw_only=True):
    """With that many percent, all is done after so many working days, on that day."""

    percent: int
    days: int
    day: date


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """What is likely of `remaining` items, by so many working days of history; `reason` says why nothing is.

    `by_end` is how many items are done by the sprint's end, by percent.
    """

    remaining: int
    history_days: int
    likely: tuple[Likely, ...] = ()
    by_end: tuple[tuple[int, int], ...] = ()
    reason: str = ""


def foresee(
    remaining: int,
    history: Sequence[int],
    sprints: int,
    policy: SprintPolicy,
    today: date,
    *,
    days_left: int = 0,
) -> Forecast:
    """The forecast.

    Args:
        remaining: open items.
        history: items done on each of the last working days.
        sprints: how many sprints are over, of which the history tells.
        policy: on which days people work.
        today: the first day that counts is the next.
        days_left: working days until the sprint's end.
    """
    blank = Forecast(remaining=remaining, history_days=len(history))
    if reason := _find_obstacle(remaining, history, sprints):
        return msgspec.structs.replace(blank, reason=reason)
    chances = _chances_by_day(remaining, history)
    likely = []
    for percent in LEVELS:
        days = next((n for n, chance in enumerate(chances) if chance * 100 >= percent), None)
        if days is not None:
            day = add_working_days(policy, today, days)
            likely.append(Likely(percent=percent, days=days, day=day))
    return msgspec.structs.replace(
        blank, likely=tuple(likely), by_end=_list_by_end(history, days_left, remaining)
    )


def _find_obstacle(remaining: int, history: Sequence[int], sprints: int) -> str:
    if sprints < LEAST_SPRINTS:
        return f"needs {LEAST_SPRINTS} sprints that are over, and knows {sprints}"
    if not any(history):
        return "nothing was done on the days that it goes by"
    if remaining > MOST_ITEMS:
        return f"more than {MOST_ITEMS:,} items are open"
    return ""


def _chances_by_day(remaining: int, history: Sequence[int]) -> list[float]:
    """How likely all is done after 0, 1, 2 … working days, until that is nearly sure."""
    daily = _share(history)
    left = [0.0] * remaining + [1.0]
    chances = [left[0]]
    while chances[-1] < LEVELS[-1] / 100 and len(chances) <= MOST_DAYS:
        after = [0.0] * (remaining + 1)
        for open_items, chance in enumerate(left):
            if chance:
                for done, share in daily.items():
                    after[max(0, open_items - done)] += chance * share
        left = after
        chances.append(left[0])
    return chances


def _list_by_end(history: Sequence[int], days: int, remaining: int) -> tuple[tuple[int, int], ...]:
    """The largest number of items that is reached with that many percent: the surer, the fewer."""
    daily = _share(history)
    done = {0: 1.0}
    for _ in range(days):
        after: defaultdict[int, float] = defaultdict(float)
        for amount, chance in done.items():
            for more, share in daily.items():
                after[min(remaining, amount + more)] += chance * share
        done = dict(after)
    return tuple((percent, _reach(done, percent)) for percent in LEVELS)


def _reach(done: dict[int, float], percent: int) -> int:
    chance = 0.0
    for amount in sorted(done, reverse=True):
        chance += done[amount]
        if chance * 100 >= percent - 1e-9:
            return amount
    return 0


def _share(history: Sequence[int]) -> dict[int, float]:
    return {amount: count / len(history) for amount, count in Counter(history).items()}
