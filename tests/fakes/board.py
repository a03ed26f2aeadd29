"""A store with a sprint in it, told in a few words."""

from datetime import UTC, date, datetime

from sqlalchemy import func, insert, select, update

from fakes.experiments import run
from trainboard import effects
from trainboard.deliveries import Delivery
from trainboard.effects import EnsureExperimentItem
from trainboard.facts import RecordAlias, RecordModel, RecordRun
from trainboard.iterations import SprintPolicy, iteration
from trainboard.metrics import judge
from trainboard.policy import Door, Project
from trainboard.read import TrackedItem
from trainboard.serving import AliasMove
from trainboard.store import inbox, items, runs, servings
from trainboard.store.models import DeliveryRow, EffectCauseRow, EffectRow
from trainboard.targets import parse_targets
from trainboard.work_items import WorkItem

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
SPRINT = 12
POLICY = SprintPolicy(first_start=date(2025, 9, 29))
PROJECTS = {
    "churn": Project(name="churn", tracker="local:churn", sprint=POLICY),
    "ranking": Project(name="ranking", tracker="github:acme/ranking", sprint=POLICY),
}
DOORS = {
    "runs/ci": Door(name="runs/ci", project="churn", experiments=("churn-*",)),
    "mlflow/prod": Door(name="mlflow/prod", project="churn", polled=True),
}


def experiment(
    connection, name="churn-xgb", reports=(), targets="", *, ref="1", state="open", sprints=(SPRINT,), **item
):
    """An experiment with a work item whose text was last written when all `reports` were known."""
    tracker = item.pop("tracker", "local:churn")
    tracked = TrackedItem(
        project=item.pop("project", "churn"),
        experiment=name,
        number=sprints[0],
        tracker=tracker,
        ref=ref,
        state=state,
        title=f"Experiment: {name}",
        url=item.pop("url", f"/items/{ref}"),
    )
    items.add(connection, tracked, NOW)
    for number in sprints[1:]:
        known = items.find_by_ref(connection, tracker, ref)
        items.carry(connection, known, number, iteration(POLICY, number - 1).name, NOW)
    for report in reports:
        trained(connection, name, report, number=sprints[-1], project=tracked.project)
    seen = WorkItem(
        ref=ref, title=tracked.title, body="", state="open", url=tracked.url, created_at=NOW, updated_at=NOW
    )
    known = items.find_by_ref(connection, tracker, ref)
    if state == "open":
        items.update_seen(connection, known, seen, judge(parse_targets(targets), reports), NOW)
    return known.number


def trained(connection, name, report, *, number=SPRINT, project="churn", at=NOW):
    """A run of the experiment is known."""
    named = type(report.experiment)(name=name, url=report.experiment.url)
    fact = RecordRun(
        project=project,
        number=number,
        planned=True,
        at=at,
        report=type(report)(source=report.source, run=report.run, experiment=named, metrics=report.metrics),
    )
    runs.record(connection, fact)


def registered(connection, model, version, run_id, *, alias=None):
    """A model version that the run made."""
    made = RecordModel(project="churn", model=model, version=version, at=NOW, run_id=run_id)
    runs.record_model(connection, made)
    if alias:
        moved = AliasMove(model=model, alias=alias, version=version, at=NOW)
        servings.record(connection, RecordAlias(project="churn", move=moved))


def came(connection, source="runs", body=b"{}", *, state="waiting", error=None):
    """A delivery, and what became of it; its number."""
    identity = str(connection.execute(select(func.count()).select_from(DeliveryRow)).scalar())
    inbox.put(connection, Delivery(source=source, id=identity, kind="run", entity="e", body=body), NOW)
    number = connection.execute(select(func.max(DeliveryRow.id))).scalar_one()
    ended = {"state": state, "error": error, "finished_at": None if state == "waiting" else NOW}
    connection.execute(update(DeliveryRow).where(DeliveryRow.id == number).values(ended))
    return number


def caused(connection, delivery, name="churn-xgb", *, state="pending", error=None):
    """An effect that the delivery caused, and what became of it."""
    effect = EnsureExperimentItem(project="churn", experiment=name, number=SPRINT)
    values = {
        "key": effect.key,
        "mailbox": f"out:{effect.mailbox}",
        "kind": "EnsureExperimentItem",
        "document": effects.encode(effect),
        "state": state,
        "created_at": NOW,
        "run_at": NOW,
        "applied_at": None if state == "pending" else NOW,
        "error": error,
        "delivery": delivery,
    }
    number = connection.execute(insert(EffectRow).values(values)).inserted_primary_key[0]
    connection.execute(insert(EffectCauseRow).values(effect=number, delivery=delivery, version=0))


def finished(id_, value, metric="val_auc", **facts):
    """A run that ended with a value of the metric."""
    return run(id_, metrics={metric: value}, **facts)
