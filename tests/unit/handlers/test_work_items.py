"""Somebody changed a work item in its tracker."""

import pytest

from fakes.read import NOW, FakeRead, item
from trainboard.effects import EnsureExperimentItem, EnsureRefactoring
from trainboard.events import WorkItemChanged
from trainboard.facts import RecordPlanWord, RecordWorkItem
from trainboard.handlers.work_items import react
from trainboard.plans import PlanWord
from trainboard.refactoring import Refactoring

KNOWN = item(number=3)


def changed(action, **fields):
    values = {"tracker": "local:churn", "ref": "1", "title": "T", "state": "open", "at": NOW} | fields
    return WorkItemChanged(action=action, **({"actor": "ana", "by_bot": False} | values))


def outcomes(event):
    return list(react(event, FakeRead(items=[KNOWN])))


def noted(state="open", title="T"):
    return RecordWorkItem(tracker="local:churn", ref="1", title=title, state=state, at=NOW)


LOOK = EnsureExperimentItem(project="churn", experiment="churn-xgb", number=3)


def test_an_item_of_somebody_else_is_nothing_to_us():
    """Neither another number nor another tracker is ours."""
    assert [] == outcomes(changed("edited", ref="2"))
    assert [] == outcomes(changed("edited", tracker="github:acme/churn"))


def conclusions(event, value="concluded"):
    ended = PlanWord(subject="conclusion", value=value, by="", at=NOW)
    read = FakeRead(items=[KNOWN], plan_words={("local:churn", "1"): [ended]})
    return [each.word for each in react(event, read) if isinstance(each, RecordPlanWord)]


@pytest.mark.parametrize("told", [{"action": "reopened"}, {"action": "edited", "fields": ("state",)}])
def test_who_opens_an_experiment_again_takes_back_how_it_ended(told):
    """GitHub calls it so, Azure Boards tells the field."""
    assert [PlanWord(subject="conclusion", by="ana", at=NOW)] == conclusions(changed(**told))


@pytest.mark.parametrize(
    "told",
    [
        {"action": "edited", "fields": ("title",)},
        {"action": "closed", "state": "closed"},
        {"action": "reopened", "by_bot": True},
    ],
)
def test_nothing_else_takes_it_back(told):
    """Nor is taken back what nobody said."""
    assert [] == conclusions(changed(**told))
    assert [] == conclusions(changed("reopened"), value="")


@pytest.mark.parametrize("action", ["edited", "reopened"])
def test_text_that_a_person_edited_is_read_again(action):
    """It may hold other targets, which the item shows at its latest sprint."""
    assert [noted(), LOOK] == outcomes(changed(action))


@pytest.mark.parametrize(
    ("fields", "looks"),
    [((), [LOOK]), (("title",), [LOOK]), (("labels", "body"), [LOOK]), (("labels", "Rank"), [])],
)
def test_an_edit_of_other_fields_is_not_read(fields, looks):
    """A board that is sorted anew changes no target; who does not say what changed may have changed all."""
    assert [noted(), *looks] == outcomes(changed("edited", fields=fields))


def test_an_edit_of_the_bot_is_only_noted():
    """The bot does not answer to itself."""
    assert [noted()] == outcomes(changed("edited", by_bot=True, actor="trainboard[bot]"))


@pytest.mark.parametrize(
    ("action", "state", "expected"),
    [
        ("closed", "closed", "closed"),
        ("labeled", "open", "open"),
        ("deleted", "open", "gone"),
        ("transferred", "closed", "gone"),
    ],
)
def test_other_changes_are_only_noted(action, state, expected):
    """An item that was deleted or went to another repository is gone, whatever its state was."""
    assert [noted(expected)] == outcomes(changed(action, state=state))


@pytest.mark.parametrize(
    ("fields", "by_bot", "expected"),
    [
        (("state",), False, [LOOK]),
        (("state",), True, [LOOK]),
        (("body",), True, []),
        ((), True, []),
        (("labels",), False, []),
    ],
)
def test_a_state_that_is_not_told_is_looked_up(fields, by_bot, expected):
    """Also where another bot changed it; nothing is noted that nobody said."""
    assert expected == outcomes(changed("edited", state=None, fields=fields, by_bot=by_bot))


@pytest.mark.parametrize("action", ["opened", "commented"])
def test_what_changes_no_state_needs_none(action):
    """A new item and a comment say nothing that is not known."""
    assert [] == outcomes(changed(action, state=None))


@pytest.mark.parametrize("action", ["deleted", "transferred"])
@pytest.mark.parametrize("by_bot", [True, False])
def test_who_tells_no_state_is_not_believed_that_an_item_is_gone(action, by_bot):
    """It is looked for: gone is for ever."""
    assert [LOOK] == outcomes(changed(action, state=None, title="", by_bot=by_bot))


def test_a_title_that_is_not_told_stays():
    """What is noted of an item has the title that is known."""
    assert [noted("closed", KNOWN.title)] == outcomes(changed("closed", state="closed", title=""))


@pytest.mark.parametrize(("state", "expected"), [(None, "open"), ("closed", "closed")])
def test_a_restored_item_is_there_again(state, expected):
    """It counts as open until it was read, where its state is not told."""
    assert [noted(expected), LOOK] == outcomes(changed("restored", state=state))


@pytest.mark.parametrize(
    ("fields", "looks"),
    [
        ({"by_bot": False}, True),
        ({"by_bot": True}, False),
        ({"by_bot": True, "state": "closed"}, True),
        ({"ref": "3"}, False),
    ],
)
def test_the_item_of_a_notebook_is_looked_at(fields, looks):
    """When a person changed it, or a command its state."""
    known = Refactoring(
        project="churn",
        code="github:acme/churn",
        path="a.ipynb",
        tracker="local:churn",
        ref="2",
        url="",
        state="open",
        asked="a",
        changed_at=NOW,
    )
    read = FakeRead(refactorings=[known])
    look = EnsureRefactoring(project="churn", code="github:acme/churn", path="a.ipynb")
    event = changed("edited", **({"ref": "2"} | fields))
    assert ([look] if looks else []) == list(react(event, read))
