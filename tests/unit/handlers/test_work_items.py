"""Somebody changed a work item in its tracker."""

import pytest

from fakes.read import NOW, FakeRead, item
from trainboard.effects import EnsureExperimentItem, RecordWorkItem
from trainboard.events import WorkItemChanged
from trainboard.handlers.work_items import react

KNOWN = item(number=3)


def changed(action, **fields):
    values = {"tracker": "local:churn", "ref": "1", "title": "T", "state": "open", "at": NOW} | fields
    return WorkItemChanged(action=action, **({"actor": "ana", "by_bot": False} | values))


def outcomes(event):
    return list(react(event, FakeRead(items=[KNOWN])))


def noted(state="open"):
    return RecordWorkItem(tracker="local:churn", ref="1", title="T", state=state, at=NOW)


def test_an_item_of_somebody_else_is_nothing_to_us():
    """Neither another number nor another tracker is ours."""
    assert [] == outcomes(changed("edited", ref="2"))
    assert [] == outcomes(changed("edited", tracker="github:acme/churn"))


@pytest.mark.parametrize("action", ["edited", "reopened"])
def test_text_that_a_person_edited_is_read_again(action):
    """It may hold other targets, which the item shows at its latest sprint."""
    look = EnsureExperimentItem(project="churn", experiment="churn-xgb", number=3)

    assert [noted(), look] == outcomes(changed(action))


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
