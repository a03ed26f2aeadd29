"""What is known of runs, models, alerts and code around a sprint's work items, for its report."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection

from trainboard.deployments import make_timelines
from trainboard.iterations import Iteration
from trainboard.policy import Project
from trainboard.report.around import Around
from trainboard.report.models import Lifecycle
from trainboard.report.retrains import list_retrains
from trainboard.store import code_history, deployment_history, experiment_history, sprint_alerts, triggers


def find(connection: Connection, project: Project, sprint: Iteration, now: datetime) -> Around:
    """All of it, as it is known now."""
    since, until = sprint.starts_at, min(now, sprint.ends_at)
    history = deployment_history.find(connection, project.name, project.code, now)
    runs = experiment_history.list_started(connection, project.name, since, until)
    bugs = sprint_alerts.list_bugs(connection, project.name)
    numbers = [each.number for each in history.pull_requests]
    around = Around(
        kept_since=now - project.remembers,
        experiments=experiment_history.list_tracked(connection, project.name, sprint.number),
        runs=runs,
        prices=project.prices,
        alerts=sprint_alerts.find(connection, project.name, since, until),
        lifecycle=Lifecycle(
            history=history,
            timelines=make_timelines(history, project.is_production),
            makers=experiment_history.find_makers(connection, project.name),
            retrains=list_retrains(
                project,
                triggers.list_asked(connection, project.name, since, until),
                runs,
                {(tracker.casefold(), ref) for tracker, ref in bugs},
            ),
        ),
    )
    if project.code is None:
        return around
    return msgspec.structs.replace(
        around,
        code=code_history.find_code(connection, project.code, numbers, bugs),
        merged=code_history.list_merged(connection, project.code, since),
        builds=code_history.list_builds(connection, project.code, since, until),
    )
