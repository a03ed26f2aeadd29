"""What ended sprints left, and what people said of their goals."""

from datetime import date, timedelta

from fakes.read import NOW, POLICY
from trainboard.facts import RecordGoal
from trainboard.goals import GoalSaid
from trainboard.iterations import iteration
from trainboard.store import iterations, sprint_carries, sprint_goals
from trainboard.work_items import TrackerIteration

TRACKER = "github:acme/churn"


def add(write, number, project="churn", ref=None):
    made = TrackerIteration(ref=ref or str(number), name=f"Sprint {number}")
    iterations.add(write, project, TRACKER, iteration(POLICY, number), made=made, now=NOW)


def test_what_is_left_is_worked_on_in_the_order_of_numbers(write):
    """Each once, however often it is planned; what became of one is not forgotten by that."""
    sprint_carries.plan(write, "churn", 1, ["10", "9", "100"])
    sprint_carries.settle(write, "churn", 1, "10", "moved")
    sprint_carries.plan(write, "churn", 1, ["10", "9", "7"])
    sprint_carries.plan(write, "churn", 2, ["8"])
    sprint_carries.plan(write, "fraud", 1, ["6"])
    sprint_carries.plan(write, "churn", 3, [])
    assert ["7", "9", "100"] == sprint_carries.list_waiting(write, "churn", 1)
    sprint_carries.forget(write, "churn", 1)
    assert ([], ["8"]) == (
        sprint_carries.list_waiting(write, "churn", 1),
        sprint_carries.list_waiting(write, "churn", 2),
    )


def test_a_command_is_one_goal(write):
    """However often it is recorded; all that was said stays, in its order."""
    one = GoalSaid(number=1, word="goal", text="Serve it", by="ana", at=NOW)
    two = GoalSaid(number=1, word="met", text="", by="ben", at=NOW - timedelta(hours=1))
    for key, said in (("a", one), ("b", two), ("a", one)):
        sprint_goals.record(write, RecordGoal(project="churn", key=key, said=said))
    sprint_goals.record(write, RecordGoal(project="fraud", key="c", said=one))
    assert [one, two] == sprint_goals.list_of(write, "churn")


def test_a_sprint_is_read_and_then_closed(write):
    """Its row tells both; making it known again forgets neither."""
    for number in (1, 2, 3):
        add(write, number)
    iterations.note_read(write, "churn", 1, NOW)
    iterations.note_closed(write, "churn", 1, NOW)
    iterations.note_read(write, "churn", 2, NOW)
    add(write, 1)
    known = [iterations.find(write, "churn", number) for number in (1, 2, 3)]
    assert [(True, True), (True, False), (False, False)] == [(each.is_read, each.is_closed) for each in known]
    assert [2] == iterations.list_unclosed(write, "churn", 3)
    assert None is iterations.find(write, "churn", 4)


def test_what_goes_on_for_another_project(write):
    """Until its last day there; another tracker's, and one of the same project's, are no matter."""
    add(write, 1)
    add(write, 1, project="fraud")
    last = iteration(POLICY, 1).end
    days = [last, last + timedelta(days=1), date(2020, 1, 1)]
    found = [iterations.goes_on_elsewhere(write, "churn", TRACKER, "1", day) for day in days]
    assert [True, False, True] == found
    assert not iterations.goes_on_elsewhere(write, "churn", TRACKER, "2", last)
    assert not iterations.goes_on_elsewhere(write, "churn", "github:acme/plans", "1", last)
