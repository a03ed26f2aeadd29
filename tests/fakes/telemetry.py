"""What the bot tells Prometheus once everything has happened: each metric, with each of its labels."""

from datetime import UTC, datetime, timedelta

from trainboard.alert_figures import AlertFigures, Lengths
from trainboard.alert_telemetry import AlertCounts
from trainboard.budgets import Lane, Notice, Quota, Window
from trainboard.budgets.accounts import Account
from trainboard.telemetry import Telemetry

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
MINUTE = Window(name="writes_minute", seconds=60, most=60)
ACCOUNT = "github:api.github.com/token"


def spent():
    """An account that has used something of everything."""
    account = Account(windows=(MINUTE,))
    account.note(NOW, Notice(quota=Quota(limit=5000, remaining=4000, resets_in_seconds=600)))
    account.admit(NOW, Lane.EDIT, writes=True)
    account.note(NOW, Notice(limited=True, wait_seconds=90))
    account.admit(NOW, Lane.CHATTER, writes=True)
    return account


def filled():
    """Every metric has a value."""
    telemetry = Telemetry()
    telemetry.note_request("github", "stored", 0.003)
    telemetry.note_effect("mlflow/prod", 12.0)
    telemetry.worked.labels("github", "done").inc(2)
    telemetry.applied.labels("ReadRuns", "applied").inc()
    telemetry.effect_seconds.labels("ReadRuns").observe(0.2)
    telemetry.queue_age_seconds.set(3)
    telemetry.queue_age_by_source_seconds.labels("github").set(3)
    hour = Lengths(count=1, median=timedelta(hours=1), p90=timedelta(hours=1))
    telemetry.alerts.show(("grafana",), AlertCounts(), AlertFigures(acknowledge=hour, resolve=hour))
    telemetry.gaps.labels("github").set(1)
    telemetry.missed.labels("github", "recovered").set(7)
    telemetry.recovery_failing_seconds.labels("github").set(0)
    telemetry.reading_age_seconds.labels("mlflow/prod").set(30)
    telemetry.reading_failing_seconds.labels("mlflow/prod").set(0)
    telemetry.hooks.labels("azure-devops", "working").set(1)
    telemetry.hook_repairs.labels("azure-devops").set(0)
    telemetry.deliveries.labels("waiting").set(4)
    telemetry.effects.labels("pending").set(5)
    telemetry.failing_effects.labels("ReadRuns").set(1)
    telemetry.budgets.show({ACCOUNT: spent()}, NOW)
    return telemetry
