"""Tags of the code are looked for where a project says so."""

from msgspec.structs import replace

from fakes.read import CHURN, FakeRead
from trainboard.effects import ReadModelTags
from trainboard.events import HistoryDue
from trainboard.handlers.model_tags import react


def test_only_projects_that_say_so_are_looked_at():
    """A repository may have tags that look like them by accident."""
    tagged = replace(CHURN, name="risk", model_tags=True)
    assert [ReadModelTags(project="risk")] == list(react(HistoryDue(), FakeRead(projects=[CHURN, tagged])))
