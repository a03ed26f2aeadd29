"""What GitHub tells of issues when it is asked."""

from datetime import timedelta

import pytest
from msgspec import UNSET

from trainboard.errors import TransientError
from trainboard.work_items import NewIteration, NewWorkItem, WorkItemChange


@pytest.fixture
def issue(fake, tracker):
    """An issue, as the fake holds it."""
    return fake.churn.issues[int(tracker.create_item(NewWorkItem(title="Train", body="")).ref)]


@pytest.fixture
def start(tracker, issue):
    """The mark before anything happened to it."""
    [page] = tracker.list_changes("")
    return page.mark


def read(tracker, mark):
    """All that was told, the oldest first, and the last mark."""
    pages = list(tracker.list_changes(mark))
    assert [False] * (len(pages) - 1) + [True] == [page.complete for page in pages]
    changes = sorted((c for page in pages for c in page.changes), key=lambda each: (each.at, each.source))
    return changes, pages[-1].mark


def test_the_beginning_is_one_call(fake, tracker):
    """Also where nothing ever happened."""
    [page] = tracker.list_changes("")
    assert ("0", (), True) == (page.mark, page.changes, page.complete)
    assert ["GET /repos/acme/churn/issues/events"] == fake.calls()


def test_a_quiet_hour_is_one_call(fake, tracker, start):
    """And tells nothing."""
    fake.requests.clear()
    assert ([], start) == read(tracker, start)
    assert 1 == len(fake.requests)


def test_each_kind_is_told(fake, tracker, issue, start):
    """The milestone by what it was called then, the end by its reason."""
    sprint = tracker.create_iteration(
        NewIteration(name="Sprint 1", start=fake.now.date(), end=fake.now.date())
    )
    for change in (
        {"milestone": int(sprint.ref)},
        {"title": "Train more"},
        {"labels": ["tb:points-5", "data"]},
        {"state": "closed", "state_reason": "not_planned"},
    ):
        fake._clock.forward(minutes=1)
        fake.person_changes(issue, **change)
    changes, _ = read(tracker, start)
    assert ["Sprint 1", "", "", "", ""] == [each.iteration_name for each in changes]
    assert "Train more" == changes[1].title
    assert {("tb:points-5", 5.0), ("data", None)} == {
        (each.label, each.estimate or None) for each in changes[2:4]
    }
    assert "cancelled" == changes[4].progress
    assert [0, 1, 2, 2, 3] == [(each.at - changes[0].at) // timedelta(minutes=1) for each in changes]


def test_pull_requests_are_not_work_items(fake, tracker, start):
    """GitHub lists what happens to them too."""
    pull = fake.person_opens(fake.churn, "Try", is_pull=True)
    fake.person_changes(pull, state="closed")
    assert [] == read(tracker, start)[0]


def test_an_estimate_that_is_gone_is_told_as_such(fake, tracker, issue, start):
    """Labels come and go at one moment, in any order; what else the issue carried then nobody tells."""
    fake.person_changes(issue, labels=["tb:points-5"])
    fake._clock.forward(minutes=1)
    fake.person_changes(issue, labels=["tb:points-8"])
    fake._clock.forward(minutes=1)
    fake.person_changes(issue, labels=[])
    changes, _ = read(tracker, start)
    assert [5.0, 8.0] == [each.estimate for each in changes if each.estimate is not UNSET]
    assert [5.0, 8.0] == [each.estimate_gone for each in changes if each.estimate_gone is not None]


def test_many_pages_go_on_where_they_ended(fake, tracker, issue, start):
    """Whoever dies between two pages reads no page for nothing, and misses none; news come the next time."""
    for number in range(250):
        fake._clock.forward(seconds=1)
        fake.person_changes(issue, title=f"Train {number}")
    first = next(iter(tracker.list_changes(start)))
    fake.person_changes(issue, title="later")
    rest, mark = read(tracker, first.mark)
    titles = {each.title for each in (*first.changes, *rest)}
    assert {f"Train {number}" for number in range(250)} == titles
    assert ["later"] == [each.title for each in read(tracker, mark)[0]]


def test_events_that_are_gone_hide_no_others(fake, tracker, issue, start):
    """Those of a deleted issue are gone from the pages before, and what follows moves up."""
    other = fake.person_opens(fake.churn, "Other")
    for number in range(180):
        fake.person_changes(issue, title=f"Train {number}")
    for number in range(90):
        fake.person_changes(other, title=f"Other {number}")
    first = next(iter(tracker.list_changes(start)))
    other.gone = "deleted"
    rest, _ = read(tracker, first.mark)
    told = {each.title for each in (*first.changes, *rest)}
    assert {f"Train {number}" for number in range(180)} <= told


def test_a_failure_is_no_silence(fake, tracker, start):
    """Nobody takes it for a quiet hour."""
    fake.is_down = True
    with pytest.raises(TransientError):
        list(tracker.list_changes(start))


def test_a_mark_of_others_is_a_bug(tracker):
    """It says so."""
    with pytest.raises(ValueError, match="no mark of ours"):
        list(tracker.list_changes("since yesterday"))


def test_what_the_bot_does_is_told_too(tracker, issue, start):
    """Its own changes are changes."""
    tracker.update_item(str(issue.number), WorkItemChange(state="closed"))
    assert ["done"] == [each.progress for each in read(tracker, start)[0]]
