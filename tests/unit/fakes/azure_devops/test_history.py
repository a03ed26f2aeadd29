"""The stand-in remembers what each save changed, as Azure DevOps does."""

import pytest
from azure.devops.exceptions import AzureDevOpsServiceError
from azure.devops.v7_1.work_item_tracking.models import ReportingWorkItemRevisionsFilter

from fakes.azure_devops.asking import op, refuse

FEED = ReportingWorkItemRevisionsFilter(fields=["System.Id", "System.Title", "System.State"])


@pytest.fixture
def number(org, clock):
    """An item that was retitled an hour after it was made, and given a link."""
    made = org.person_creates("Churn", "Old", System_Tags="a").id
    clock.forward(hours=1)
    org.person_edits(made, System_Title="New", System_Tags="", who=org.ben)
    return made


def test_updates_tell_what_changed(org, wit, number):
    """An update has old and new values, and whoever made it."""
    first, second = wit.get_updates(number, "Churn")
    assert ("An", None) == (first.revised_by.display_name[:2], first.fields["System.Title"].old_value)
    assert (2, org.ben.id) == (second.rev, second.revised_by.id)
    assert ("Old", "New") == (
        second.fields["System.Title"].old_value,
        second.fields["System.Title"].new_value,
    )
    assert ("a", None) == (second.fields["System.Tags"].old_value, second.fields["System.Tags"].new_value)
    assert "System.State" not in second.fields
    assert 2 == wit.get_update(number, 2, "Churn").id
    assert [2] == [each.id for each in wit.get_updates(number, skip=1, top=5)]
    refuse("WorkItemIdRevisionNotFoundException", wit.get_update, number, 9)


def test_updates_tell_of_links(org, wit, number):
    """A link is an update of both ends, without fields and without a revision."""
    other = org.person_creates("Churn", "Other").id
    url = f"{org.url}/_apis/wit/workItems/{other}"
    wit.update_work_item([op("/relations/-", {"rel": "System.LinkTypes.Related", "url": url})], number)
    wit.update_work_item([op("/relations/0", None, "remove")], number)
    for held in (number, other):
        added, removed = wit.get_updates(held)[-2:]
        assert (1, 1) == (len(added.relations.added), len(removed.relations.removed))
        assert (None, org.items[held].rev) == (added.fields, added.rev)


def test_revisions_are_whole(org, wit, number):
    """A revision is the item as it was."""
    assert ["Old", "New"] == [each.fields["System.Title"] for each in wit.get_revisions(number, "Churn")]
    assert "Old" == wit.get_revision(number, 1, "Churn", expand="all").fields["System.Title"]
    refuse("WorkItemIdRevisionNotFoundException", wit.get_revision, number, 3)


def read(wit, wanted=FEED, project=None, **more):
    """A batch of the feed; the package's model of it is empty, so that its keys are all additional."""
    return wit.read_reporting_revisions_post(wanted, project, **more).additional_properties


def list_titles(batch):
    return [each["fields"]["System.Title"] for each in batch["values"]]


def test_feed_goes_on_where_it_stopped(org, wit, number):
    """The feed of all revisions has its token in the body, which also names what is yet to come."""
    org.limits.page = 1
    batch = read(wit, project="Churn")
    assert (False, ["Old"]) == (batch["isLastBatch"], list_titles(batch))
    batch = read(wit, project="Churn", continuation_token=batch["continuationToken"])
    assert (True, ["New"]) == (batch["isLastBatch"], list_titles(batch))
    org.person_closes(number)
    batch = read(wit, continuation_token=batch["continuationToken"])
    assert ["Closed"] == [each["fields"]["System.State"] for each in batch["values"]]
    batch = read(wit, continuation_token=batch["continuationToken"])
    assert (True, []) == (batch["isLastBatch"], batch["values"])


def test_feed_is_narrowed_down(org, wit, number):
    """It can begin at a moment, and be of one project and some types."""
    org.add_project("Ranking", "Agile")
    org.person_creates("Ranking", "Bug", kind="Bug")
    assert ["New", "Bug"] == list_titles(read(wit, start_date_time="2026-11-18T10:30:00Z"))
    assert ["Bug"] == list_titles(read(wit, ReportingWorkItemRevisionsFilter(types=["Bug"])))
    whole = wit.read_reporting_revisions_get("Churn", max_page_size=5).additional_properties
    assert ["Old", "New"] == list_titles(whole)


def test_feed_tells_of_deleted_items_on_demand(org, wit, number):
    """That an item was deleted is a revision of it."""
    org.person_deletes(number)
    assert [] == read(wit)["values"]
    found = read(wit, ReportingWorkItemRevisionsFilter(include_deleted=True, include_latest_only=True))
    assert [(3, True)] == [(each["rev"], each["fields"]["System.IsDeleted"]) for each in found["values"]]


def test_feed_names_people_in_two_ways(org, wit, number):
    """By a text with both names, or by a reference where that is asked for."""
    wanted = ReportingWorkItemRevisionsFilter(fields=["System.ChangedBy"], include_latest_only=True)
    assert "Ben Example <ben@acme.example>" == read(wit, wanted)["values"][0]["fields"]["System.ChangedBy"]
    wanted.include_identity_ref = True
    assert org.ben.id == read(wit, wanted)["values"][0]["fields"]["System.ChangedBy"]["id"]


def test_feed_refuses_an_odd_token(wit):
    """A token that it did not give is refused."""
    with pytest.raises(AzureDevOpsServiceError, match="token"):
        wit.read_reporting_revisions_post(FEED, continuation_token="odd")
