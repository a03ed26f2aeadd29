"""The stand-in links work items to each other and to other things as Azure DevOps does."""

import pytest
from azure.devops.v7_1.work_item_tracking.models import ArtifactUriQuery

from fakes.azure_devops.asking import op, refuse

PARENT, CHILD = "System.LinkTypes.Hierarchy-Reverse", "System.LinkTypes.Hierarchy-Forward"
GUID = "eeeeeeee-5555-4555-8555-eeeeeeeeeeee"
COMMIT = f"vstfs:///Git/Commit/{GUID}%2F{GUID}%2F{'a' * 40}"


@pytest.fixture
def numbers(org):
    return [org.person_creates("Churn", title).id for title in "abc"]


def link(org, rel, number, **attributes):
    """The operation that links to a work item."""
    url = f"{org.url}/_apis/wit/workItems/{number}"
    return op("/relations/-", {"rel": rel, "url": url, "attributes": attributes})


def resource(rel, url, **attributes):
    """The operation that links to something else."""
    return op("/relations/-", {"rel": rel, "url": url, "attributes": attributes})


def list_links(wit, number):
    """Kind and target of an item's links."""
    found = wit.get_work_item(number, expand="relations").relations or []
    return [(each.rel, int(each.url.rpartition("/")[2])) for each in found]


def test_both_ends_have_the_link(org, wit, numbers):
    """A parent has its child and the child its parent; the address names the project by its id."""
    parent, child, _ = numbers
    changed = wit.update_work_item([link(org, PARENT, parent, comment="why")], child, expand="relations")
    assert ("Parent", "why") == (
        changed.relations[0].attributes["name"],
        changed.relations[0].attributes["comment"],
    )
    assert f"/{org.find_project('Churn').id}/_apis/wit/workItems/" in changed.relations[0].url
    assert [(PARENT, parent)] == list_links(wit, child)
    assert parent == wit.get_work_item(child).fields["System.Parent"]
    assert [(CHILD, child)] == list_links(wit, parent)
    wit.update_work_item([op("/relations/0", None, "remove")], parent)
    assert ([], []) == (list_links(wit, child), list_links(wit, parent))


def test_link_makes_no_revision(org, wit, numbers):
    """A link to another work item changes neither the revision nor the date of either end."""
    first, second, _ = numbers
    changed = wit.update_work_item(
        [op("/rev", 1, "test"), link(org, "System.LinkTypes.Related", second)], first
    )
    assert (1, 1) == (changed.rev, org.items[second].rev)
    assert [1, 1] == [update.rev for update in org.items[first].updates]


def test_resource_link_makes_a_revision(org, wit, numbers):
    """A link to a page is part of the item, and so are those to artifacts."""
    changed = wit.update_work_item([resource("Hyperlink", "https://a.example")], numbers[0])
    assert 2 == changed.rev


def test_link_is_known_already(org, wit, numbers):
    """The same link a second time is refused, whatever the other end called it."""
    first, second, _ = numbers
    wit.update_work_item([link(org, PARENT, second), resource("Hyperlink", "https://a.example")], first)
    for again in (link(org, PARENT, second), resource("Hyperlink", "https://A.example")):
        message = refuse("RelationAlreadyExistsException", wit.update_work_item, [again], first)
        assert "Relation already exists." == message


def test_artifact_is_linked_once(wit, numbers):
    """One build is not found in and integrated in the same item: the address alone makes a link the same."""
    url = "vstfs:///Build/Build/7"
    wit.update_work_item([resource("ArtifactLink", url, name="Found in build")], numbers[0])
    again = [resource("ArtifactLink", url, name="Integrated in build")]
    refuse("RelationAlreadyExistsException", wit.update_work_item, again, numbers[0])


def test_one_parent_only(org, wit, numbers):
    """An item has one parent; in one call it can be changed."""
    first, second, third = numbers
    wit.update_work_item([link(org, PARENT, second)], first)
    for patch, number in (([link(org, PARENT, third)], first), ([link(org, CHILD, first)], third)):
        assert "TF201036" in refuse(
            "WorkItemLinkAddExtraParentException", wit.update_work_item, patch, number
        )
    wit.update_work_item([op("/relations/0", None, "remove"), link(org, PARENT, third)], first)
    assert [(PARENT, third)] == list_links(wit, first)
    assert [] == list_links(wit, second)


def test_no_circles(org, wit, numbers):
    """Nothing is its own grandparent."""
    first, second, third = numbers
    wit.update_work_item([link(org, PARENT, second)], first)
    wit.update_work_item([link(org, PARENT, third)], second)
    refuse("WorkItemLinkCircularException", wit.update_work_item, [link(org, PARENT, first)], third)
    refuse("WorkItemLinkCircularException", wit.update_work_item, [link(org, PARENT, first)], first)


@pytest.mark.parametrize(
    ("rel", "url", "name"),
    [
        ("ArtifactLink", f"vstfs:///Git/PullRequestId/{GUID}%2F{GUID}%2F7", "Pull Request"),
        ("ArtifactLink", COMMIT, "Fixed in Commit"),
        ("ArtifactLink", "vstfs:///Build/Build/7", "Integrated in build"),
        ("Hyperlink", "https://mlflow.example/#/runs/1", None),
    ],
)
def test_resource_is_linked(wit, numbers, rel, url, name):
    """Pages and artifacts are linked by the forms that their kinds have."""
    attributes = {"name": name} if name else {}
    changed = wit.update_work_item([resource(rel, url, **attributes)], numbers[0], expand="relations")
    assert [(rel, url)] == [(each.rel, each.url) for each in changed.relations]


@pytest.mark.parametrize(
    ("rel", "url", "name", "words"),
    [
        ("ArtifactLink", COMMIT, "Commit", "Unrecognized"),
        ("ArtifactLink", COMMIT, None, "Unrecognized"),
        ("ArtifactLink", "vstfs:///Git/Commit/Churn%2Fcode%2Fabc", "Fixed in Commit", "Unrecognized"),
        ("ArtifactLink", f"vstfs:///GitHub/Commit/{GUID}%2Fabc", "GitHub Commit", "not connected"),
        ("Hyperlink", "javascript:alert(1)", None, "not a valid URL"),
        ("Odd", "https://a.example", None, "Unknown relation"),
        (PARENT, "https://a.example", None, "no work item"),
        (PARENT, "https://dev.azure.com/acme/_apis/wit/workItems/99", None, "TF401232"),
    ],
)
def test_bad_link_is_refused(wit, numbers, rel, url, name, words):
    """A kind that is unknown or does not go with its address makes no link."""
    with pytest.raises(Exception, match=words):
        wit.update_work_item([resource(rel, url, **({"name": name} if name else {}))], numbers[0])


def test_github_needs_a_connection(org, wit, numbers):
    """Links to GitHub are taken once the project is connected."""
    assert [] == wit.get_github_connections("Churn")
    org.find_project("Churn").github_connected = True
    assert ["acme"] == [each.name for each in wit.get_github_connections("Churn")]
    url = f"vstfs:///GitHub/Commit/{GUID}%2Fabc"
    wit.update_work_item([resource("ArtifactLink", url, name="GitHub Commit")], numbers[0])


def test_links_have_a_limit(org, wit, numbers):
    """An item takes only so many links."""
    org.limits.relations = 1
    wit.update_work_item([resource("Hyperlink", "https://a.example")], numbers[0])
    other = [resource("Hyperlink", "https://b.example")]
    refuse("WorkItemLinksLimitExceededException", wit.update_work_item, other, numbers[0])


def test_comment_of_a_link_is_changed(org, wit, numbers):
    """A link's comment can be replaced."""
    wit.update_work_item([resource("Hyperlink", "https://a.example", comment="a")], numbers[0])
    changed = wit.update_work_item(
        [op("/relations/0", {"attributes": {"comment": "b"}}, "replace")], numbers[0], expand="relations"
    )
    assert "b" == changed.relations[0].attributes["comment"]


def test_deleted_item_leaves_no_links(org, wit, numbers):
    """The other end of its links is free again."""
    first, second, _ = numbers
    wit.update_work_item([link(org, PARENT, second)], first)
    wit.delete_work_item(first, "Churn")
    assert [] == list_links(wit, second)


def test_items_are_found_by_artifact(org, wit, numbers):
    """Who links to an artifact can be asked."""
    wit.update_work_item([resource("ArtifactLink", COMMIT, name="Fixed in Commit")], numbers[1])
    found = wit.query_work_items_for_artifact_uris(
        ArtifactUriQuery(artifact_uris=[COMMIT, "vstfs:///x"]), "Churn"
    )
    assert {COMMIT: [numbers[1]], "vstfs:///x": []} == {
        uri: [each.id for each in items] for uri, items in found.artifact_uris_query_result.items()
    }


def test_kinds_of_links(wit):
    """Every kind is told with its opposite end."""
    found = {each.reference_name: each for each in wit.get_relation_types()}
    assert CHILD == found[PARENT].attributes["oppositeEndReferenceName"]
    assert "resourceLink" == found["Hyperlink"].attributes["usage"]
