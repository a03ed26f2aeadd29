"""What happened to work items, once however often it is told, and how far trackers were asked."""

from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from trainboard.facts import RecordHappening
from trainboard.iterations import Iteration
from trainboard.report.gaps import Gap
from trainboard.report.happenings import Happening
from trainboard.store import history_readings, item_history, iterations
from trainboard.store.history_readings import LONGEST_SILENCE
from trainboard.work_items import TrackerIteration

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
SPRINT = Iteration(number=1, name="Sprint 1", start=date(2026, 11, 9), end=date(2026, 11, 22))
PLANNED = Happening(item="1", at=NOW, sprint=1, title="Train")


def told(connection):
    return [replace(each, order=0, source="") for each in item_history.list_of(connection, "churn")]


def test_it_is_written_down_once(write):
    """By its source, or by all that it tells; when it was heard of first stays."""
    named = Happening(item="1", at=NOW, state="done", source="revision:1.2")
    assert 2 == item_history.add(write, "churn", [PLANNED, named], NOW)
    assert 0 == item_history.add(write, "churn", [PLANNED, named], NOW + HOUR)
    assert [NOW, NOW] == [each.noted_at for each in item_history.list_of(write, "churn")]
    assert 1 == item_history.add(write, "plans", [PLANNED], NOW)


def test_only_items_that_ever_were_in_a_sprint_are_listed(write):
    """With all that happened to them before; the others may come in later."""
    made = Happening(item="2", at=NOW - HOUR, title="Serve", sprint=None)
    item_history.add(write, "churn", [PLANNED, made], NOW)
    assert ["1"] == [each.item for each in told(write)]
    item_history.add(write, "churn", [Happening(item="2", at=NOW, sprint=1)], NOW)
    assert ["1", "2", "2"] == [each.item for each in told(write)]


def test_what_the_tracker_told_before_is_not_told_by_a_delivery(write):
    """It came late."""
    asked = Happening(item="1", at=NOW, sprint=1, source="event:5")
    item_history.add(write, "churn", [asked], NOW)
    fact = RecordHappening(project="churn", happening=Happening(item="1", at=NOW, sprint=1))
    item_history.record(write, fact, NOW, 7)
    assert 1 == len(told(write))


def test_what_was_heard_since(write):
    """By item."""
    item_history.add(write, "churn", [PLANNED], NOW)
    assert {"1"} == item_history.list_heard_since(write, "churn", NOW - HOUR)
    assert set() == item_history.list_heard_since(write, "churn", NOW)


def read(connection, now, *, complete=True, mark="7"):
    """The tracker is asked at that time."""
    history_readings.note_silence(connection, "churn", now)
    history_readings.advance(connection, "churn", mark, now, complete=complete)


def test_a_time_without_a_look_is_a_gap_until_all_is_read(write):
    """A look that did not come to its end is named."""
    read(write, NOW)
    assert [] == history_readings.list_gaps(write, "churn", NOW + LONGEST_SILENCE)
    late = NOW + timedelta(hours=9)
    assert [Gap(began_at=NOW, ended_at=late)] == history_readings.list_gaps(write, "churn", late)
    read(write, late, complete=False)
    [gap] = history_readings.list_gaps(write, "churn", late + HOUR)
    assert (NOW, late) == (gap.began_at, gap.looked_at)
    read(write, late + HOUR)
    assert [] == history_readings.list_gaps(write, "churn", late + HOUR)


def test_a_board_of_our_own_has_no_gaps(write):
    """What happens there is written down as it happens."""
    read(write, NOW, mark="")
    assert [] == history_readings.list_gaps(write, "churn", NOW + timedelta(days=9))


def test_sprints_are_remembered_beside_the_mark(write):
    """Each stays when the other changes."""
    read(write, NOW)
    history_readings.note_sprints(write, "churn", "1\n2", NOW)
    read(write, NOW + HOUR, mark="8")
    history_readings.note_sprints(write, "churn", "1\n2", NOW + HOUR)
    assert NOW == history_readings.find_beginning(write, "churn")
    reading = history_readings.get(write, "churn")
    assert ("8", "1\n2", NOW + HOUR) == (reading.mark, reading.sprints, reading.read_at)


def sprint(connection, number, name, now):
    made = TrackerIteration(ref=str(number), name=name)
    iterations.add(
        connection, "churn", "github:acme/churn", replace(SPRINT, number=number), made=made, now=now
    )


def test_a_sprint_is_found_by_what_it_was_called_then(write):
    """Also where another one has that name now."""
    sprint(write, 1, "Sprint 1", NOW)
    iterations.rename(write, "github:acme/churn", "1", "Labels", NOW + HOUR)
    sprint(write, 2, "Sprint 1", NOW + 2 * HOUR)

    def find(name, at):
        return iterations.find_number_then(write, "churn", name, at)

    assert (1, 1) == (find("Sprint 1", NOW - HOUR), find("Sprint 1", NOW + HOUR / 2))
    assert (1, 2) == (find("Labels", NOW + 3 * HOUR), find("Sprint 1", NOW + 3 * HOUR))
    assert None is find("Backlog", NOW)
    iterations.forget(write, "github:acme/churn", "1")
    assert 1 == find("Labels", NOW + 3 * HOUR)
    assert (2, None) == (
        iterations.find_number_of(write, "churn", "2"),
        iterations.find_number_of(write, "churn", "1"),
    )
