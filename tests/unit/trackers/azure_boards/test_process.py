"""Types and states are what the process calls them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fakes.azure_devops.processes import PROCESSES, ItemType, Process, states
from trainboard.errors import PermanentError
from trainboard.work_items import NewWorkItem, WorkItemChange

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
OPEN, CLOSED = WorkItemChange(state="open"), WorkItemChange(state="closed")


def make(tracker, **fields):
    return tracker.create_item(NewWorkItem(title="t", body="", **fields))


@pytest.mark.parametrize(
    ("process", "kind", "done", "new"),
    [
        ("Basic", "Issue", "Done", "To Do"),
        ("Agile", "User Story", "Closed", "New"),
        ("Scrum", "Product Backlog Item", "Done", "New"),
        ("CMMI", "Requirement", "Closed", "Proposed"),
        ("Custom", "Arbeitspaket / ML", "Erledigt/abgenommen", "Neu & offen"),
    ],
)
def test_every_process(azure, open_tracker, process, kind, done, new):
    """An item is made as what the team's backlog holds, closed and opened again, in every process."""
    azure.add_project("P", process=process, team="T")
    tracker = open_tracker(azure, project="P", team="T")
    made = make(tracker)
    assert (kind, "open") == (made.type, made.state)
    assert "closed" == tracker.update_item(made.ref, CLOSED).state
    assert done == azure.items[1].state
    assert "open" == tracker.update_item(made.ref, OPEN).state
    assert new == azure.items[1].state


@pytest.mark.parametrize(
    ("state", "wanted"),
    [("New", "open"), ("Active", "open"), ("Resolved", "open"), ("Closed", "closed"), ("Removed", "closed")],
)
def test_category_tells_what_a_state_means(azure, tracker, state, wanted):
    """What was removed is as closed as what was completed, and what is resolved is open still."""
    ref = make(tracker).ref
    azure.person_moves(1, state)
    assert wanted == tracker.get_item(ref).state
    tracker.update_item(ref, WorkItemChange(state=wanted))
    assert state == azure.items[1].state


def test_type_that_is_asked_for(azure, open_tracker):
    """A type may be asked for with each item or once for all, in any case."""
    tracker = open_tracker(azure, work_item_type="feature")
    assert ("Feature", "Bug") == (make(tracker).type, make(tracker, type="bug").type)


def test_text_stands_where_the_form_shows_it(azure, tracker):
    """The text of a bug is in its steps, which its form shows, and is read, changed and found there."""
    made = make(tracker, type="Bug", labels=("x",))
    changed = tracker.update_item(made.ref, WorkItemChange(body="*how*"))
    fields = azure.items[1].fields
    assert ("*how*", None) == (fields["Microsoft.VSTS.TCM.ReproSteps"], fields.get("System.Description"))
    assert "*how*" == changed.body == tracker.get_item(made.ref).body
    (found,) = tracker.list_items(label="x", since=LONG_AGO)
    assert "*how*" == found.body


def test_type_that_the_project_lacks(azure, tracker):
    """A type that is not there is refused with those that are, before anything is sent."""
    with pytest.raises(
        PermanentError, match="Churn has no work item type 'Incident': choose one of Epic, Feature"
    ):
        make(tracker, type="Incident")
    assert {} == azure.items


def test_disabled_type_is_none(azure, open_tracker):
    """A type that is turned off cannot be chosen."""
    azure.add_project("P", process="Custom", team="T")
    with pytest.raises(PermanentError, match="no work item type 'Task'"):
        make(open_tracker(azure, project="P", team="T"), type="Task")


def test_type_without_an_end(azure, tracker):
    """A type that has no completed state cannot be closed, and the sentence shows what it has."""
    azure.projects["churn"].process = Process(
        "Odd", (ItemType("Note", states(Proposed="New", Removed="Gone"), "Microsoft.RequirementCategory"),)
    )
    ref = make(tracker).ref
    with pytest.raises(
        PermanentError, match=r"no state that means closed, it has New \(Proposed\), Gone \(Removed\)"
    ):
        tracker.update_item(ref, CLOSED)


def test_backlog_without_types(azure, tracker):
    """A backlog that holds no type says so."""
    azure.projects["churn"].process = Process("Odd", (ItemType("Note", states(Proposed="New")),))
    with pytest.raises(PermanentError, match="has no work item type: give it one in the process"):
        make(tracker)


def test_state_that_is_new_in_the_process(azure, tracker):
    """A state that the process got today is understood today."""
    ref = make(tracker).ref
    process = PROCESSES["Agile"]
    longer = tuple(
        replace(kind, states=(*kind.states, *states(Completed="Archived"))) for kind in process.types
    )
    azure.projects["churn"].process = replace(process, types=longer)
    azure.items[1].type = azure.projects["churn"].process.by_name["user story"]
    azure.person_moves(1, "Archived")
    assert "closed" == tracker.get_item(ref).state
    azure.items[1].fields["System.State"] = "Forgotten"
    assert "open" == tracker.get_item(ref).state
