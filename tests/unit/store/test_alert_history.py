"""What became of alerts, read for figures."""

from datetime import timedelta

from msgspec import structs

from fakes.alerts import TOLD
from trainboard.alert_figures import AlertFigures, measure, sum_up
from trainboard.facts import RecordTouch
from trainboard.store import alert_history, problems

NOW = TOLD.at


def told(connection, minutes=0, *, firing=True, key="alert:a", project="churn", **changes):
    """The alert is told of so many minutes after the first time."""
    alert = structs.replace(TOLD.alerts[0], firing=firing, **changes)
    at = NOW + timedelta(minutes=minutes)
    problems.record(connection, structs.replace(TOLD, key=key, project=project, alerts=(alert,), at=at))


def made(connection, minutes=1, key="alert:a"):
    """The bug was made."""
    at = NOW + timedelta(minutes=minutes)
    problem = problems.find(connection, key)
    bug = {"state": "open", "tracker": "github:acme/churn", "ref": "7", "made_at": at, "written_at": at}
    problems.note(connection, problems.put(connection, problem, **bug), "made", at)


def touched(connection, seconds):
    """Somebody changed the bug."""
    at = NOW + timedelta(seconds=seconds)
    problems.touch(connection, RecordTouch(tracker="github:acme/churn", ref="7", at=at))


def figures(connection, project="churn", days=1):
    """Of the time since the first alert."""
    return measure(alert_history.find(connection, project, NOW, NOW + timedelta(days=days)))


def test_alerts_are_counted_as_often_as_they_are_told(database):
    """Two problems are told of three times; the other project's count for all projects only."""
    with database.write() as connection:
        told(connection)
        told(connection, 5)
        told(connection, 5, key="alert:b")
        told(connection, 6, key="alert:c", project="ranking")
        made(connection)

        assert AlertFigures(alerts=3, problems=2, bugs=1) == figures(connection)
        assert AlertFigures(alerts=4, problems=3, bugs=1) == figures(connection, project=None)


def test_what_is_at_the_end_belongs_to_the_next_time(database):
    """The time is half open."""
    with database.write() as connection:
        told(connection, 24 * 60)

        assert AlertFigures() == figures(connection)
        assert 1 == figures(connection, days=2).alerts


def test_a_life_is_read_from_its_beginning(database):
    """Also where that was before the time, by the sender's moments."""
    with database.write() as connection:
        told(connection, -60, starts_at=NOW - timedelta(minutes=90))
        made(connection, -59)
        told(connection, 2, firing=False, starts_at=NOW - timedelta(minutes=90), ends_at=NOW)
        problems.note(
            connection,
            problems.find(connection, "alert:a"),
            "closed",
            NOW + timedelta(minutes=12),
            "resolved",
        )

        assert sum_up([timedelta(minutes=90)]) == figures(connection).resolve


def test_an_echo_of_our_own_change_is_no_answer(database):
    """A token of a person's account makes changes that look like that person's."""
    with database.write() as connection:
        told(connection)
        made(connection)
        touched(connection, 62)
        assert 0 == figures(connection).acknowledge.count
        touched(connection, 300)
        touched(connection, 400)
        assert sum_up([timedelta(minutes=5)]) == figures(connection).acknowledge
