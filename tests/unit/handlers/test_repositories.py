"""A repository can be written to no longer, or again."""

from msgspec.structs import replace

from fakes.pull_requests import CODE, pull_request
from fakes.read import CHURN, NOW, FakeRead, item
from trainboard.effects import EnsureExperimentItem, EnsurePullRequestStatus
from trainboard.events import RepositoryChanged
from trainboard.facts import RecordRepository
from trainboard.handlers.repositories import react

PROJECT = replace(CHURN, tracker=CODE, code=CODE)


def outcomes(state, *projects):
    known = FakeRead(
        projects=projects,
        items=[item(tracker=CODE)],
        pull_requests=[pull_request(), pull_request(number=8, state="closed")],
    )
    return list(react(RepositoryChanged(code=CODE, state=state, at=NOW), known))


def test_one_of_no_project_is_nothing_to_us():
    """Webhooks of an organisation tell of all its repositories."""
    assert [] == outcomes("read-only", CHURN)


def test_what_waited_is_shown_when_it_can_be():
    """Open pull requests and open work items; of an archived one it is only noted."""
    assert [RecordRepository(code=CODE, state="read-only", at=NOW)] == outcomes("read-only", PROJECT)
    assert [
        RecordRepository(code=CODE, state="writable", at=NOW),
        EnsurePullRequestStatus(project="churn", code=CODE, pull_request=7),
        EnsureExperimentItem(project="churn", experiment="churn-xgb", number=1),
    ] == outcomes("writable", PROJECT)
    assert 2 == len(outcomes("writable", replace(CHURN, tracker=CODE)))
