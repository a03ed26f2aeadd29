"""What people were told of experiments, and what they shall be told."""

import pytest
from sqlalchemy import delete, func, select

from fakes.board import NOW, experiment
from trainboard.milestones import BudgetUsed, News
from trainboard.store import items, milestones
from trainboard.store.models import WorkItemRow
from trainboard.store.plan_models import MilestoneRow


@pytest.fixture
def item(write):
    """The row of an experiment's work item."""
    experiment(write)
    return items.find_by_ref(write, "local:churn", "1").number


def used(percent):
    return BudgetUsed(limit="runs <= 50", level=80, percent=percent)


def put(write, item, *percents):
    milestones.put(write, item, News(told=tuple(map(used, percents)), known=frozenset("ab")), NOW)


def begin(write, item):
    batch = milestones.begin(write, item)
    return batch and ([each.percent for each in batch.milestones], batch.is_begun)


def test_what_was_never_looked_at_is_not_what_has_nothing(write, item):
    """The one was made before the bot could tell."""
    assert milestones.list_known(write, item) is None
    milestones.note_known(write, item, frozenset())
    assert frozenset() == milestones.list_known(write, item)
    put(write, item, 80)
    assert {"a", "b"} == milestones.list_known(write, item)


def test_one_comment_tells_all_that_waits(write, item):
    """In the order in which it happened; nothing waits where nothing happened."""
    assert begin(write, item) is None
    put(write, item, 80, 81)
    put(write, item, 82)
    assert ([80, 81, 82], False) == begin(write, item)


def test_an_attempt_that_was_begun_is_gone_on_with(write, item):
    """What happened since waits for the next comment."""
    put(write, item, 80)
    number = milestones.begin(write, item).number
    put(write, item, 81)
    assert ([80], True) == begin(write, item)
    milestones.settle(write, item, number)
    assert ([81], False) == begin(write, item)


def test_batches_have_numbers_of_their_own(write, item):
    """By which their comments are found."""
    numbers = []
    for percent in (80, 81):
        put(write, item, percent)
        numbers.append(milestones.begin(write, item).number)
        milestones.settle(write, item, numbers[-1])
    assert 2 == len(set(numbers))


def test_what_waits_goes_with_its_work_item(write, item):
    """Nothing of it stays."""
    put(write, item, 80)
    write.execute(delete(WorkItemRow))
    assert 0 == write.execute(select(func.count()).select_from(MilestoneRow)).scalar()
