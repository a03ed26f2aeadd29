"""The stand-in plans in areas and iterations as Azure DevOps does."""

from datetime import UTC, date, datetime

import pytest
from azure.devops.v7_1.work.models import TeamSettingsDaysOffPatch, TeamSettingsIteration, TeamSettingsPatch
from azure.devops.v7_1.work_item_tracking.models import WorkItemClassificationNode

from fakes.azure_devops.asking import op, refuse
from fakes.azure_devops.iterations import set_capacity

DATES = {"startDate": "2026-11-16T00:00:00Z", "finishDate": "2026-11-27T00:00:00Z"}


def at(month, day):
    return datetime(2026, month, day, tzinfo=UTC)


def make(wit, name, path=None, attributes=DATES, **more):
    node = WorkItemClassificationNode(name=name, attributes=attributes, **more)
    return wit.create_or_update_classification_node(node, "Churn", "iterations", path)


def test_iteration_is_made_and_taken(org, wit, clients, team):
    """A node of the tree becomes an iteration of a team by its identifier; the two tell different paths."""
    node = make(wit, "Sprint 1")
    assert ("\\Churn\\Iteration\\Sprint 1", "iteration", False) == (
        node.path,
        node.structure_type,
        node.has_children,
    )
    taken = clients.work.post_team_iteration(TeamSettingsIteration(id=node.identifier), team)
    assert ("Churn\\Sprint 1", node.identifier) == (taken.path, taken.id)
    clients.work.post_team_iteration(TeamSettingsIteration(id=node.identifier), team)
    current = clients.work.get_team_iterations(team, "current")
    assert [("Sprint 1", "current")] == [(each.name, each.attributes.time_frame) for each in current]
    assert "Sprint 1" == clients.work.get_team_iteration(team, node.identifier).name
    clients.work.delete_team_iteration(team, node.identifier)
    assert [] == clients.work.get_team_iterations(team)
    refuse("TeamIterationNotFoundException", clients.work.get_team_iteration, team, node.identifier)


def test_current_outlives_its_end(org, clock, clients, team):
    """An iteration stays current after its end as long as none follows."""
    org.person_adds_iteration("Churn", "S1", at(11, 2), at(11, 13))
    org.person_adds_iteration("Churn", "S2", at(11, 16), at(11, 20))
    org.person_adds_iteration("Churn", "S3", at(12, 7), at(12, 18))

    def frames():
        return {each.name: each.attributes.time_frame for each in clients.work.get_team_iterations(team)}

    assert {"S1": "past", "S2": "current", "S3": "future"} == frames()
    clock.forward(days=7)
    assert {"S1": "past", "S2": "current", "S3": "future"} == frames()
    clock.forward(days=14)
    assert {"S1": "past", "S2": "past", "S3": "current"} == frames()


def test_iteration_without_dates_is_current(org, clients, team):
    """The service says so, and that it has no dates."""
    org.person_adds_iteration("Churn", "Someday")
    found = clients.work.get_team_iterations(team)[0]
    assert ("current", None) == (found.attributes.time_frame, found.attributes.start_date)


def test_only_current_can_be_asked_for(clients, team):
    """There is no other time frame."""
    refuse("InvalidTeamSettingsException", clients.work.get_team_iterations, team, "past")


def test_unset_backlog_iteration_is_refused(org, wit, clients, team):
    """A team without one takes no iteration; a bare id sets it, an object is silently ignored."""
    node = make(wit, "Sprint 1")
    owner = org.find_team(org.find_project("Churn"), None)
    owner.backlog_iteration = None
    assert "00000000-0000-0000-0000-000000000000" == clients.work.get_team_settings(team).backlog_iteration.id
    taken = TeamSettingsIteration(id=node.identifier)
    message = refuse("InvalidTeamSettingsException", clients.work.post_team_iteration, taken, team)
    assert "TF400497" in message
    root = org.find_project("Churn").iterations.identifier
    settings = clients.work.update_team_settings(
        TeamSettingsPatch(backlog_iteration=root, bugs_behavior="asTasks"), team
    )
    assert (root, "asTasks") == (settings.backlog_iteration.id, settings.bugs_behavior)
    refuse(
        "InvalidTeamSettingsException",
        clients.work.update_team_settings,
        TeamSettingsPatch(backlog_iteration="11111111-1111-4111-8111-111111111111"),
        team,
    )


def test_iteration_outside_the_tree_is_refused(org, wit, clients, team):
    """A team takes only what is below its backlog iteration."""
    year, other = make(wit, "2026", attributes=None), make(wit, "Sprint 1")
    inside = make(wit, "Sprint 2", "2026")
    clients.work.update_team_settings(TeamSettingsPatch(backlog_iteration=year.identifier), team)
    clients.work.post_team_iteration(TeamSettingsIteration(id=inside.identifier), team)
    outside = TeamSettingsIteration(id=other.identifier)
    refuse("InvalidTeamSettingsException", clients.work.post_team_iteration, outside, team)
    unknown = TeamSettingsIteration(id="11111111-1111-4111-8111-111111111111")
    refuse("TeamIterationNotFoundException", clients.work.post_team_iteration, unknown, team)


@pytest.mark.parametrize(
    ("name", "attributes", "key"),
    [
        ("", DATES, "ClassificationNodeInvalidNameException"),
        ("a/b", DATES, "ClassificationNodeInvalidNameException"),
        ("Sprint 1", None, "ClassificationNodeDuplicateNameException"),
        ("S", {"startDate": "2026-11-16T00:00:00Z"}, "ArgumentException"),
        ("S", {"startDate": DATES["finishDate"], "finishDate": DATES["startDate"]}, "ArgumentException"),
    ],
)
def test_bad_node_is_refused(wit, name, attributes, key):
    """Names are unique among siblings and without signs; dates come in pairs, in order."""
    make(wit, "Sprint 1")
    refuse(key, make, wit, name, attributes=attributes)


def test_node_is_read_changed_and_moved(org, wit):
    """The tree is read to a depth; renaming a node takes its items along."""
    make(wit, "2026", attributes=None)
    node = make(wit, "Sprint 1")
    number = org.person_creates("Churn", "An item", System_IterationPath="Churn\\Sprint 1").id
    changed = WorkItemClassificationNode(name="Sprint I", attributes={})
    assert "Sprint I" == wit.update_classification_node(changed, "Churn", "iterations", "Sprint 1").name
    assert "Churn\\Sprint I" == org.items[number].fields["System.IterationPath"]
    make(wit, None, "2026", None, id=node.id)
    tree = wit.get_classification_node("Churn", "iterations", depth=2)
    assert [("2026", ["Sprint I"])] == [
        (each.name, [inner.name for inner in each.children]) for each in tree.children
    ]
    assert ["area", "iteration"] == [each.structure_type for each in wit.get_root_nodes("Churn")]
    assert ["Sprint I"] == [each.name for each in wit.get_classification_nodes("Churn", [node.id])]
    refuse(
        "WorkItemTrackingTreeNodeNotFoundException", wit.get_classification_node, "Churn", "iterations", "No"
    )
    refuse("WorkItemTrackingTreeNodeNotFoundException", make, wit, None, None, None, id=999)
    refuse("ArgumentException", wit.get_classification_node, "Churn", "odd")


def test_people_rename_iterations(org):
    """What stands in one follows."""
    node = org.person_adds_iteration("Churn", "S1")
    number = org.person_creates("Churn", "An item", System_IterationPath="Churn\\S1").id
    org.person_renames_iteration("Churn", node.identifier, "S2")
    assert "Churn\\S2" == org.items[number].fields["System.IterationPath"]


def test_node_is_deleted(org, wit):
    """Its items go where the request says; the root stays."""
    make(wit, "Sprint 1")
    number = org.person_creates("Churn", "An item", System_IterationPath="Churn\\Sprint 1").id
    wit.delete_classification_node("Churn", "iterations", "Sprint 1", org.find_project("Churn").iterations.id)
    assert "Churn" == org.items[number].fields["System.IterationPath"]
    refuse("ArgumentException", wit.delete_classification_node, "Churn", "iterations")


def test_what_stands_in_an_iteration(org, wit, clients, team):
    """Roots come first, children with their parent."""
    node = org.person_adds_iteration("Churn", "S1", at(11, 16), at(11, 27))
    child, parent, _ = (
        org.person_creates("Churn", name, System_IterationPath="Churn\\S1").id for name in "abc"
    )
    url = f"{org.url}/_apis/wit/workItems/{parent}"
    wit.update_work_item(
        [op("/relations/-", {"rel": "System.LinkTypes.Hierarchy-Reverse", "url": url})], child
    )
    org.person_creates("Churn", "elsewhere")
    found = clients.work.get_iteration_work_items(team, node.identifier).work_item_relations
    assert [(None, 2), (None, 3), (2, 1)] == [
        (each.source and each.source.id, each.target.id) for each in found
    ]


def test_capacity_and_days_off(org, clients, team):
    """Who can do how much, and when nobody works."""
    node = org.person_adds_iteration("Churn", "S1", at(11, 16), at(11, 27))
    owner = org.find_team(org.find_project("Churn"), None)
    set_capacity(owner, node, org.ana, 6, days_off=[(date(2026, 11, 19), date(2026, 11, 20))])
    capacity = clients.work.get_capacities_with_identity_ref_and_totals(team, node.identifier)
    assert (6, 2) == (capacity.total_capacity_per_day, capacity.total_days_off)
    assert [("Ana Example", 6)] == [
        (each.team_member.display_name, each.activities[0].capacity_per_day) for each in capacity.team_members
    ]
    assert [] == clients.work.get_team_days_off(team, node.identifier).days_off
    patch = TeamSettingsDaysOffPatch(
        days_off=[{"start": "2026-11-26T00:00:00Z", "end": "2026-11-26T00:00:00Z"}]
    )
    clients.work.update_team_days_off(patch, team, node.identifier)
    off = clients.work.get_team_days_off(team, node.identifier).days_off
    assert [(at(11, 26), at(11, 26))] == [(each.start, each.end) for each in off]


def test_area_of_a_team(clients, team):
    """A team's field is its area."""
    values = clients.work.get_team_field_values(team)
    assert ("System.AreaPath", "Churn") == (values.field.reference_name, values.default_value)
