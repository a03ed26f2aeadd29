"""What alerts became."""

from datetime import timedelta

from fakes.plans import SPRINT, day
from trainboard.alert_figures import AlertHistory
from trainboard.alert_life import Moment
from trainboard.report.alerts import AlertWork, OpenBug, SprintAlerts, measure

BUG = OpenBug(problem="b", rule="Slow")


def moment(problem, kind, at, note=""):
    """Something became of a problem."""
    return Moment(problem=problem, kind=kind, at=at, note=note)


HISTORY = AlertHistory(
    since=SPRINT.starts_at,
    until=SPRINT.ends_at,
    told=7,
    moments=(
        moment("a", "began", day(2)),
        moment("a", "made", day(2)),
        moment("b", "began", day(3)),
        moment("b", "made", day(3)),
        moment("a", "over", day(2, hour=16)),
        moment("a", "closed", day(2, hour=17), "resolved"),
    ),
)


def test_the_worked_example():
    """Seven alerts of two problems became two bugs, of which one was resolved after four hours."""
    known = SprintAlerts(
        history=HISTORY,
        is_known=True,
        told={"grafana/b": 2, "alertmanager/a": 5},
        still_open=(BUG,),
        columns=("age",),
    )
    assert AlertWork(
        is_known=True,
        received=7,
        problems=2,
        bugs=2,
        closed=1,
        still_open=(BUG,),
        resolved=1,
        resolve=timedelta(hours=4),
        noisiest=("alertmanager/a", 5),
        columns=("age",),
    ) == measure(known)


def test_of_equally_loud_sources_the_first_by_name_is_told():
    """So that a report is the same each time; of none there is none."""
    loud = SprintAlerts(history=HISTORY, told={"b": 3, "a": 3})
    assert ("a", 3) == measure(loud).noisiest
    assert None is measure(SprintAlerts(history=HISTORY)).noisiest
