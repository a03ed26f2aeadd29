"""What a sprint came to beside its work items, in one value."""

from datetime import datetime

import msgspec

from trainboard.iterations import Iteration
from trainboard.prices import Prices
from trainboard.pull_requests import Check
from trainboard.report import alerts, changes, delivery, experiments, models, usage
from trainboard.report.alerts import AlertWork, SprintAlerts
from trainboard.report.changes import Changes, Merged
from trainboard.report.delivery import Code, Delivery
from trainboard.report.experiments import Leaderboard, Tracked
from trainboard.report.models import Lifecycle, Models
from trainboard.report.usage import Usage
from trainboard.runs import RunReport

FORGOTTEN = "what was told of that time is kept no longer"
HOMELESS = "the project has no repository"


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of runs, models, alerts and code in the time of a sprint.

    What was said of code and models before `kept_since` is kept no longer. `runs` are those that started in
    the sprint, `merged` pull requests and `builds` those of its time; `merged` is None where the project has
    no repository.
    """

    kept_since: datetime
    experiments: tuple[Tracked, ...] = ()
    runs: tuple[RunReport, ...] = ()
    prices: Prices = Prices()
    lifecycle: Lifecycle = Lifecycle()
    alerts: SprintAlerts
    code: Code = Code()
    merged: tuple[Merged, ...] | None = None
    builds: tuple[Check, ...] = ()


class Sections(msgspec.Struct, frozen=True, kw_only=True):
    """What became of that; None where nobody looked for it."""

    experiments: Leaderboard | None = None
    usage: Usage | None = None
    models: Models | None = None
    alerts: AlertWork | None = None
    delivery: Delivery | None = None
    changes: Changes | None = None


def look_around(around: Around, sprint: Iteration, now: datetime) -> Sections:
    """The sections of the sprint as far as it came; what happened after `now` is not looked at."""
    seen = Sections(
        experiments=experiments.rank(around.experiments),
        usage=usage.measure(around.runs, around.prices, sprint, now),
        alerts=alerts.measure(around.alerts),
        models=Models(reason=FORGOTTEN),
        delivery=Delivery(reason=FORGOTTEN),
        changes=Changes(reason=FORGOTTEN),
    )
    if sprint.starts_at < around.kept_since:
        return seen
    timelines, merged = around.lifecycle.timelines, around.merged
    return msgspec.structs.replace(
        seen,
        models=models.tell(around.lifecycle, sprint, now),
        delivery=delivery.measure(timelines, around.code, sprint, now, around.kept_since),
        changes=Changes(reason=HOMELESS)
        if merged is None
        else changes.sum_up(merged, around.builds, sprint, now),
    )
