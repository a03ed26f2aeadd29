"""What the local board does beyond what every tracker keeps."""

import itertools
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from trainboard.errors import DoubtError, MissingError, PermanentError, TransientError
from trainboard.store.database import Database
from trainboard.store.local_models import LocalRelationRow
from trainboard.store.migrations import upgrade
from trainboard.trackers.local import LocalTracker
from trainboard.work_items import NewIteration, NewWorkItem, WorkItemChange

START = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture
def database(tmp_path):
    """A database of the test's own."""
    made = Database(f"sqlite:///{tmp_path}/board.db")
    upgrade(made)
    yield made
    made.close()


@pytest.fixture
def board(database):
    """Makes trackers, whose looks at the clock are a second apart."""
    seconds = itertools.count()

    def make(name="churn", **fields):
        return LocalTracker(database, name, lambda: START + timedelta(seconds=next(seconds)), **fields)

    return make


@pytest.fixture
def tracker(board):
    """The board under test."""
    return board()


class FullDatabase:
    """A database that can be opened and fails at the first statement."""

    @contextmanager
    def _fail(self):
        raise OperationalError("SELECT", {}, Exception("disk is full"))
        yield

    read = write = _fail


def make(tracker, title="A", **fields):
    return tracker.create_item(NewWorkItem(title=title, body="", **fields)).ref


def sprint(name):
    return NewIteration(name=name, start=date(2026, 1, 5), end=date(2026, 1, 18))


def look_at_everything(tracker, ref, comment):
    change = WorkItemChange(title="B")
    return {
        "get": lambda: tracker.get_item(ref),
        "update": lambda: tracker.update_item(ref, change),
        "comment": lambda: tracker.create_comment(ref, "x"),
        "update comment": lambda: tracker.update_comment(ref, comment, "x"),
        "comments": lambda: list(tracker.list_comments(ref, since=START)),
        "child": lambda: tracker.add_child(ref, ref),
    }


LOOKS = ["get", "update", "comment", "update comment", "comments", "child"]


@pytest.mark.parametrize("look", LOOKS)
def test_boards_do_not_see_each_other(look, board):
    """An item of another project is not there, although its number is."""
    ours, theirs = board(), board("fraud")
    ref = make(theirs)
    comment = theirs.create_comment(ref, "theirs").ref

    with pytest.raises(MissingError, match=f"local:churn has no item {ref}"):
        look_at_everything(ours, ref, comment)[look]()
    assert ["theirs"] == [each.body for each in theirs.list_comments(ref, since=START)]
    assert "A" == theirs.get_item(ref).title


def test_a_sprint_of_another_board_is_missing(board):
    """An item cannot go into it."""
    elsewhere = board("fraud").create_iteration(sprint("Sprint 1")).ref

    with pytest.raises(MissingError, match="no sprint"):
        make(board(), iteration=elsewhere)
    assert [] == list(board().list_iterations())


def test_a_comment_that_is_not_there(tracker):
    """The item is, its comment is not."""
    ref = make(tracker)

    with pytest.raises(MissingError, match=f"no comment 7 on item {ref}"):
        tracker.update_comment(ref, "7", "x")


def test_a_board_has_each_sprint_name_once(tracker):
    """A second one is refused, and so is renaming another to it."""
    tracker.create_iteration(sprint("Sprint 1"))
    second = tracker.create_iteration(sprint("Sprint 2"))

    with pytest.raises(PermanentError, match="already has a sprint called 'Sprint 1'"):
        tracker.create_iteration(sprint("Sprint 1"))
    with pytest.raises(PermanentError, match="already has a sprint called 'Sprint 1'"):
        tracker.update_iteration(second.ref, sprint("Sprint 1"))
    assert ["Sprint 1", "Sprint 2"] == [each.name for each in tracker.list_iterations()]


def test_other_boards_have_sprints_of_the_same_name(board):
    """A name is a board's own."""
    made = [board(name).create_iteration(sprint("Sprint 1")).name for name in ("churn", "fraud")]

    assert ["Sprint 1", "Sprint 1"] == made


@pytest.mark.parametrize("title", ["", " \t"])
def test_an_item_needs_a_title(title, tracker):
    """Neither is one made without it, nor is it taken away."""
    ref = make(tracker)

    with pytest.raises(PermanentError, match="needs a title"):
        make(tracker, title)
    with pytest.raises(PermanentError, match="needs a title"):
        tracker.update_item(ref, WorkItemChange(title=title))
    assert "A" == tracker.get_item(ref).title


def test_a_text_that_is_too_long_is_refused(tracker):
    """Bytes count, in bodies and in comments; the limit itself is allowed."""
    most = "é" * (tracker.traits.max_body_bytes // 2)
    ref = make(tracker)
    tracker.update_item(ref, WorkItemChange(body=most))

    for write in (
        lambda: tracker.create_item(NewWorkItem(title="B", body=most + "!")),
        lambda: tracker.update_item(ref, WorkItemChange(body=most + "!")),
        lambda: tracker.create_comment(ref, most + "!"),
        lambda: tracker.update_comment(ref, "1", most + "!"),
    ):
        with pytest.raises(PermanentError, match="holds 262144 bytes a text, not 262145"):
            write()
    assert most == tracker.get_item(ref).body


@pytest.mark.parametrize("ref", ["", "0", "-1", "x", "1.0", "²", "9" * 17, "9" * 40, "1 OR 1=1"])
def test_a_ref_that_is_no_number_of_ours_is_missing(ref, tracker):
    """Also one that the database could not hold."""
    make(tracker)

    with pytest.raises(MissingError):
        tracker.get_item(ref)


def test_a_child_keeps_its_parent(tracker, database):
    """Made a child twice it is one; another parent is refused."""
    parent, other, child = (make(tracker, title) for title in "ABC")
    tracker.add_child(parent, child)
    tracker.add_child(parent, child)

    with pytest.raises(PermanentError, match="has another parent already"):
        tracker.add_child(other, child)
    with database.read() as connection:
        rows = connection.execute(select(LocalRelationRow.parent, LocalRelationRow.child)).all()
    assert [(int(parent), int(child))] == [tuple(row) for row in rows]


def test_whoever_writes_in_another_name_is_a_person(board):
    """Items and comments tell whose they are."""
    bot, ana = board(), board(author="ana")
    ours, theirs = make(bot), make(ana)
    bot.create_comment(theirs, "seen")
    ana.create_comment(theirs, "thanks")

    assert (True, False) == (bot.get_item(ours).ours, bot.get_item(theirs).ours)
    assert [True, False] == [each.ours for each in ana.list_comments(theirs, since=START)]


def test_a_board_that_cannot_be_read_is_told_from_one_that_cannot_be_written():
    """Reading may be done again; of writing nobody knows."""
    tracker = LocalTracker(FullDatabase(), "churn", lambda: START)

    with pytest.raises(TransientError, match="could not be read: disk is full") as caught:
        tracker.get_item("1")
    assert not isinstance(caught.value, DoubtError)
    with pytest.raises(DoubtError, match="could not be written: disk is full"):
        make(tracker)


def test_closing_lets_go_of_the_database(tracker, database):
    """Nothing is left open."""
    make(tracker)
    tracker.close()

    assert 0 == database.engine.pool.checkedin()
