"""Bugs of alerts in a stretch of time."""

from datetime import timedelta

from fakes.alerts import put_problem
from fakes.read import NOW
from trainboard.store import report_news
from trainboard.store.alert_models import MomentRow


def test_bugs_of_alerts(write):
    """Of the project, and within the time."""
    put_problem(write)
    for kind, hours in (("made", 2), ("closed", 1), ("reopened", 0), ("told", 2), ("made", 30)):
        moment = {"problem": "alert:seed", "generation": 1, "kind": kind, "note": "1"}
        write.execute(MomentRow.__table__.insert().values(**moment, at=NOW - timedelta(hours=hours)))
    since = NOW - timedelta(hours=24)
    assert {"made": 1, "closed": 1} == report_news.count_bugs(write, "churn", since, NOW)
    assert {} == report_news.count_bugs(write, "other", since, NOW)
