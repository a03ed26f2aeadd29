"""Plans that people write are read, whoever tells of them."""

import pytest
from msgspec.structs import replace

from fakes.read import CHURN, NOW, FakeRead, item
from trainboard.effects import FindPlans, ReadPlan
from trainboard.events import HistoryDue, WorkItemChanged
from trainboard.handlers.plans import react

BOARDS = "azure-boards:acme"
READ = ReadPlan(project="churn", ref="7")


def changed(action="opened", **fields):
    values = {"tracker": CHURN.tracker, "ref": "7", "title": "T", "state": "open", "at": NOW}
    values |= {"actor": "ana", "by_bot": False, "labels": ("tb:experiment",)}
    return WorkItemChanged(action=action, **(values | fields))


def outcomes(event, **known):
    return list(react(event, FakeRead(items=known.pop("items", []), **known)))


@pytest.mark.parametrize("action", ["opened", "edited", "labeled", "reopened", "restored"])
def test_what_a_person_made_a_plan_of_is_read(action):
    """By opening it, by the label, or by another text."""
    assert [READ] == outcomes(changed(action))
    assert [READ] == outcomes(changed(action, labels=("ml", "TB:Experiment")))


@pytest.mark.parametrize(
    "fields",
    [
        {"labels": ("ml",)},
        {"by_bot": True},
        {"state": "closed"},
        {"action": "commented"},
        {"action": "deleted"},
        {"tracker": "github:acme/other"},
    ],
)
def test_what_is_no_plan_is_not_read(fields):
    """No call for each issue of the repository."""
    assert [] == outcomes(changed(**fields))


def test_an_item_of_an_experiment_is_no_plan_any_more():
    """Nor one that was let go."""
    for state in ("open", "gone"):
        known = item(tracker=CHURN.tracker, ref="7", state=state)
        assert [] == outcomes(changed(), items=[known])


def test_who_tells_nothing_of_an_item_may_tell_of_a_plan():
    """Hooks of Azure DevOps can be set to leave everything out."""
    assert [READ] == outcomes(changed(title="", state=None, labels=()))
    assert [] == outcomes(changed(title="T", state=None, labels=()))


def test_projects_of_one_organisation_are_asked_once_for_each_place():
    """The number does not say whose it is; teams of one project share their items."""
    projects = [
        replace(CHURN, name=name, tracker=f"{BOARDS}/{place}")
        for name, place in [("a", "Churn/ML"), ("b", "Churn/Ops"), ("c", "Fraud/ML")]
    ]
    found = outcomes(changed(tracker=BOARDS), projects=projects)
    assert ["a", "c"] == [each.project for each in found]


def test_plans_are_looked_for_in_each_project():
    """What hooks do not tell, and where there are none."""
    assert [FindPlans(project="churn")] == outcomes(HistoryDue())
