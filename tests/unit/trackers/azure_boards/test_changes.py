"""What Azure Boards tells of work items when it is asked."""

import pytest

from trainboard.errors import TransientError
from trainboard.work_items import NewIteration, NewWorkItem

SPRINT = "Churn\\Sprint 1"


@pytest.fixture
def tracker(azure, open_tracker):
    return open_tracker(azure)


@pytest.fixture
def sprint(tracker, clock):
    return tracker.create_iteration(NewIteration(name="Sprint 1", start=clock().date(), end=clock().date()))


@pytest.fixture
def ref(tracker, sprint, clock):
    made = tracker.create_item(NewWorkItem(title="Train", body="", iteration=sprint.ref)).ref
    clock.forward(minutes=1)
    return made


@pytest.fixture
def start(tracker, ref):
    """The mark before anything else happened."""
    [page] = tracker.list_changes("")
    return page.mark


def read(tracker, mark):
    """All that was told, and the last mark."""
    pages = list(tracker.list_changes(mark))
    assert [False] * (len(pages) - 1) + [True] == [page.complete for page in pages]
    return [change for page in pages for change in page.changes], pages[-1].mark


def test_the_beginning_costs_nothing(azure, tracker):
    """It is now."""
    [page] = tracker.list_changes("")
    assert ("since 2026-01-05T09:00:00+00:00", []) == (page.mark, azure.calls())


def test_each_revision_tells_all(azure, tracker, sprint, ref, start, clock):
    """Category, estimate and sprint, at the time of the revision."""
    azure.person_moves(ref, "Active")
    clock.forward(minutes=1)
    azure.person_edits(ref, Microsoft_VSTS_Scheduling_StoryPoints=5)
    clock.forward(minutes=1)
    azure.person_closes(ref)
    changes, _ = read(tracker, start)
    assert [("started", None), ("started", 5.0), ("done", 5.0)] == [
        (each.progress, each.estimate) for each in changes
    ]
    assert {sprint.ref} == {each.iteration for each in changes}
    assert [f"revision:{ref}.{rev}" for rev in (2, 3, 4)] == [each.source for each in changes]
    assert [0, 1, 2] == [int((each.at - changes[0].at).total_seconds() // 60) for each in changes]


def test_a_quiet_hour_is_one_call(azure, tracker, start):
    """And the mark stays."""
    read(tracker, start)
    azure.requests.clear()
    assert ([], start) == read(tracker, start)
    assert ["POST wit.reporting"] == azure.calls()


def test_what_is_deleted_is_in_no_sprint_until_it_comes_back(azure, tracker, sprint, ref, start):
    """The recycle bin is a revision."""
    azure.person_deletes(ref)
    azure.person_restores(ref)
    assert [None, sprint.ref] == [each.iteration for each in read(tracker, start)[0]]


def test_items_of_another_project_are_not_told(azure, tracker, start):
    """Nor types that no sprint is planned in."""
    azure.add_project("Plans", process="Agile", team="Plans Team")
    azure.person_creates("Plans", "theirs")
    azure.person_creates("Churn", "a task", kind="Task")
    assert [] == read(tracker, start)[0]


def test_pages_go_on_where_they_ended(azure, tracker, ref, start):
    """A mark is good after every page."""
    azure.limits.page = 3
    for number in range(8):
        azure.person_retitles(ref, f"Train {number}")
    first = next(iter(tracker.list_changes(start)))
    rest, mark = read(tracker, first.mark)
    assert [f"Train {number}" for number in range(8)] == [each.title for each in (*first.changes, *rest)]
    assert ([], mark) == read(tracker, mark)


def test_a_sprint_is_looked_for_once(azure, open_tracker, ref, start):
    """However many revisions stand in it."""
    for number in range(5):
        azure.person_retitles(ref, f"{number}")
    azure.requests.clear()
    assert 5 == len(read(open_tracker(azure), start)[0])
    assert 1 == azure.calls().count("GET wit.nodes")


def test_a_failure_is_no_silence(azure, tracker, ref, start):
    """Nobody takes it for a quiet hour."""
    azure.is_down = True
    with pytest.raises(TransientError):
        list(tracker.list_changes(start))
