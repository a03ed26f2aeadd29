"""Revisions of work items as the deliveries that would have told of them."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
import structlog

from trainboard.azure_devops.changes import Place, work_items
from trainboard.errors import TransientError

URL = "https://dev.azure.com/acme"
FEED = f"{URL}/Churn%20Model/_apis/wit/reporting/workItemRevisions"
ITEMS = f"{URL}/Churn%20Model/_apis/wit/workItems"
PLACE = Place(url=URL, project="Churn Model", project_id="6ce954b1-ce1f-45d1-b94d-e6bf2464ba2c")
SINCE = datetime(2026, 11, 18, 10, tzinfo=UTC)
ANA, BEN = {"id": "a", "displayName": "Ana"}, {"id": "b", "displayName": "Ben"}


def revision(number=7, rev=2, minute=5, comment=None, **fields):
    """A revision as the feed tells it."""
    at = (SINCE + timedelta(minutes=minute)).isoformat()
    told = {"id": number, "rev": rev, "fields": {"System.ChangedDate": at, "System.ChangedBy": ANA} | fields}
    return told | ({"commentVersionRef": {"commentId": comment, "version": 1}} if comment else {})


def named(**fields):
    return {f"System.{name}": value for name, value in fields.items()}


@pytest.fixture
def feed(web):
    """Says what the feed tells, page by page, and how items were before."""

    def tell(*pages, before=()):
        for number, page in enumerate(pages):
            is_last = number == len(pages) - 1
            web.post(FEED, json={"values": page, "continuationToken": f"t{number}", "isLastBatch": is_last})
        web.get(ITEMS, json={"count": len(before), "value": before})

    return tell


def changes(organization):
    return list(work_items.list_changes(organization, PLACE, SINCE))


def test_the_first_revision_was_made(feed, organization, web):
    """Nothing is asked about before."""
    feed([revision(rev=1, **named(Title="T", State="New"))])
    [change] = changes(organization)
    assert ("workitem.created", "7/1", SINCE + timedelta(minutes=5)) == (
        change.event,
        change.thing,
        change.at,
    )
    assert (7, 1, "T") == (
        change.resource["id"],
        change.resource["rev"],
        change.resource["fields"]["System.Title"],
    )
    assert 1 == len(web.calls)


def test_a_later_one_is_an_update(feed, organization):
    """It says what changed since the gap began, and who did it."""
    before = {"id": 7, "rev": 1, "fields": named(State="New", AssignedTo=ANA, Title="T")}
    assigned = named(State="Active", AssignedTo=ANA | {"imageUrl": "x"}, Title="T", Tags="a")
    feed([revision(rev=2, **assigned)], before=[before])
    [change] = changes(organization)
    resource = change.resource
    expected = {
        "System.State": {"oldValue": "New", "newValue": "Active"},
        "System.Tags": {"newValue": "a"},
    }
    assert ("workitem.updated", expected) == (
        change.event,
        {
            key: value
            for key, value in resource["fields"].items()
            if key not in {"System.ChangedBy", "System.ChangedDate"}
        },
    )
    assert (7, 2, ANA) == (resource["workItemId"], resource["rev"], resource["revisedBy"])


def test_each_revision_is_compared_with_the_one_before(feed, organization):
    """The feed may tell them in any order, on several pages."""
    later = revision(rev=3, minute=9, **named(State="Closed"))
    feed([later], [revision(rev=1, **named(State="New")), revision(rev=2, minute=7, **named(State="Active"))])
    found = [
        (change.thing, change.resource["fields"].get("System.State")) for change in changes(organization)
    ]
    assert [
        ("7/1", "New"),
        ("7/2", {"oldValue": "New", "newValue": "Active"}),
        ("7/3", {"oldValue": "Active", "newValue": "Closed"}),
    ] == found


COMMENT = {"commentId": 4, "version": 1}


@pytest.mark.parametrize("is_told", [True, False])
def test_a_comment_alone_is_one_update(feed, organization, web, is_told):
    """It names the comment, which the revision itself tells where the feed does not."""
    said = revision(rev=2, comment=4 if is_told else None, **named(CommentCount=1))
    feed([said], before=[{"id": 7, "fields": named(CommentCount=0)}])
    web.get(f"{ITEMS}/7/revisions/2", json={"id": 7, "rev": 2, "commentVersionRef": COMMENT})
    [change] = changes(organization)
    assert ("workitem.updated", COMMENT) == (
        change.event,
        change.resource["revision"]["commentVersionRef"],
    )
    assert 2 + (not is_told) == len(web.calls)


def test_a_comment_beside_a_change_has_an_event_of_its_own(feed, organization):
    """As the hooks have it: one of the change, one of the comment."""
    both = revision(rev=2, comment=4, **named(CommentCount=1, State="Active"))
    feed([both], before=[{"id": 7, "fields": named(CommentCount=0, State="New")}])
    updated, commented = changes(organization)
    assert ("workitem.updated", "workitem.commented") == (updated.event, commented.event)
    assert COMMENT == commented.resource["commentVersionRef"]


def test_a_comment_that_cannot_be_found(feed, organization, web):
    """Then the change is told without it."""
    feed([revision(rev=2, **named(CommentCount=1))], before=[{"id": 7, "fields": {}}])
    web.get(f"{ITEMS}/7/revisions/2", json={"id": 7, "rev": 2})
    [change] = changes(organization)
    assert "commentVersionRef" not in change.resource["revision"]


def test_without_the_one_before_little_is_known(feed, organization):
    """It was not there then, or may not be seen: only what surely changed is told."""
    feed([revision(rev=2, **named(State="Active"))], before=[None])
    [change] = changes(organization)
    assert {"System.Rev", "System.ChangedDate"} == set(change.resource["fields"])


@pytest.mark.parametrize(
    ("was", "is_", "event"),
    [
        (False, True, "workitem.deleted"),
        (True, False, "workitem.restored"),
        (True, True, "workitem.updated"),
    ],
)
def test_what_went_to_the_bin_and_back(feed, organization, was, is_, event):
    """The feed tells of the bin, too."""
    feed([revision(**named(IsDeleted=is_))], before=[{"id": 7, "fields": named(IsDeleted=was)}])
    assert [event] == [change.event for change in changes(organization)]


def test_what_is_asked(feed, organization, web):
    """The feed from the moment on, its next page by token alone, and items as they were then."""
    feed([revision(7)], [revision(8)])
    changes(organization)
    first, second, before = (call.request for call in web.calls)
    asked = [each.params for each in (first, second, before)]
    assert "2026-11-18T10:00:00.000Z" == asked[0]["startDateTime"]
    assert {"continuationToken": "t0"} == asked[1]
    assert ("7,8", "omit", "fields") == tuple(asked[2][key] for key in ("ids", "errorPolicy", "$expand"))
    assert {"includeIdentityRef": True, "includeDeleted": True} == msgspec.json.decode(first.body)


def test_two_hundred_items_at_once(feed, organization, web):
    """More are asked for in several calls."""
    feed([revision(number) for number in range(1, 202)])
    assert 201 == len(changes(organization))
    assert 3 == len(web.calls)


def test_an_odd_revision_is_left_out(feed, organization):
    """Its time cannot be read; the others are told, and the log names it."""
    feed([revision(7, rev=1), revision(8, rev=1, **{"System.ChangedDate": "yesterday"})])
    with structlog.testing.capture_logs() as logs:
        assert ["7/1"] == [change.thing for change in changes(organization)]
    assert ["a change in Azure DevOps could not be read"] == [line["event"] for line in logs]


def test_a_feed_that_is_none(web, organization):
    """Then nothing is known, and it is asked again."""
    web.post(FEED, json={"values": "none"})
    with pytest.raises(
        TransientError, match="Could not list what changed in Churn Model since 2026-11-18 10:00"
    ):
        changes(organization)
