"""What changed in a sprint since the last digest."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from trainboard.iterations import Iteration
from trainboard.percentiles import find_percentile
from trainboard.report import flow
from trainboard.report.happenings import Past, Standing
from trainboard.report.scope import Part

CYCLE_SPAN = timedelta(days=90)
OLD_PERCENT = 85

Items = tuple[Standing, ...]


class Digest(msgspec.Struct, frozen=True, kw_only=True):
    """What happened from `since` until `until` to the items of the sprint, in the order of their names.

    `old` are open ones that were started longer ago than 85 of a hundred needed to be done in the last 90
    days, which is `old_after`; None where nothing is known of that. `known_since` is when the history began.
    `runs` are those that ended, by status, `bugs` those of alerts that were `made`, `reopened` or `closed`.
    """

    project: str
    sprint: Iteration
    since: datetime
    until: datetime
    known_since: datetime
    done: Items = ()
    started: Items = ()
    reopened: Items = ()
    added: Items = ()
    removed: Items = ()
    old: Items = ()
    old_after: timedelta | None = None
    left: Part = Part()
    runs: Mapping[str, int] = {}
    bugs: Mapping[str, int] = {}

    @property
    def is_quiet(self) -> bool:
        """True if nothing changed."""
        of_items = self.done or self.started or self.reopened or self.added or self.removed
        return not (of_items or self.runs or self.bugs)


def digest(
    project: str, past: Past, sprint: Iteration, since: datetime, until: datetime, known_since: datetime
) -> Digest:
    """What is new in the sprint. What was there when the history began is not."""
    since = max(since, known_since)
    before, after = past.stand_at(since), past.stand_at(until)
    here = {name: each for name, each in after.items() if each.sprint == sprint.number}
    cycle = flow.measure(past, until - CYCLE_SPAN, until).cycle
    limit = find_percentile(cycle, OLD_PERCENT) if cycle else None
    open_items = [each for each in here.values() if each.is_open]
    return Digest(
        project=project,
        sprint=sprint,
        since=since,
        until=until,
        known_since=known_since,
        done=_sort(each for name, each in here.items() if each.state == "done" and _was_open(before, name)),
        started=_sort(each for each in here.values() if _is_started_since(each, since)),
        reopened=_sort(each for name, each in here.items() if each.is_open and _had_ended(before, name)),
        added=_sort(each for name, each in here.items() if _was_elsewhere(before, name, sprint.number)),
        removed=_sort(
            after[name]
            for name, each in before.items()
            if each.sprint == sprint.number and each.is_open and name not in here
        ),
        old=_sort(
            each
            for each in open_items
            if limit is not None and each.started_at is not None and until - each.started_at > limit
        ),
        old_after=limit,
        left=Part(items=_sort(open_items), points=sum((each.size for each in open_items), Part().points)),
    )


def _was_open(before: Mapping[str, Standing], name: str) -> bool:
    return name not in before or before[name].is_open


def _had_ended(before: Mapping[str, Standing], name: str) -> bool:
    return name in before and not before[name].is_open


def _was_elsewhere(before: Mapping[str, Standing], name: str, number: int) -> bool:
    return name not in before or before[name].sprint != number


def _is_started_since(each: Standing, since: datetime) -> bool:
    return each.state == "started" and each.started_at is not None and each.started_at >= since


def _sort(items: Iterable[Standing]) -> Items:
    return tuple(sorted(items, key=lambda each: each.item))
