"""Budgets that are used up by time alone: whose last day comes near, or whose runs go on and tell nothing."""

from collections.abc import Iterable, Iterator

from trainboard.effects import EnsureExperimentItem
from trainboard.events import HistoryDue
from trainboard.iterations import iteration, today_of
from trainboard.policy import Project
from trainboard.read import Read, ShownBudget
from trainboard.spending import LimitUse, measure

HANDLES = (HistoryDue,)


def react(event: HistoryDue, read: Read) -> Iterator[EnsureExperimentItem]:  # noqa: ARG001  it says nothing more
    """The work items that do not show how far their budgets are used."""
    for project in read.list_projects():
        for budget in read.list_budgets(project.name):
            item = budget.item
            if _grade(_measure(budget, project, read)) != _grade(budget.usage):
                yield EnsureExperimentItem(
                    project=item.project, experiment=item.experiment, number=item.number
                )


def _measure(budget: ShownBudget, project: Project, read: Read) -> Iterator[LimitUse]:
    days = iteration(project.sprint, budget.first_sprint).start, today_of(project.sprint, read.now)
    limits = [use.limit for use in budget.usage]
    return measure(limits, read.list_runs_of_item(budget.item), project.prices, days, read.now)


def _grade(usage: Iterable[LimitUse]) -> list[tuple[bool, bool, bool]]:
    """What people are told of: that it is nearly used up, that it is, and that it was exceeded."""
    return [(use.is_near, use.is_used_up, use.is_over) for use in usage]
