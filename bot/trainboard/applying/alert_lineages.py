"""Bugs of alerts on the work items of the experiments whose models they are about."""

from collections.abc import Mapping

from trainboard.alert_life import Problem
from trainboard.alert_policy import AlertPolicy
from trainboard.applying import Outside
from trainboard.applying.asking import ask, wake
from trainboard.effects import EnsureExperimentItem
from trainboard.store import alert_lineages, model_lineage


def show_on_experiment(
    problem: Problem, before: Problem, told: Mapping[str, str], policy: AlertPolicy, outside: Outside
) -> None:
    """Have the experiment's work item tell of the bug, where that changed since `before`."""
    if not problem.ref or _shown(problem) == _shown(before):
        return
    project = outside.projects[problem.project]
    with outside.database.write() as connection:
        lineage = model_lineage.find_of_alert(connection, project, told, policy)
        if lineage is None or lineage.item is None:
            return
        alert_lineages.note(connection, problem.key, lineage)
        item = lineage.item
        effect = EnsureExperimentItem(project=item.project, experiment=item.experiment, number=item.number)
        due = ask(connection, [effect], outside)
    wake(due, outside)


def _shown(problem: Problem) -> tuple[object, ...]:
    """What the work item says of the bug, and what tells that it was looked at whose model it is."""
    return problem.ref, problem.title, problem.state, problem.closed_at, problem.generation
