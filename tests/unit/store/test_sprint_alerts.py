"""What the store knows of a project's alerts in a sprint."""

from datetime import timedelta

from msgspec import structs

from fakes.alerts import DOOR, TOLD
from trainboard.facts import RecordAlerts
from trainboard.report.alerts import OpenBug
from trainboard.store import problems, sprint_alerts

NOW = TOLD.at


def told(connection, key="alert:a", minutes=0, *, firing=True, project="churn", door=DOOR, **labels):
    """An alert of a problem is told of so many minutes after the first time."""
    at = NOW + timedelta(minutes=minutes)
    alert = structs.replace(TOLD.alerts[0], firing=firing, labels=labels)
    fact = {"key": key, "project": project, "door": door, "alerts": (alert,), "at": at}
    problems.record(connection, RecordAlerts(**structs.asdict(TOLD) | fact))


def changes(connection, key, kind, minutes, **fields):
    """Something became of the bug of the problem."""
    at = NOW + timedelta(minutes=minutes)
    problem = problems.find(connection, key)
    if fields:
        problem = problems.put(connection, problem, **fields)
    problems.note(connection, problem, kind, at, "resolved" if kind == "closed" else "")


def made(connection, key, minutes=1, ref="7"):
    """A bug was made."""
    changes(
        connection, key, "made", minutes, state="open", tracker="local:churn", ref=ref, title=f"Bug {ref}"
    )


def find(connection, days=1, since=NOW):
    """What is known of the time."""
    return sprint_alerts.find(connection, "churn", since, NOW + timedelta(days=days))


def test_nothing_is_known_of_a_project_without_alerts(write):
    """Another one has some."""
    told(write, project="ranking")

    found = find(write)
    assert (False, {}, (), ()) == (found.is_known, found.told, found.still_open, found.columns)


def test_alerts_are_counted_by_their_source(write):
    """As often as they were told, within the time."""
    told(write)
    told(write, minutes=5)
    told(write, "alert:b", door="grafana/prod")
    told(write, "alert:c", project="ranking")
    told(write, "alert:d", minutes=24 * 60)

    found = find(write)
    assert (True, {DOOR: 2, "grafana/prod": 1}) == (found.is_known, found.told)
    assert 3 == found.history.told


def test_the_bugs_that_are_open_at_the_end_are_named(write):
    """As they stood then, whatever became of them later."""
    for key in ("alert:a", "alert:b", "alert:c", "alert:d"):
        told(write, key)
    made(write, "alert:a", ref="1")
    made(write, "alert:b", ref="2")
    made(write, "alert:c", ref="3")
    changes(write, "alert:b", "closed", 10)
    changes(write, "alert:c", "closed", 11)
    changes(write, "alert:c", "reopened", 12)
    changes(write, "alert:a", "closed", 2 * 24 * 60)
    made(write, "alert:d", minutes=24 * 60, ref="4")

    assert [
        OpenBug(problem="alert:a", rule="FeatureDrift", title="Bug 1", ref="1"),
        OpenBug(problem="alert:c", rule="FeatureDrift", title="Bug 3", ref="3"),
    ] == list(find(write).still_open)
    assert ["3", "4"] == [each.ref for each in find(write, days=3).still_open]


def test_a_bug_that_somebody_deleted_is_not_open(write):
    """Its successor is."""
    told(write)
    made(write, "alert:a")
    changes(write, "alert:a", "shown", 2, state="gone")
    assert () == find(write).still_open

    problems.put(write, problems.find(write, "alert:a"), generation=2, earlier="7", ref="")
    made(write, "alert:a", minutes=5, ref="8")
    assert ["8"] == [each.ref for each in find(write).still_open]
    assert {("local:churn", "7"), ("local:churn", "8")} == sprint_alerts.list_bugs(write, "churn")
    assert set() == sprint_alerts.list_bugs(write, "ranking")


def test_the_columns_of_what_began_are_named(write):
    """Each once; of a problem that went on from before nothing began."""
    told(write, "alert:old", minutes=-60, column="old")
    told(write, "alert:a", column="tenure")
    told(write, "alert:b", column="age")
    told(write, "alert:c", column="age")
    told(write, "alert:d", feature="x")

    assert ("age", "tenure") == find(write).columns
