"""The stand-in makes, reads and changes work items as Azure DevOps does."""

import pytest
import requests
from azure.devops.v7_1.work_item_tracking.models import WorkItemBatchGetRequest, WorkItemDeleteUpdate

from fakes.azure_devops.asking import new, op, refuse


def test_item_is_made_complete(org, wit):
    """Tags, Markdown, iteration and links ride in the call that makes the item."""
    org.person_adds_iteration("Churn", "Sprint 1")
    patch = [
        *new(System_Tags="b; a ,B", System_IterationPath="churn\\sprint 1", System_Description="*x*"),
        op("/multilineFieldsFormat/System.Description", "Markdown"),
        op(
            "/relations/-",
            {"rel": "Hyperlink", "url": "https://mlflow.example/1", "attributes": {"comment": "run"}},
        ),
    ]
    item = wit.create_work_item(patch, "Churn", "User Story", expand="all")
    assert (1, "b; a", "Churn\\Sprint 1") == (
        item.rev,
        item.fields["System.Tags"],
        item.fields["System.IterationPath"],
    )
    assert ("New", "Churn", 2) == (
        item.fields["System.State"],
        item.fields["System.AreaPath"],
        item.fields["Microsoft.VSTS.Common.Priority"],
    )
    assert {"System.Description": "markdown"} == item.additional_properties["multilineFieldsFormat"]
    assert ["run"] == [each.attributes["comment"] for each in item.relations]
    assert ["POST wit.newWorkItem"] == org.calls()


def test_item_is_only_looked_at(org, wit):
    """With `validateOnly` the item is shown and not made."""
    shown = wit.create_work_item(new(), "Churn", "Bug", validate_only=True)
    assert (None, None, "New") == (shown.id, shown.rev, shown.fields["System.State"])
    assert {} == org.items


@pytest.mark.parametrize(
    ("kind", "patch", "key", "words"),
    [
        (
            "User Story",
            new(System_State="Active"),
            "RuleValidationException",
            "'State' contains the value 'Active'",
        ),
        ("User Story", new(" "), "RuleValidationException", "Title"),
        ("User Story", new("x" * 256), "RuleValidationException", "InvalidTooLong"),
        ("User Story", [op("/fields/System.Tags", "a")], "RuleValidationException", "Title"),
        ("User Story", new(Custom_Odd="1"), "WorkItemTrackingFieldDefinitionNotFoundException", "TF51535"),
        (
            "Feature",
            [*new(), op("/fields/Microsoft.VSTS.Scheduling.StoryPoints", 3)],
            "WorkItemTrackingFieldDefinitionNotFoundException",
            "StoryPoints",
        ),
        ("Story", new(), "WorkItemTypeNotFoundException", "VS402323"),
        ("User Story", new(System_BoardColumn="Doing"), "WorkItemFieldInvalidException", "TF401326"),
        (
            "User Story",
            new(System_IterationPath="Churn\\No"),
            "WorkItemFieldInvalidTreeNameException",
            "TF401347",
        ),
        ("User Story", new(System_AreaPath="Other"), "WorkItemFieldInvalidTreeNameException", "TF401347"),
        ("User Story", new(System_AssignedTo="nobody"), "RuleValidationException", "unknown identity"),
        ("User Story", new(System_AssignedTo={"id": "1"}), "IdentityRefNotAcceptedException", "not accepted"),
        ("User Story", new(System_Tags="x" * 401), "InvalidTagNameException", "too long"),
        (
            "User Story",
            new(System_Tags=";".join(map(str, range(101)))),
            "WorkItemTagLimitExceededException",
            "100 tags",
        ),
        (
            "User Story",
            [*new(), op("/fields/Microsoft.VSTS.Common.Priority", "high")],
            "WorkItemFieldInvalidException",
            "InvalidType",
        ),
        (
            "User Story",
            [*new(), op("/fields/Microsoft.VSTS.Scheduling.StartDate", "soon")],
            "WorkItemFieldInvalidException",
            "InvalidType",
        ),
        ("User Story", new(System_Description="x" * 1_000_001), "WorkItemFieldInvalidException", "too long"),
        ("User Story", [*new(), op("/nothing", 1)], "InvalidPatchFieldNameException", "/nothing"),
        (
            "User Story",
            [*new(), op("/fields/System.Title", "b", "move")],
            "PatchOperationFailedException",
            "move",
        ),
        (
            "User Story",
            [*new(), op("/relations/0", None, "remove")],
            "PatchOperationFailedException",
            "index 0",
        ),
    ],
)
def test_bad_item_is_refused(org, wit, kind, patch, key, words):
    """What the process or the platform does not allow makes no item."""
    assert words in refuse(key, wit.create_work_item, patch, "Churn", kind)
    assert {} == org.items


def test_computed_fields_are_ignored_on_create(wit):
    """The service takes them silently and does not keep them."""
    item = wit.create_work_item(
        new(System_Id=77, System_Parent=3, System_CreatedBy="ben@acme.example"), "Churn", "Bug"
    )
    assert (1, "trainboard@acme.example") == (item.id, item.fields["System.CreatedBy"]["uniqueName"])
    assert "System.Parent" not in item.fields


def test_broken_rule_names_its_field(org):
    """What is wrong is also told field by field."""
    answer = requests.post(
        f"{org.url}/Churn/_apis/wit/workItems/$Bug?api-version=7.1",
        json=[{"op": "add", "path": "/fields/System.State", "value": "Odd"}],
        headers={"Content-Type": "application/json-patch+json"},
        auth=("", org.token),
        timeout=5,
    )
    errors = answer.json()["customProperties"]["RuleValidationErrors"]
    assert ["System.State"] == [each["fieldReferenceName"] for each in errors]


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", "[]", 415),
        ("application/json-patch+json", "{}", 400),
        ("application/json-patch+json", "{", 400),
    ],
)
def test_patch_must_be_one(org, kind, body, status):
    """The body is a list of operations, under the media type of patches."""
    url = f"{org.url}/Churn/_apis/wit/workItems/$Bug?api-version=7.1"
    answer = requests.post(url, data=body, headers={"Content-Type": kind}, auth=("", org.token), timeout=5)
    assert status == answer.status_code


def test_item_is_changed_under_its_revision(org, wit):
    """A test of the revision keeps two writers apart."""
    number = org.person_creates("Churn", "An item", System_Tags="a").id
    changed = wit.update_work_item([op("/rev", 1, "test"), op("/fields/System.Tags", "b")], number, "Churn")
    assert (2, "b") == (changed.rev, changed.fields["System.Tags"])
    message = refuse(
        "TestPatchOperationFailedException",
        wit.update_work_item,
        [op("/rev", 1, "test"), op("/fields/System.Title", "c")],
        number,
        "Churn",
    )
    assert "VS403351" in message
    assert 412 == org.requests[-1].status


def test_field_is_tested_and_removed(org, wit):
    """Fields can be tested like the revision, and emptied."""
    number = org.person_creates("Churn", "An item", System_Description="a").id
    refuse(
        "TestPatchOperationFailedException",
        wit.update_work_item,
        [op("/fields/System.Description", "b", "test")],
        number,
    )
    changed = wit.update_work_item([op("/fields/System.Description", None, "remove")], number)
    assert "System.Description" not in changed.fields


def test_state_tells_when_it_is_done(org, clock, wit):
    """A completed item has a date of closing, an open one has none."""
    number = org.person_creates("Churn", "An item").id
    clock.forward(hours=1)
    done = wit.update_work_item([op("/fields/System.State", "Closed")], number)
    assert "2026-11-18T11:00:00Z" == done.fields["Microsoft.VSTS.Common.ClosedDate"]
    assert "Moved to state Closed" == done.fields["System.Reason"]
    again = wit.update_work_item([op("/fields/System.State", "active")], number)
    assert ("Active", False) == (
        again.fields["System.State"],
        "Microsoft.VSTS.Common.ClosedDate" in again.fields,
    )


@pytest.mark.parametrize("name", ["ben@acme.example", "Ben Example <ben@acme.example>", "Ben Example"])
def test_people_are_named_by_their_unique_name(org, wit, name):
    """An item is given to somebody by a name that only they have, never by their id."""
    number = org.person_creates("Churn", "An item").id
    given = wit.update_work_item([op("/fields/System.AssignedTo", name)], number)
    assert org.ben.id == given.fields["System.AssignedTo"]["id"]
    refuse(
        "RuleValidationException", wit.update_work_item, [op("/fields/System.AssignedTo", org.ben.id)], number
    )
    taken = wit.update_work_item([op("/fields/System.AssignedTo", "")], number)
    assert "System.AssignedTo" not in taken.fields


def test_markdown_stays_markdown(org, wit):
    """A field's format is said once, and there is no way back."""
    patch = [*new(System_Description="a"), op("/multilineFieldsFormat/System.Description", "Markdown")]
    number = wit.create_work_item(patch, "Churn", "Bug").id
    changed = wit.update_work_item([op("/fields/System.Description", "b")], number)
    assert {"System.Description": "markdown"} == changed.additional_properties["multilineFieldsFormat"]
    refuse(
        "ArgumentException",
        wit.update_work_item,
        [op("/multilineFieldsFormat/System.Description", "Html")],
        number,
    )


def test_revisions_have_a_limit(org, wit):
    """An item that was changed too often is changed no more."""
    org.limits.revisions = 2
    number = org.person_creates("Churn", "An item").id
    wit.update_work_item([op("/fields/System.Title", "b")], number)
    message = refuse(
        "VssServiceException",
        wit.update_work_item,
        [op("/fields/System.Title", "c")],
        number,
    )
    assert "has 2 revisions" in message
    assert "b" == org.items[number].title


def test_fields_are_chosen(org, wit):
    """Only what is asked for comes back, and then no formats; all fields only on demand."""
    number = org.person_creates("Churn", "An item").id
    item = wit.get_work_item(number, fields=["system.title", "System.Id"])
    assert {"System.Title": "An item", "System.Id": number} == item.fields
    assert "System.Watermark" not in wit.get_work_item(number).fields
    assert 1 == wit.get_work_item(number, expand="fields").fields["System.Watermark"]
    refuse(
        "ConflictingParametersException",
        wit.get_work_item,
        number,
        fields=["System.Title"],
        expand="relations",
    )


def test_item_belongs_to_its_project(org, wit):
    """A path with another project finds nothing, as little as an unknown number."""
    org.add_project("Ranking")
    number = org.person_creates("Churn", "An item").id
    for arguments in ((number, "Ranking"), (99, None)):
        refuse("WorkItemUnauthorizedAccessException", wit.get_work_item, *arguments)


def test_item_as_it_was(org, clock, wit):
    """An older state can be read, but none before the item was there."""
    number = org.person_creates("Churn", "Old").id
    clock.forward(days=1)
    org.person_retitles(number, "New")
    assert "Old" == wit.get_work_item(number, as_of="2026-11-18T12:00:00Z").fields["System.Title"]
    refuse("WorkItemUnauthorizedAccessException", wit.get_work_item, number, as_of="2026-11-01T00:00:00Z")


def test_items_are_read_in_batches(org, wit):
    """A batch leaves out what is not there, if it may, and has a largest size."""
    org.limits.batch = 3
    first, second = (org.person_creates("Churn", title).id for title in "ab")
    wanted = WorkItemBatchGetRequest(ids=[first, 99, second], fields=["System.Title"], error_policy="omit")
    assert ["a", None, "b"] == [
        item and item.fields["System.Title"] for item in wit.get_work_items_batch(wanted)
    ]
    assert ["b"] == [item.fields["System.Title"] for item in wit.get_work_items([second])]
    refuse("WorkItemUnauthorizedAccessException", wit.get_work_items, [first, 99])
    for numbers, key in (([1, 2, 3, 4], "ArgumentException"), ([], "ArgumentNullException")):
        refuse(key, wit.get_work_items_batch, WorkItemBatchGetRequest(ids=numbers))


def test_deleted_item_comes_back(org, wit):
    """It lies in the recycle bin, invisible elsewhere, until somebody restores it."""
    number = org.person_creates("Churn", "An item").id
    assert number == wit.delete_work_item(number, "Churn").id
    refuse("WorkItemUnauthorizedAccessException", wit.get_work_item, number)
    assert "An item" == wit.get_deleted_work_item(number, "Churn").name
    assert [number] == [each.id for each in wit.get_deleted_work_item_shallow_references("Churn")]
    refuse(
        "WorkItemInvalidRestoreRequestException",
        wit.restore_work_item,
        WorkItemDeleteUpdate(is_deleted=True),
        number,
    )
    wit.restore_work_item(WorkItemDeleteUpdate(is_deleted=False), number, "Churn")
    found = wit.get_work_item(number)
    assert (3, False) == (found.rev, "System.IsDeleted" in found.fields)
    refuse("WorkItemUnauthorizedAccessException", wit.get_deleted_work_item, number, "Churn")


def test_destroyed_item_is_gone(org, wit):
    """What is destroyed is in no recycle bin."""
    number = org.person_creates("Churn", "An item").id
    wit.delete_work_item(number, "Churn", destroy=True)
    assert {} == org.items


def test_people_work_too(org, wit):
    """What people do at their screens is seen by the bot, under their names."""
    number = org.person_creates("Churn", "An item", kind="Bug", System_Tags="a").id
    org.person_adds_iteration("Churn", "Sprint 1")
    org.person_describes(number, "text")
    org.person_tags(number, "b")
    org.person_untags(number, "A")
    org.person_assigns(number, "ben@acme.example")
    org.person_plans(number, "Churn\\Sprint 1")
    org.person_closes(number, who=org.ben)
    fields = wit.get_work_item(number).fields
    assert ("text", "b", "Churn\\Sprint 1", "Closed", "Ben Example") == (
        fields["System.Description"],
        fields["System.Tags"],
        fields["System.IterationPath"],
        fields["System.State"],
        fields["System.ChangedBy"]["displayName"],
    )
    org.person_deletes(number)
    refuse("WorkItemUnauthorizedAccessException", wit.get_work_item, number)
