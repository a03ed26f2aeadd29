"""An approval is awaited, or somebody answers one."""

import pytest
from msgspec.structs import replace

from fakes.pull_requests import CODE, HEAD, MERGED, approval, pull_request
from fakes.read import CHURN, NOW, FakeRead, item
from trainboard.approvals import Answer, ApprovalError, Person
from trainboard.effects import AnnounceApproval, DecideApproval
from trainboard.events import ApprovalReported
from trainboard.handlers.approvals import decide, react
from trainboard.run_requests import Asking
from trainboard.triggers import Origin

PROJECT = replace(CHURN, tracker=CODE, code=CODE)
ITEM = item(tracker=CODE, ref="12")
WAITING = approval()
PULL = pull_request(state="merged", merged_as=MERGED)
TOLD = AnnounceApproval(
    project="churn", experiment="churn-xgb", number=1, code=CODE, approval="approval/production"
)
ADA = Person(id="1", name="ada")
ASKING = Asking(
    command="approve",
    origin=Origin(place=CODE, ref="7", is_pull_request=True),
    by="ada",
    key="comment-1",
    at=NOW,
)


def read(**known):
    """The merged pull request belongs to the work item."""
    values = {
        "projects": [PROJECT],
        "items": [ITEM],
        "pull_requests": [PULL],
        "links": {(CODE, 7): [(CODE, "12"), (CODE, "99")]},
    }
    return FakeRead(**(values | known))


def reacts(told, **known):
    return list(react(ApprovalReported(approval=told), read(**known)))


def test_it_is_announced_on_the_work_items_of_its_commit():
    """Those of ours, once."""
    assert [TOLD] == reacts(WAITING)
    assert [] == reacts(WAITING, applied=[TOLD.key])


@pytest.mark.parametrize(
    ("told", "known"),
    [
        (replace(WAITING, state="approved"), {}),
        (replace(WAITING, commit=None), {}),
        (WAITING, {"projects": [CHURN]}),
        (WAITING, {"items": [replace(ITEM, state="gone")]}),
        (WAITING, {"links": {}}),
    ],
)
def test_nothing_else_is_announced(told, known):
    """What was answered, what is of no commit, and what belongs to nothing of ours."""
    assert [] == reacts(told, **known)


def decides(environment="production", verdict="approved", **known):
    answer = Answer(verdict=verdict, person=ADA, environment=environment)
    known = {"approvals": [WAITING], "versions_of": {("churn", CODE, MERGED): ["churn 7"]}} | known
    return list(decide("churn", PULL, answer, ASKING, read(**known)))


@pytest.mark.parametrize("verdict", ["approved", "rejected"])
def test_a_word_is_of_what_the_person_saw(verdict):
    """The head commit, and the versions that the waiting commit made."""
    assert [
        DecideApproval(
            project="churn",
            code=CODE,
            approval="approval/production",
            verdict=verdict,
            person=ADA,
            origin=ASKING.origin,
            asked="comment-1",
            at=NOW,
            head=HEAD,
            versions=("churn 7",),
            environment="production",
        )
    ] == decides(verdict=verdict)


def test_a_word_on_nothing_is_refused():
    """Of another commit nothing is answered."""
    with pytest.raises(ApprovalError, match="Nothing waits"):
        decides(approvals=[replace(WAITING, commit="e" * 40)])
