"""What stands on the board and in the database at the end, beside what stands there if nothing happens."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import text

from faults.stages import Stage

DIFFERS = re.compile(r"<!-- trainboard:.*? -->|\d\d:\d\d(:\d\d)? UTC")
DONE = "SELECT delivery_id FROM deliveries WHERE state = 'done'"
TOLD = """
    SELECT delivery_id FROM deliveries JOIN events ON events.delivery = deliveries.id
    WHERE source LIKE 'runs/%'
"""


@dataclass(frozen=True)
class Found:
    """What there is: deliveries that are `done`, those of runs as often as they were `told`, and `texts`."""

    done: frozenset[str]
    told: Counter[str]
    texts: Counter[str]


def look(stage: Stage) -> Found:
    """At the end."""
    with stage.database.read() as connection:
        done, told = (connection.execute(text(query)).scalars().all() for query in (DONE, TOLD))
    return Found(frozenset(done), Counter(told), Counter(_list_texts(stage)))


def compare(found: Found, unharmed: Found, acknowledged: Collection[str]) -> tuple[int, int, int]:
    """How much is lost, doubled and wrong.

    A text that is not there, and another one with the same first line that should not be, are a wrong one.
    """
    missing, more = (_count_heads(one - other) for one, other in _both_ways(unharmed.texts, found.texts))
    lost = len(set(acknowledged) - found.done) + (missing - more).total()
    doubled = sum(times - 1 for times in found.told.values()) + (more - missing).total()
    return lost, doubled, (missing & more).total()


def list_differences(found: Found, unharmed: Found) -> Iterator[str]:
    """Lines that are not on the board, or that should not be."""
    for sign, (one, other) in zip("-+", _both_ways(unharmed.texts, found.texts), strict=True):
        lines, others = (
            Counter("\n".join(each.elements()).split("\n")) for each in (one - other, other - one)
        )
        yield from (f"{sign} {line}" for line in lines - others)


def _both_ways(one: Counter[str], other: Counter[str]):
    return (one, other), (other, one)


def _count_heads(texts: Counter[str]) -> Counter[str]:
    heads: Counter[str] = Counter()
    for each, times in texts.items():
        heads[each.partition("\n")[0]] += times
    return heads


def _list_texts(stage: Stage) -> Iterator[str]:
    tracker = stage.bot.bot.outside.trackers["churn"]
    since = stage.bot.clock() - timedelta(days=1)
    for iteration in tracker.list_iterations():
        yield f"sprint {iteration.name}"
    for item in stage.bot.items():
        yield f"{item.title}\n{item.state}\n{sorted(item.labels)}\n" + DIFFERS.sub("", item.body)
        for comment in tracker.list_comments(item.ref, since=since):
            yield f"comment on {item.title}\n" + DIFFERS.sub("", comment.body)
    if stage.platform:
        yield "pull request\n" + DIFFERS.sub("", stage.team.comment)
