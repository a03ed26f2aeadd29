"""What happens to work items is written down as it is told."""

from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from fakes.read import CHURN, NOW, POLICY, FakeRead
from trainboard.effects import ReadChanges, ReadSprints
from trainboard.events import HistoryDue, WorkItemChanged
from trainboard.handlers.history import react
from trainboard.report.happenings import Past

GITHUB = replace(CHURN, tracker="github:acme/churn", sprint=replace(POLICY, started_labels=("In progress",)))
URL = "https://github.com/acme/churn/issues/7"


def changed(action, **fields):
    """GitHub tells of issue 7."""
    told = {
        "tracker": GITHUB.tracker,
        "ref": "7",
        "title": "Train",
        "state": "open",
        "at": NOW,
        "actor": "ana",
        "by_bot": False,
        "iteration": "3",
        "url": URL,
    }
    return WorkItemChanged(action=action, **(told | fields))


def tell(*events, refs=((1, "3"), (2, "4"))):
    """What is written down."""
    read = FakeRead(projects=[GITHUB], refs=dict(refs))
    facts = [fact for event in events for fact in react(event, read)]
    assert {"churn"} >= {fact.project for fact in facts}
    return [fact.happening for fact in facts]


def test_each_project_is_looked_at():
    """Once."""
    assert [ReadSprints(project=CHURN.name)] == list(react(HistoryDue(), FakeRead(projects=[CHURN])))


def test_who_does_not_say_how_an_item_stands_is_no_witness():
    """The tracker is asked, for each project that lives there."""
    boards = replace(CHURN, tracker="azure-boards:acme/Churn/Churn ML")
    event = changed("edited", tracker="azure-boards:acme", state=None)
    assert [ReadChanges(project="churn")] == list(react(event, FakeRead(projects=[boards])))


@pytest.mark.parametrize(
    ("action", "fields", "asks"),
    [
        ("commented", (), 0),
        ("edited", ("body", "assignees"), 0),
        ("edited", ("body", "iteration"), 1),
        ("edited", ("Microsoft.VSTS.Scheduling.Effort",), 1),
        ("edited", (), 1),
        ("deleted", (), 1),
    ],
)
def test_nobody_is_asked_about_what_no_report_is_about(action, fields, asks):
    """As comments and texts."""
    boards = replace(CHURN, tracker="azure-boards:acme/Churn/Churn ML")
    event = changed(action, tracker="azure-boards:acme", state=None, fields=fields)
    assert asks == len(list(react(event, FakeRead(projects=[boards]))))


def test_items_of_other_trackers_are_nothing_to_us():
    """Nor those of other repositories."""
    assert [] == tell(changed("opened", tracker="github:acme/plans"))


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (
            changed("opened", labels=("tb:points-5",)),
            {"title": "Train", "url": URL, "sprint": 1, "points": Decimal(5)},
        ),
        (changed("milestoned", iteration="4"), {"title": "Train", "url": URL, "sprint": 2, "points": None}),
        (
            changed("milestoned", iteration="9"),
            {"title": "Train", "url": URL, "sprint": None, "points": None},
        ),
        (changed("demilestoned"), {"sprint": None}),
        (changed("deleted"), {"sprint": None}),
        (changed("transferred"), {"sprint": None}),
        (changed("edited", fields=("title",)), {"title": "Train", "url": URL}),
        (changed("labeled", label="tb:points-8", labels=("tb:points-8",)), {"points": Decimal(8)}),
        (changed("unlabeled", label="tb:points-8"), {"points": None}),
        (changed("labeled", label="in Progress", labels=("in Progress",)), {"begins": True}),
        (changed("closed", state="closed", closed_as="done"), {"state": "done"}),
        (changed("closed", state="closed", closed_as="not planned"), {"state": "cancelled"}),
        (changed("reopened"), {"state": "open"}),
    ],
)
def test_what_an_action_is_about_is_told(event, told):
    """And nothing else, which may be of a later moment."""
    [happening] = tell(event)
    names = ("title", "url", "sprint", "points", "state")
    said = {name: value for name in names if (value := getattr(happening, name)) is not UNSET}
    assert told == said | ({"begins": True} if happening.begins else {})
    assert ("7", NOW) == (happening.item, happening.at)


@pytest.mark.parametrize(
    "event",
    [
        changed("assigned"),
        changed("edited", fields=("body",)),
        changed("labeled", label="data", labels=("data", "tb:points-5")),
        changed("labeled", label="tb:points-many"),
        changed("unlabeled", label="In progress"),
    ],
)
def test_what_no_report_is_about_is_not_told(event):
    """Nothing is written down."""
    assert [] == tell(event)


def test_two_sprints_or_estimates_at_one_moment():
    """Out of one and into the other are two deliveries of one second, in any order."""
    told = tell(
        changed("milestoned", iteration="4"),
        changed("labeled", label="tb:points-5", labels=("tb:points-5", "tb:points-8"), iteration="4"),
        changed("unlabeled", label="tb:points-8", labels=("tb:points-5",), iteration="4"),
        changed("demilestoned", iteration=None),
    )
    for order in (told, told[::-1]):
        item = Past(order).stand_at(NOW + timedelta(seconds=1))["7"]
        assert (2, Decimal(5)) == (item.sprint, item.points)
