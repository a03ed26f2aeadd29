"""The clock has the sprints looked at."""

from fakes.read import CHURN, FakeRead
from trainboard.effects import ReadSprints
from trainboard.events import HistoryDue
from trainboard.handlers.history import react


def test_each_project_is_looked_at():
    """Once."""
    assert [ReadSprints(project=CHURN.name)] == list(react(HistoryDue(), FakeRead(projects=[CHURN])))
