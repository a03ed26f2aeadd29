"""A self-test keeps its promises in every tracker."""

from datetime import UTC, datetime
from itertools import count

import pytest

from contract.worlds import list_worlds
from trainboard.diagnosis import Grade
from trainboard.errors import DoubtError, PermanentError, TransientError
from trainboard.self_test import LABEL, TITLE, SelfTest
from trainboard.work_items import NewWorkItem, WorkItemChange

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
STEPS = ["made", "read it back", "edited its text", "commented on it", "closed it"]
CALLS = ["create_item", "get_item", "update_item", "create_comment", "list_comments"]


@pytest.fixture(params=list_worlds())
def world(request):
    """A fresh world of each kind."""
    with request.param(request) as opened:
        yield opened


class Failing:
    """A tracker of which the first call of one kind fails, before it is done or after."""

    def __init__(self, tracker, call, error, *, after):
        self._tracker = tracker
        self._call = call
        self._errors = [error]
        self._after = after

    def __getattr__(self, name):
        method = getattr(self._tracker, name)
        if name != self._call or not self._errors:
            return method

        def fail(*arguments, **named):
            error = self._errors.pop()
            if self._after:
                method(*arguments, **named)
            raise error

        return fail


def run_test(world, tracker=None):
    """What is found, each step taking a second."""
    seconds = count()
    clock = world.pass_time
    return list(SelfTest("churn", tracker or world.tracker, clock, lambda: next(seconds)).run())


def items(world):
    """Those of self-tests: whether they are open."""
    return [each.state for each in world.tracker.list_items(label=LABEL, since=LONG_AGO)]


def words(findings):
    """The steps, without addresses and seconds."""
    return [each.message.removeprefix("churn: ").rpartition(" (")[0].partition(":")[0] for each in findings]


def test_each_step_is_told_with_its_time(world):
    """And a closed item stays, clearly titled and labelled."""
    found = run_test(world)
    assert (STEPS, {Grade.OK}, ["closed"]) == (words(found), {each.grade for each in found}, items(world))
    assert all(each.message.endswith(" s).") for each in found)
    assert [TITLE] == world.list_titles()


def test_twice_does_not_leave_two(world):
    """The same item is opened again, and its comment edited."""
    run_test(world)
    found = run_test(world)
    assert (["opened again", *STEPS[1:]], ["closed"]) == (words(found), items(world))
    [item] = world.tracker.list_items(label=LABEL, since=LONG_AGO)
    assert 1 == len(list(world.tracker.list_comments(item.ref, since=LONG_AGO)))


def test_what_an_earlier_one_left_open_is_closed(world):
    """One that was cut off, and whose item nobody closed; also where there are two."""
    for _ in range(2):
        world.tracker.create_item(NewWorkItem(title=TITLE, body="cut off", labels=(LABEL,)))
    found = run_test(world)
    assert ({Grade.OK}, ["closed", "closed"]) == ({each.grade for each in found}, items(world))


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("call", CALLS)
def test_a_step_that_fails_leaves_nothing_open(world, call, after):
    """Whether it was done or not, and also where nobody knows."""
    error = (DoubtError if after else TransientError)("Could not, says the tracker.")
    found = run_test(world, Failing(world.tracker, call, error, after=after))
    [failing] = [each for each in found if each.grade is Grade.FAILING]
    assert "churn: Could not, says the tracker." == failing.message
    assert "open" not in items(world)
    assert "churn: nothing was left open." == found[-1].message


def test_a_tracker_that_forgets_is_found_out(world):
    """An item that does not show what was written fails the test, and is closed."""

    class Forgetting(Failing):
        def __getattr__(self, name):
            if name != "update_item":
                return getattr(self._tracker, name)
            return lambda ref, change: self._tracker.update_item(
                ref, WorkItemChange(state=change.state, add_labels=change.add_labels)
            )

    found = run_test(world, Forgetting(world.tracker, "", None, after=False))
    [failing] = [each for each in found if each.grade is Grade.FAILING]
    assert "does not show what was written: its text." in failing.message
    assert ["closed"] == items(world)


def test_what_cannot_be_closed_is_named(world):
    """With where to look for it."""

    class Stuck(Failing):
        def __getattr__(self, name):
            if name == "update_item":
                return self._refuse
            return getattr(self._tracker, name)

        def _refuse(self, *_):
            raise PermanentError("No.")

    found = run_test(world, Stuck(world.tracker, "", None, after=False))
    assert [Grade.FAILING, Grade.FAILING] == [each.grade for each in found[-2:]]
    assert f"Look for {LABEL} in {world.tracker.name}" in found[-1].fix


def test_people_who_use_the_label_are_left_alone(world):
    """An item of theirs stays as it is."""
    if not world.knows_people:
        pytest.skip("everything there is the bot's own")
    world.person_opens("theirs", label=LABEL)
    run_test(world)
    assert ["closed", "open"] == sorted(items(world))
