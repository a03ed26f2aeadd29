"""Budgets that are used up by time alone."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from fakes.experiments import START, run
from fakes.read import FakeRead, item
from trainboard.effects import EnsureExperimentItem
from trainboard.events import HistoryDue
from trainboard.handlers.budgets import react
from trainboard.iterations import SprintPolicy
from trainboard.policy import Project
from trainboard.read import ShownBudget
from trainboard.spending import Limit, LimitUse

SPRINTS = SprintPolicy(length_days=14, first_start=date(2026, 3, 2))
PROJECT = Project(name="churn", tracker="local:churn", sprint=SPRINTS)
SHOWN = EnsureExperimentItem(project="churn", experiment="churn-xgb", number=1)
UNTIL = Limit("until", day=date(2026, 3, 11))


def shown(limit, percent):
    """So much of a limit is shown as used."""
    use = LimitUse(limit=limit, used=Decimal(0), percent=percent)
    return ShownBudget(item=item(), first_sprint=1, usage=(use,))


def reacts(budget, now, runs=()):
    """What the clock has done."""
    return list(react(HistoryDue(), FakeRead(now=now, projects=[PROJECT], budgets=[budget], trained=runs)))


@pytest.mark.parametrize(
    ("day", "percent", "news"),
    [
        (3, 0, []),
        (10, 0, [SHOWN]),
        (10, 80, []),
        (11, 90, []),
        (12, 90, [SHOWN]),
        (12, 101, []),
    ],
)
def test_what_a_day_nearly_or_all_uses_up_is_shown(day, percent, news):
    """Only where the work item does not say so yet: nothing is written from day to day."""
    assert news == reacts(shown(UNTIL, percent), START.replace(day=day))


def test_hours_of_runs_that_go_on_are_used_up_meanwhile():
    """Nobody has to tell of them."""
    trains = replace(run("r1", "running"), tags={"gpu_count": "1"})
    budget = shown(Limit("gpu_hours", Decimal(2)), 0)
    assert [[], [SHOWN]] == [reacts(budget, START + timedelta(hours=hours), [trains]) for hours in (1, 3)]
