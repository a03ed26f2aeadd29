"""The one search there is: what may have been made when an answer was lost."""

import json
from datetime import UTC, datetime

import pytest

from trainboard.errors import PermanentError
from trainboard.markers import Markers
from trainboard.trackers.azure_boards import items
from trainboard.work_items import NewWorkItem, WorkItemChange

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
KEY = "experiment:0123456789abcdef01234567"
QUERY, BATCH = "POST wit.wiql", "POST wit.batch"


def find(tracker, label="x", since=LONG_AGO):
    return list(tracker.list_items(label=label, since=since))


def fill(azure, count):
    for number in range(count):
        azure.person_creates("Churn", f"run {number:03}", System_Tags="x")


def test_items_are_read_in_batches(azure, warm):
    """A query gives the ids, and 200 items are read at once with the fields that are needed."""
    fill(azure, 201)
    found = find(warm)
    assert [f"run {number:03}" for number in range(201)] == [item.title for item in found]
    searches = [call for call in azure.calls() if call in {QUERY, BATCH}]
    assert [QUERY, BATCH, BATCH] == searches
    batch = next(asked for asked in azure.requests if asked.route == "wit.batch").json
    assert (200, "omit", False) == (len(batch["ids"]), batch["errorPolicy"], "$expand" in batch)


def test_more_than_a_query_may_find(azure, warm, monkeypatch):
    """A query that is full is followed by one for the ids above, and no item comes twice."""
    monkeypatch.setattr(items, "AT_ONCE", 3)
    fill(azure, 7)
    assert [f"run {number:03}" for number in range(7)] == [item.title for item in find(warm)]
    assert 3 == azure.calls().count(QUERY)


def test_label_with_a_quotation_mark(azure, open_tracker):
    """What would end a string of WIQL is part of the label and of the project's name."""
    azure.add_project("Ana's", team="T")
    tracker = open_tracker(azure, project="Ana's", team="T")
    for label in ("it's", "' OR [System.Id] > 0 OR [System.Tags] CONTAINS '"):
        made = tracker.create_item(NewWorkItem(title="t", body="", labels=(label,)))
        assert [made.ref] == [item.ref for item in find(tracker, label)]


def test_label_that_cannot_be_looked_for(azure, warm):
    """A control character in a label is refused, and no query is sent."""
    with pytest.raises(PermanentError, match="cannot be looked for"):
        find(warm, "a\nb")
    assert [] == azure.calls()


def test_moment_is_sent_to_the_millisecond(azure, warm, clock):
    """What changed in the same second before the moment is left out."""
    clock.now = datetime(2026, 1, 5, 10, 0, 0, 250_000, tzinfo=UTC)
    azure.person_creates("Churn", "before", System_Tags="x")
    clock.forward(milliseconds=1)
    since = clock()
    azure.person_creates("Churn", "at", System_Tags="x")
    assert ["at"] == [item.title for item in find(warm, since=since)]
    query = json.loads(azure.requests[0].body)["query"]
    assert "[System.ChangedDate] >= '2026-01-05T10:00:00.251Z'" in query


def test_item_that_went_meanwhile(azure, warm, monkeypatch):
    """An item that is deleted between the query and the batch is left out."""
    fill(azure, 2)
    monkeypatch.setattr(azure, "find_item", _without(azure.find_item, "2"))
    assert ["run 001"] == [item.title for item in find(warm)]


def _without(find_item, gone):
    def find_others(number, project=None):
        return find_item("424242" if str(number) == gone else number, project)

    return find_others


@pytest.mark.parametrize("place", ["azure", "server"])
def test_marks_are_found_in_either_format(request, open_tracker, place):
    """A doubt is settled after a restart, although a batch does not tell the format of its texts."""
    organization = request.getfixturevalue(place)
    tracker = open_tracker(organization)
    markers = Markers(b"secret", tracker.name)
    tracker.create_item(NewWorkItem(title="t", body=markers.wrap(KEY, "## Runs"), labels=("x",)))
    (found,) = find(open_tracker(organization))
    assert (KEY, True) == (markers.find_key(found.body), found.ours)
    assert "## Runs" in found.body


def test_no_search_in_a_life(azure, tracker):
    """An item that is made, changed, discussed and closed is never searched for."""
    ref = tracker.create_item(NewWorkItem(title="t", body="b", labels=("x",))).ref
    tracker.update_item(ref, WorkItemChange(body="c", add_labels=("y",)))
    tracker.create_comment(ref, "z")
    tracker.update_item(ref, WorkItemChange(state="closed"))
    assert [] == [call for call in azure.calls() if call in {QUERY, BATCH}]
