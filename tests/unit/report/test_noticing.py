"""What a look at a sprint tells of what happened."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from fakes.plans import day
from trainboard.report.happenings import Happening, Past, follow
from trainboard.report.noticing import notice
from trainboard.work_items import WorkItem

BEFORE, LOOK = day(3, hour=9), day(3, hour=10)
ITEM = WorkItem(
    ref="7",
    title="Widen the trees",
    body="",
    state="open",
    url="/items/7",
    created_at=day(-2),
    updated_at=day(-1),
    iteration="1",
    estimate=3.0,
)


def look(items, known=(), since=BEFORE, now=LOOK, others=()):
    """What is told, and how items stand after it."""
    past = list(known)
    told = list(notice(Past(past).stand_at(now), {1: items, 2: others}, since, now))
    assert all(each.at <= now for each in told)
    return told, Past([*past, *told]).stand_at(now + timedelta(seconds=1))


def first():
    """What the first look told of the item."""
    return look([ITEM], since=None, now=BEFORE)[0]


def test_at_the_first_look_an_item_was_there_since_it_was_made():
    """And what is closed was so since it changed last."""
    _, there = look([ITEM, replace(ITEM, ref="8", state="closed", closed_as="done")], since=None)
    assert (day(-2), 1, 3, "open") == (
        there["7"].seen_at,
        there["7"].sprint,
        there["7"].points,
        there["7"].state,
    )
    assert ("done", day(-1)) == (there["8"].state, there["8"].done_at)


def test_what_did_not_change_is_not_told():
    """However often it is looked at."""
    assert [] == look([replace(ITEM, updated_at=LOOK)], first())[0]


@pytest.mark.parametrize(
    ("changed_at", "told_at"),
    [(BEFORE + timedelta(minutes=20), BEFORE + timedelta(minutes=20)), (day(2), LOOK), (day(4), LOOK)],
)
def test_a_change_happened_at_the_last_one_of_the_item(changed_at, told_at):
    """Or at this look, where that cannot be."""
    [told], there = look([replace(ITEM, updated_at=changed_at, estimate=5.0)], first())
    assert (told_at, 5) == (told.at, there["7"].points)


@pytest.mark.parametrize(("closed_as", "state"), [("done", "done"), ("not planned", "cancelled")])
def test_an_end_is_told_as_what_it_is(closed_as, state):
    """And that somebody opened it again."""
    ended = replace(ITEM, updated_at=LOOK, state="closed", closed_as=closed_as)
    told, there = look([ended], first())
    assert state == there["7"].state
    [again], there = look([replace(ITEM, updated_at=day(5))], [*first(), *told], LOOK, day(5))
    assert ("open", "open") == (again.state, there["7"].state)


def test_what_is_not_in_the_sprint_any_more_left_it():
    """To where is seen when that is looked at."""
    told, there = look([], first())
    assert [Happening(item="7", at=LOOK, sprint=None)] == told
    assert (None, (1,)) == (there["7"].sprint, there["7"].sprints)


def test_an_item_that_moved_is_told_of_once():
    """From one sprint to another that is looked at too."""
    [told], there = look([], first(), others=[replace(ITEM, updated_at=LOOK)])
    assert (2, 2, (1, 2)) == (told.sprint, there["7"].sprint, there["7"].sprints)


def test_an_item_that_came_later_came_then():
    """Made since, or moved here by its last change."""
    made = replace(ITEM, ref="8", created_at=LOOK, updated_at=LOOK)
    moved = replace(ITEM, ref="9", updated_at=BEFORE + timedelta(minutes=1))
    told, _ = look([ITEM, made, moved], first())
    assert {"8": LOOK, "9": BEFORE + timedelta(minutes=1)} == {each.item: each.at for each in told}


def test_an_item_that_comes_back_keeps_what_is_known():
    """It is in the sprint again, under its new name."""
    told, _ = look([], first())
    [back], there = look([replace(ITEM, title="Wider", updated_at=day(5))], [*first(), *told], LOOK, day(5))
    assert ("Wider", 1, day(-2)) == (there["7"].title, there["7"].sprint, there["7"].seen_at)
    assert follow(None, back).title == "Wider"
