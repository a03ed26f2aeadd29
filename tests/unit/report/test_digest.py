"""What changed in a sprint since the last digest."""

from datetime import timedelta
from decimal import Decimal

from fakes.read import NOW, POLICY
from trainboard.iterations import iteration
from trainboard.report.digest import digest
from trainboard.report.happenings import Happening, Past

SPRINT = iteration(POLICY, 1)
SINCE = NOW - timedelta(days=1)
LONG_AGO = NOW - timedelta(days=9)
TODAY = NOW - timedelta(hours=1)


def tell(item, at, **fields):
    return Happening(item=item, at=at, **fields)


def planned(item, **fields):
    """An item that was in the sprint from its start."""
    return tell(item, LONG_AGO, **{"sprint": 1, "points": Decimal(2)} | fields)


def new(*happenings, since=SINCE, known_since=LONG_AGO):
    return digest("churn", Past(happenings), SPRINT, since, NOW, known_since)


def names(items):
    return [each.item for each in items]


def test_each_kind_of_news():
    """Done, started, opened again, new, and out of the sprint; what stayed as it was is not told."""
    made = new(
        *map(planned, ("done", "started", "left", "given up", "same")),
        planned("again", state="done"),
        tell("done", TODAY, state="done"),
        tell("started", TODAY, state="started"),
        tell("again", TODAY, state="open"),
        tell("new", TODAY, sprint=1),
        tell("left", TODAY, sprint=2),
        tell("elsewhere", TODAY, sprint=2),
    )
    assert ["done"] == names(made.done)
    assert ["started"] == names(made.started)
    assert ["again"] == names(made.reopened)
    assert ["new"] == names(made.added)
    assert ["left"] == names(made.removed)
    assert ["again", "given up", "new", "same", "started"] == names(made.left.items)
    assert not made.is_quiet


def test_what_happened_before_is_no_news():
    """Nor what happens later."""
    made = new(planned("a"), tell("a", SINCE - timedelta(seconds=1), state="done"), planned("b"))
    assert made.is_quiet
    assert (["b"], Decimal(2)) == (names(made.left.items), made.left.points)
    assert new(planned("a"), tell("a", NOW, state="done")).is_quiet


def test_what_was_there_when_the_history_began_is_no_news():
    """Else the first digest would tell of everything."""
    assert new(planned("a"), known_since=TODAY).is_quiet


def test_what_is_old():
    """Started longer ago than 85 of a hundred needed; unknown where nobody told when work was started."""
    done = [
        each
        for n in range(3)
        for each in (
            planned(f"d{n}"),
            tell(f"d{n}", NOW - timedelta(days=6), state="started"),
            tell(f"d{n}", NOW - timedelta(days=6 - n - 1), state="done"),
        )
    ]
    started = [planned(each) for each in ("old", "young")] + [
        tell("old", NOW - timedelta(days=4), state="started"),
        tell("young", NOW - timedelta(days=1), state="started"),
    ]
    made = new(*done, *started)
    assert (["old"], timedelta(days=3)) == (names(made.old), made.old_after)
    assert ((), None) == (new(*started).old, new(*started).old_after)
