"""The stand-in's processes are those of Azure DevOps, and one that is like none of them."""

import pytest
from azure.devops.v7_1.work.models import TeamContext

from fakes.azure_devops.asking import refuse
from fakes.azure_devops.processes import PROCESSES

EFFORT = "Microsoft.VSTS.Scheduling"


@pytest.mark.parametrize(
    ("process", "kind", "states", "effort"),
    [
        ("Basic", "Issue", ["To Do", "Doing", "Done"], f"{EFFORT}.Effort"),
        ("Agile", "User Story", ["New", "Active", "Resolved", "Closed", "Removed"], f"{EFFORT}.StoryPoints"),
        (
            "Scrum",
            "Product Backlog Item",
            ["New", "Approved", "Committed", "Done", "Removed"],
            f"{EFFORT}.Effort",
        ),
        ("CMMI", "Requirement", ["Proposed", "Active", "Resolved", "Closed"], f"{EFFORT}.Size"),
        (
            "Custom",
            "Arbeitspaket / ML",
            ["Neu & offen", "In Arbeit", "Wartet auf 'Kunde'", "Prüfung", "Erledigt/abgenommen", "Verworfen"],
            None,
        ),
    ],
)
def test_process(org, clients, process, kind, states, effort):
    """Type, states and the field of the size differ from process to process."""
    org.add_project("Other", process)
    backlogs = clients.work.get_backlog_configurations(TeamContext(project="Other", team="Other Team"))
    assert kind == backlogs.requirement_backlog.default_work_item_type.name
    assert effort == backlogs.backlog_fields.type_fields.get("Effort")
    assert states == [
        each.name for each in clients.work_item_tracking.get_work_item_type_states("Other", kind)
    ]
    configuration = clients.work.get_process_configuration("Other")
    assert [kind] == [each.name for each in configuration.requirement_backlog.work_item_types]
    assert (effort is None) == ("Effort" not in configuration.type_fields)


@pytest.mark.parametrize("process", sorted(PROCESSES))
def test_every_type_can_be_done(process):
    """Every type has a first state and one that means that an item is done."""
    for each in PROCESSES[process].types:
        assert "Completed" in {state.category for state in each.states}
        assert each.states[0].category in {"Proposed", "InProgress"}


def test_bugs_stand_where_the_team_has_them(org, clients, team):
    """Among the requirements, among the tasks or on no backlog."""

    def list_backlogs():
        found = clients.work.get_backlog_configurations(team)
        levels = (found.requirement_backlog, found.task_backlog)
        return ["Bug" in {each.name for each in level.work_item_types} for level in levels]

    owner = org.find_team(org.find_project("Churn"), None)
    assert [True, False] == list_backlogs()
    owner.bugs_behavior = "asTasks"
    assert [False, True] == list_backlogs()
    owner.bugs_behavior = "off"
    assert [False, False] == list_backlogs()


def test_types_are_told(org, wit):
    """A type knows its fields and states; a disabled one is told of and cannot be made."""
    bug = wit.get_work_item_type("Churn", "bug")
    assert "Microsoft.VSTS.TCM.ReproSteps" in {each.reference_name for each in bug.fields}
    org.add_project("Other", "Custom")
    types = {each.name: each.is_disabled for each in wit.get_work_item_types("Other")}
    assert (True, False) == (types["Task"], types["Störung"])
    refuse("WorkItemTypeNotFoundException", wit.create_work_item, [], "Other", "Task")
    refuse("WorkItemTypeNotFoundException", wit.get_work_item_type, "Churn", "Odd")


def test_categories(wit):
    """A category names its types."""
    found = {
        each.reference_name: each.default_work_item_type.name
        for each in wit.get_work_item_type_categories("Churn")
    }
    assert ("User Story", "Bug") == (found["Microsoft.RequirementCategory"], found["Microsoft.BugCategory"])
    category = wit.get_work_item_type_category("Churn", "Microsoft.TaskCategory")
    assert ["Task"] == [each.name for each in category.work_item_types]
    refuse("WorkItemTypeCategoryNotFoundException", wit.get_work_item_type_category, "Churn", "Odd")


def test_fields(wit):
    """Fields tell their kind and whether they can be written."""
    assert (True, "string") == (
        wit.get_work_item_field("System.BoardColumn").read_only,
        wit.get_work_item_field("System.State").type,
    )
    assert "System.Tags" in {each.reference_name for each in wit.get_work_item_fields("Churn")}
    refuse("WorkItemTrackingFieldDefinitionNotFoundException", wit.get_work_item_field, "Odd")


def test_odd_names_work(org, wit):
    """A type with a slash in its name can be made and closed."""
    org.add_project("Other", "Custom")
    number = org.person_creates("Other", "Ein Paket").id
    org.person_closes(number)
    assert "Erledigt/abgenommen" == wit.get_work_item(number).fields["System.State"]
