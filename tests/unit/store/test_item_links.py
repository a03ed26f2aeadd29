"""Which work items a pull request belongs to, as it is found from rows."""

import random
from datetime import timedelta

import pytest
from msgspec.structs import replace

from fakes.code import CODE, HEAD, NOW, pull_request
from fakes.read import item
from trainboard.engine.facts import record
from trainboard.facts import (
    MoveWorkItem,
    RecordLink,
    RecordLinks,
    RecordParent,
    RecordPullRequest,
    RecordRun,
)
from trainboard.item_links import Link, LinkSource
from trainboard.runs import ExperimentName, RunFacts, RunReport, RunStatus
from trainboard.runs import Links as RunLinks
from trainboard.store import item_links, items, moves, pull_requests

TRACKER = CODE
LATER = NOW + timedelta(minutes=5)
PUSHED = "b" * 40


def linked(*refs, number=7, at=NOW):
    return RecordLinks(code=CODE, number=number, tracker=TRACKER, refs=refs, at=at)


def told(ref="1", *, by="ada", source=LinkSource.PERSON, linked=True, at=NOW, **fields):
    values = {"code": CODE, "number": 7, "tracker": TRACKER} | fields
    return RecordLink(ref=ref, linked=linked, at=at, source=source, by=by, **values)


def below(ref, parent, *, linked=True, at=NOW, parent_tracker=TRACKER):
    return RecordParent(
        tracker=TRACKER, ref=ref, parent_tracker=parent_tracker, parent=parent, linked=linked, at=at
    )


def opened(**fields):
    return RecordPullRequest(pull_request=pull_request(**fields))


def trained(run_id="r1", commit=HEAD, *, planned=True, code=CODE, number=1, **links):
    report = RunReport(
        source="mlflow:prod",
        run=RunFacts(id=run_id, status=RunStatus.FINISHED),
        experiment=ExperimentName(name="churn-xgb"),
        links=RunLinks(commit=commit, **links),
    )
    return RecordRun(project="churn", number=number, planned=planned, at=NOW, report=report, code=code)


def moved(ref, new_ref, tracker=TRACKER, **fields):
    values = {"old_tracker": TRACKER, "state": "open", "url": "", "at": NOW} | fields
    return MoveWorkItem(old_ref=ref, tracker=tracker, ref=new_ref, **values)


@pytest.fixture
def known(write):
    """A way to tell facts; answers which items pull request 7 belongs to, and by whose word."""
    items.add(write, item(tracker=TRACKER, ref="1"), NOW)

    def tell(*facts, number=7):
        for fact in facts:
            record(write, fact, NOW)
        found = item_links.list_links(write, CODE, number)
        for link in found:
            mine = [each.number for each in pull_requests.list_of_item(write, link.tracker, link.ref)]
            assert (number in mine) == (pull_requests.find(write, CODE, number) is not None)
        return {link.ref: link.source.value for link in found}

    tell.connection = write
    return tell


def test_a_persons_word_outlives_the_description(known):
    """What an edit leaves out is a link no longer; what somebody linked is one until somebody unlinks it."""
    assert {"1": "person", "2": "words"} == known(opened(), linked("1", "2"), told("1"))
    assert {"1": "person"} == known(linked(at=LATER))
    assert {} == known(told("1", linked=False, at=LATER))
    expected = (Link(tracker=TRACKER, ref="1", source=LinkSource.PERSON, by="bob"),)
    known(told("1", by="bob", at=LATER + timedelta(minutes=1)))
    assert expected == item_links.list_links(known.connection, CODE, 7)


def test_what_a_person_unlinked_is_linked_by_nothing_else(known):
    """Neither by the description nor by the tracker nor by a run."""
    tracker = told("1", source=LinkSource.PLATFORM, by="")

    assert {"1": "words"} == known(opened(), linked("1"), tracker, trained())
    assert {} == known(told("1", linked=False, at=LATER))


def test_what_a_tracker_unlinks_may_be_named_still(known):
    """It speaks for itself only."""
    unlinked = told("1", source=LinkSource.PLATFORM, by="", linked=False, at=LATER)

    assert {"1": "platform"} == known(opened(), told("1", source=LinkSource.PLATFORM, by=""))
    assert {"1": "words"} == known(linked("1"), unlinked)
    assert {} == known(linked(at=LATER))


def test_a_number_tells_a_pull_request_of_azure_repos(known):
    """Whatever its repository, in its organisation and in no other."""
    code = "azure-repos:acme/Churn/churn"
    for organization in ("acme", "other"):
        ref = "1" if organization == "acme" else "2"
        link = told(ref, code=f"azure-repos:{organization}", source=LinkSource.PLATFORM, by="")
        known(opened(code=code), link)

    assert [(TRACKER, "1")] == item_links.list_of(known.connection, code, 7)
    assert [code] == [each.code for each in pull_requests.list_of_item(known.connection, TRACKER, "1")]


def test_a_sub_issue_leads_to_its_parents(known):
    """As long as it is below them."""
    assert {"5": "words", "1": "child"} == known(opened(), linked("5"), below("5", "1"))
    assert {"5": "words"} == known(below("5", "1", linked=False, at=LATER))
    assert {"5": "words"} == known(below("5", "1", linked=True, at=NOW + timedelta(minutes=1)))


def test_a_run_of_any_commit_of_it_links_its_item(known):
    """Also after a push, and a push by force: the link stays, though the run is no evidence any more."""
    assert {} == known(trained())
    assert {"1": "run"} == known(opened())
    assert {"1": "run"} == known(opened(head=PUSHED, at=LATER))
    assert {"1": "run"} == known(opened(head=PUSHED, state="closed", at=LATER + timedelta(minutes=1)))
    assert {} == known(opened(number=8, head="c" * 40), number=8)


@pytest.mark.parametrize(
    "run",
    [
        trained(dirty=True),
        trained(repo="acme/other"),
        trained(planned=False),
        trained(code=None),
        trained(code="github:acme/other"),
        trained(number=2),
        trained(commit=PUSHED),
    ],
)
def test_another_run_links_nothing(known, run):
    """Of a dirty tree, another repository, an experiment without an item, or another commit."""
    assert {} == known(opened(), run)


def test_a_run_may_tell_later_that_its_tree_was_dirty(known):
    """Then it was none of that commit."""
    assert {"1": "run"} == known(opened(), trained())
    assert {} == known(trained(dirty=True))


def test_a_transferred_item_is_followed(known):
    """By its links and by our own row; what still names it as it was called leads to it."""
    assert {"1": "words"} == known(opened(), linked("1"))
    assert {"70": "words"} == known(
        moved("1", "70", "github:acme/plans"), moved("1", "70", "github:acme/plans")
    )
    mine = items.find_by_ref(known.connection, "github:acme/plans", "70")
    assert ("churn-xgb", "open") == (mine.item.experiment, mine.item.state)
    assert {"9": "words"} == known(moved("70", "9", old_tracker="github:acme/plans"))
    assert {"9": "words", "8": "child"} == known(below("1", "8"))
    assert {} == known(told("1", linked=False))


def test_a_revert_belongs_to_what_it_undoes(known):
    """And to no more of it once that was unlinked there; a fork that says so belongs to nothing."""
    revert = {"number": 9, "title": 'Revert "Try more trees"', "text": "Reverts acme/churn#7"}
    known(opened(state="merged"), linked("1"))

    assert {"1": "revert"} == known(opened(**revert), number=9)
    assert {} == known(opened(**revert | {"from_fork": True, "at": LATER}), number=9)


def test_a_merged_revert_undoes_a_merge_until_it_is_undone_itself(known):
    """One that is open or was closed undoes nothing."""

    def undone(*facts):
        known(*facts)
        return item_links.find_undoing(known.connection, CODE, 7)

    revert = opened(number=9, title='Revert "T"', text="Reverts #7")
    again = opened(number=11, title='Revert "Revert "T""', text="Reverts #9", state="merged")
    assert undone(opened(state="merged"), revert) is None
    merged = RecordPullRequest(pull_request=replace(revert.pull_request, state="merged", at=LATER))
    assert 9 == undone(merged)
    assert undone(again) is None


def test_links_follow_a_renamed_repository(known):
    """Also those that were told by the new name already."""
    new = "github:acme/leavers"
    known(opened(), told("1"), trained(), below("5", "6"), linked("5"))
    for fact in (told("1", tracker=new, code=new, at=LATER), below("5", "6", parent_tracker=new, at=LATER)):
        record(known.connection, replace(fact, tracker=new), NOW)
    moves.follow(known.connection, CODE, new)

    found = item_links.list_links(known.connection, new, 7)
    assert {(new, "1"): "person", (new, "5"): "words", (new, "6"): "child"} == {
        link.item: link.source for link in found
    }


FACTS = [
    opened(),
    opened(head=PUSHED, at=LATER),
    linked("5", "6"),
    linked("5", at=LATER),
    told("3"),
    told("3", linked=False, at=LATER),
    told("4", linked=False),
    told("4", at=LATER),
    told("7", source=LinkSource.PLATFORM, by=""),
    told("7", source=LinkSource.PLATFORM, by="", linked=False),
    below("5", "8"),
    below("5", "8", linked=False, at=LATER),
    below("5", "9"),
    below("9", "10"),
    trained(),
    trained("r2", PUSHED, dirty=True),
    moved("9", "90"),
    opened(number=3, state="merged", head="c" * 40),
    linked("33", number=3),
    opened(title='Revert "T"', text="Reverts #3", at=LATER + timedelta(minutes=1)),
]


@pytest.mark.parametrize("seed", range(10))
def test_the_order_makes_no_difference(known, seed):
    """Shuffled and doubled, the same links are found."""
    shuffled = FACTS * 2
    random.Random(seed).shuffle(shuffled)

    expected = {
        "1": "run",
        "4": "person",
        "5": "words",
        "33": "revert",
        "10": "child",
        "90": "child",
    }
    assert expected == known(*shuffled)
