"""Sprints are nodes of a tree that a team takes up, told apart by GUIDs and decided by their days."""

from datetime import UTC, date, datetime

import pytest

from fakes.azure_devops.faults import Fault
from fakes.azure_devops.nodes import add_node
from trainboard.errors import DoubtError, MissingError, PermanentError, TransientError
from trainboard.work_items import NewIteration, NewWorkItem

SPRINT = NewIteration(name="Sprint 1", start=date(2026, 1, 5), end=date(2026, 1, 18))
JANUARY_5, JANUARY_18 = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 18, tzinfo=UTC)


@pytest.fixture
def team(azure):
    return azure.projects["churn"].teams["churn ml"]


def test_sprint_below_the_backlog(azure, tracker, team):
    """A sprint is made below the team's backlog iteration, and what is in none stands in that."""
    root = azure.projects["churn"].iterations
    team.backlog_iteration = add_node(azure, root, "ML")
    sprint = tracker.create_iteration(SPRINT)
    inside = tracker.create_item(NewWorkItem(title="t", body="", iteration=sprint.ref))
    outside = tracker.create_item(NewWorkItem(title="t", body=""))
    paths = [azure.items[number].fields["System.IterationPath"] for number in (1, 2)]
    assert ["Churn\\ML\\Sprint 1", "Churn\\ML"] == paths
    assert (sprint.ref, None) == (inside.iteration, outside.iteration)


def test_second_step_is_taken_up(azure, tracker, team):
    """A node that an attempt before left is added to the team, and not made twice."""
    azure.faults.add(Fault(status=503, body="{}"), method="POST", path="teamsettings/iterations")
    with pytest.raises(DoubtError):
        tracker.create_iteration(SPRINT)
    assert [] == team.iterations
    made = tracker.create_iteration(SPRINT)
    assert [made.ref] == [node.identifier for node in team.iterations]
    assert 1 == len(azure.projects["churn"].iterations.children)
    assert made == tracker.create_iteration(SPRINT)


def test_somebody_was_faster(azure, tracker):
    """A node that somebody makes between our look and our call is taken as it is."""
    duplicate = '{"message": "VS402371", "typeKey": "ClassificationNodeDuplicateNameException"}'
    where = {"method": "POST", "path": "classificationNodes"}
    azure.faults.add(Fault(status=409, body=duplicate), **where, after_work=True)
    assert "Sprint 1" == tracker.create_iteration(SPRINT).name
    azure.faults.add(Fault(status=409, body=duplicate), **where)
    with pytest.raises(PermanentError):
        tracker.create_iteration(NewIteration(name="Sprint 2", start=SPRINT.start, end=SPRINT.end))


def test_node_without_days_gets_them(azure, tracker):
    """An iteration that people only named is given the sprint's days."""
    node = azure.person_adds_iteration("Churn", "Sprint 1", team=False)
    made = tracker.create_iteration(SPRINT)
    assert (node.identifier, SPRINT.start, SPRINT.end) == (made.ref, made.start, made.end)
    assert JANUARY_5 == node.attributes["startDate"]


def test_node_with_other_days_is_peoples(azure, tracker):
    """An iteration of that name with other days is not changed behind people's backs."""
    azure.person_adds_iteration("Churn", "Sprint 1", JANUARY_5, datetime(2026, 1, 9, tzinfo=UTC), team=False)
    with pytest.raises(PermanentError, match="with other days than 2026-01-05 to 2026-01-18"):
        tracker.create_iteration(SPRINT)


def test_days_decide_whether_it_is_open(azure, tracker, clock):
    """A sprint is open through its last day, although the service calls it current long after."""
    azure.person_adds_iteration("Churn", "Sprint 1", JANUARY_5, JANUARY_18)
    azure.person_adds_iteration("Churn", "Some day")
    clock.now = datetime(2026, 1, 18, 23, tzinfo=UTC)
    assert [True, True] == [each.open for each in tracker.list_iterations()]
    clock.forward(hours=2)
    found = list(tracker.list_iterations())
    assert [("Sprint 1", False), ("Some day", True)] == [(each.name, each.open) for each in found]
    assert (None, None) == (found[1].start, found[1].end)


def test_team_without_a_backlog(azure, tracker, team):
    """A team that has no backlog iteration is told where to choose one, and nothing is lost."""
    team.backlog_iteration = None
    with pytest.raises(
        TransientError, match="has no backlog iteration: choose one in the project's settings"
    ):
        tracker.create_iteration(SPRINT)


def test_sprint_is_renamed_where_it_is(azure, tracker):
    """A sprint gets another name and other days in two calls, and its items follow."""
    sprint = tracker.create_iteration(SPRINT)
    made = tracker.create_item(NewWorkItem(title="t", body="", iteration=sprint.ref))
    azure.requests.clear()
    new = NewIteration(name="Sprint One", start=date(2026, 1, 6), end=date(2026, 1, 20))
    changed = tracker.update_iteration(sprint.ref, new)
    assert (sprint.ref, "Sprint One", new.end) == (changed.ref, changed.name, changed.end)
    assert ["GET work.iterations", "PATCH wit.nodes"] == azure.calls()
    assert sprint.ref == tracker.get_item(made.ref).iteration
    assert "Churn\\Sprint One" == azure.projects["churn"].iterations.children[0].path


@pytest.mark.parametrize("ref", ["424242", "Sprint 1", "{5f1d0c0a-8d52-4d7c-9b07-0f4b2f5e8a11}"])
def test_ref_that_is_no_guid_costs_nothing(azure, tracker, ref):
    """What cannot be an iteration is missing without a call."""
    with pytest.raises(MissingError):
        tracker.update_iteration(ref, SPRINT)
    assert [] == azure.requests


def test_name_that_no_iteration_has(tracker):
    """A name that would be a path is refused before anything is sent."""
    for do in (tracker.create_iteration, lambda new: tracker.update_iteration("x", new)):
        with pytest.raises(PermanentError, match="has no iteration called 'Sprint 1/2'"):
            do(NewIteration(name="Sprint 1/2", start=SPRINT.start, end=SPRINT.end))


def test_item_where_a_sprint_was_moved_away(azure, warm):
    """An item whose path nobody knows any more is in no sprint."""
    azure.items[1].fields["System.IterationPath"] = "Churn\\Gone"
    assert warm.get_item("1").iteration is None


def test_paths_are_read_again_a_day_later(azure, tracker, clock):
    """A sprint's path is not believed for longer than a day."""
    sprint = tracker.create_iteration(SPRINT)
    made = tracker.create_item(NewWorkItem(title="t", body="", iteration=sprint.ref))
    clock.forward(days=2)
    azure.requests.clear()
    assert sprint.ref == tracker.get_item(made.ref).iteration
    assert "GET wit.nodes" in azure.calls()
