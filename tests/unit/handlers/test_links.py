"""Somebody said what belongs together."""

import pytest
from msgspec.structs import replace

from fakes.pull_requests import CODE, pull_request
from fakes.read import CHURN, NOW, FakeRead, item
from trainboard.effects import EnsureExperimentItem, EnsurePullRequestStatus
from trainboard.events import ParentChanged, PullRequestLinked, WorkItemMoved
from trainboard.facts import MoveWorkItem, RecordLink, RecordParent
from trainboard.handlers.links import note, react, tell
from trainboard.item_links import LinkSource

PROJECT = replace(CHURN, tracker=CODE, code=CODE)
STATUS = EnsurePullRequestStatus(project="churn", code=CODE, pull_request=7)
SHOWN = EnsureExperimentItem(project="churn", experiment="churn-xgb", number=1)
ELSEWHERE = "github:acme/other"


def read(*, projects=(PROJECT,), links=((CODE, "12"),)):
    """Pull request 7 belongs to work item 12, which is ours."""
    return FakeRead(
        projects=projects,
        items=[item(tracker=CODE, ref="12")],
        pull_requests=[pull_request()],
        links={(CODE, 7): list(links)},
    )


def below(**fields):
    values = {"tracker": CODE, "ref": "42", "parent_tracker": CODE, "parent": "12", "linked": True, "at": NOW}
    return ParentChanged(**values | fields)


def linked(**fields):
    values = {"code": CODE, "number": 7, "tracker": CODE, "ref": "12", "linked": True, "at": NOW}
    return PullRequestLinked(**values | fields)


def moved(**fields):
    values = {"old_tracker": CODE, "old_ref": "12", "tracker": ELSEWHERE, "ref": "3", "state": "open"}
    return WorkItemMoved(**values | {"url": "", "at": NOW} | fields)


@pytest.mark.parametrize("event", [below(), linked(), moved()])
def test_what_no_project_plans_in_is_nothing_to_us(event):
    """Webhooks of an organisation tell of all its repositories."""
    assert [] == list(react(event, read(projects=[CHURN])))


def test_who_gets_a_parent_shows_it_with_its_pull_requests():
    """The pull requests of the item below, and all work items that they belong to."""
    known = read(links=[(CODE, "42"), (CODE, "12")])

    [fact, *effects] = react(below(), known)
    assert RecordParent(tracker=CODE, ref="42", parent_tracker=CODE, parent="12", linked=True, at=NOW) == fact
    assert [STATUS, SHOWN] == effects
    assert 1 == len(list(react(below(), read())))


def test_a_link_in_the_tracker_is_shown_on_both_sides():
    """Also where it was taken away, and where the repository is not told."""
    fact = RecordLink(
        code=CODE, number=7, tracker=CODE, ref="12", linked=True, at=NOW, source=LinkSource.PLATFORM
    )

    assert [fact, STATUS, SHOWN] == list(react(linked(), read()))
    gone = replace(fact, linked=False)
    assert [gone, STATUS, SHOWN] == list(react(linked(linked=False), read()))
    code = "azure-repos:acme"
    project = replace(CHURN, tracker="azure-boards:acme/Churn/Team", code=f"{code}/Churn/churn")
    request = pull_request(code=project.code)
    known = FakeRead(projects=[project], pull_requests=[request])
    [_, status] = react(linked(code=code, tracker="azure-boards:acme"), known)
    assert status == replace(STATUS, code=project.code)


def test_a_person_links_by_one_word():
    """In each tracker in which the word names something; what follows is the same as ever."""
    boards = replace(PROJECT, name="boards", tracker="azure-boards:Acme/Churn/Team")
    known = read(projects=[PROJECT, boards, replace(PROJECT, name="again")])

    def facts(word):
        return list(tell(pull_request(), word, known, linked=True, by="ada", at=NOW))

    assert [(CODE, "12"), ("azure-boards:acme", "12")] == [(each.tracker, each.ref) for each in facts("12")]
    [fact] = facts("#12")
    assert (LinkSource.PERSON, "ada") == (fact.source, fact.by)
    assert [fact, STATUS, SHOWN] == list(note(fact, known))
    assert [] == facts("the issue")


def test_an_item_that_left_its_tracker_is_ours_no_more():
    """Unless it came home; its pull requests are shown anew either way."""
    fact = MoveWorkItem(
        old_tracker=CODE, old_ref="12", tracker=ELSEWHERE, ref="3", state="gone", url="", at=NOW
    )

    assert [fact] == list(react(moved(), read()))
    home = moved(tracker=CODE, ref="12", old_ref="11")
    assert [STATUS, SHOWN] == list(react(home, read()))[1:]
    carried = moved(old_ref="12", tracker=CODE, ref="30", state="closed")
    assert "closed" == next(iter(react(carried, read()))).state
