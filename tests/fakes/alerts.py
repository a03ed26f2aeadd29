"""A monitor that tells a bot of alerts."""

import itertools
from datetime import UTC, datetime

from msgspec import structs
from sqlalchemy import delete

from fakes.clock import FakeClock
from fakes.conversation import RUNS_SOURCE, SPRINT, Conversation
from trainboard import events
from trainboard.alerts import ALERT_LABEL, Alert, fingerprint_of
from trainboard.deliveries import Delivery
from trainboard.events import AlertsReported, Event, ModelChanged, WorkItemChanged
from trainboard.facts import RecordAlerts
from trainboard.store import problems
from trainboard.store.local_models import LocalItemRow
from trainboard.trackers.local import LocalTracker
from trainboard.work_items import ClosedAs, WorkItem, WorkItemChange

DOOR = "alertmanager/prod"
TOLD = RecordAlerts(
    project="churn",
    door=DOOR,
    key="alert:one",
    rule="FeatureDrift",
    labels={"model": "churn"},
    alerts=(Alert(fingerprint="f1", rule="FeatureDrift", firing=True),),
    at=datetime(2026, 11, 18, 10, tzinfo=UTC),
)
"""One alert of a problem."""


def put_problem(connection, key="alert:seed", ref="9"):
    """A problem with a bug in the local tracker."""
    problems.record(connection, structs.replace(TOLD, key=key))
    problem = problems.find(connection, key)
    problems.put(connection, problem, tracker="local:churn", ref=ref)


def alert(
    rule: str = "FeatureDrift",
    *,
    model: str = "churn",
    firing: bool = True,
    severity: str = "error",
    starts: datetime | None = None,
    **more,
) -> Alert:
    """An alert of a model; `more` are its other labels."""
    labels = {"alertname": rule, "model": model} | more
    start = starts or FakeClock()()
    return Alert(
        fingerprint=fingerprint_of(labels),
        rule=rule,
        firing=firing,
        starts_at=start,
        severity=severity,
        labels=labels,
        summary=f"{rule} of {model}",
    )


class AlertTalk(Conversation):
    """A conversation with a bot that has an Alertmanager, `DOOR`."""

    def __init__(self, database_url: str, **sections) -> None:
        values = {
            "projects": [{"name": "churn", "tracker": "local", "sprint": SPRINT}],
            "sources": [
                RUNS_SOURCE,
                {"kind": "alertmanager", "name": "prod", "project": "churn", "secrets": ["s3cret"]}
                | sections.pop("source", {}),
            ],
        }
        super().__init__(database_url, **(values | sections))
        self._numbers = itertools.count()
        self.ticks()

    def tells(self, *alerts: Alert, truncated: int = 0, settle: bool = True) -> None:
        """The monitor tells of alerts, grouped by rule and model."""
        group = {name: alerts[0].labels[name] for name in ("model",)}
        event = AlertsReported(door=DOOR, alerts=alerts, group_labels=group, truncated=truncated)
        self.bot.intake(
            Delivery(
                source=f"poll/{DOOR}",
                id=f"told-{next(self._numbers)}",
                kind="alerts",
                entity=DOOR,
                body=events.encode(event),
            )
        )
        if settle:
            self.settle()

    def lives_once(self) -> None:
        """One alert fires, is resolved, and its bug is closed."""
        self.tells(alert())
        self.forward(seconds=3)
        self.tells(alert(firing=False))
        self.forward(minutes=11)

    def plans(self, experiment: str, targets: str) -> None:
        """A person writes targets into the work item of an experiment."""
        item = next(each for each in super().items() if experiment in each.title)
        self._person.update_item(item.ref, WorkItemChange(body=f"{targets}\n\n{item.body}"))
        self._touched(item.ref, "edited")

    def registers(self, model: str, *, version: str, alias: str, run_id: str) -> None:
        """A model registry tells of a version and its alias."""
        change = {"door": DOOR, "model": model, "version": version, "at": self.clock()}
        self._hears(ModelChanged(action="version", run_id=run_id, **change))
        self._hears(ModelChanged(action="alias set", alias=alias, **change))

    def closes(self, item: WorkItem, closed_as: ClosedAs = "done") -> None:
        """A person closes a bug."""
        self._person.update_item(item.ref, WorkItemChange(state="closed", closed_as=closed_as))
        self._touched(item.ref, "closed")

    def labels(self, item: WorkItem, label: str) -> None:
        """A person labels a bug."""
        self._person.update_item(item.ref, WorkItemChange(add_labels=(label,)))
        self._touched(item.ref, "labeled")

    def edits(self, item: WorkItem, *, title: str, body: str) -> None:
        """A person edits a bug."""
        self._person.update_item(item.ref, WorkItemChange(title=title, body=body))
        self._touched(item.ref, "edited")

    def deletes(self, item: WorkItem) -> None:
        """A person deletes a bug."""
        with self.bot.outside.database.write() as connection:
            connection.execute(delete(LocalItemRow).where(LocalItemRow.id == int(item.ref)))
        self._touched(item.ref, "deleted")

    def comments(self, item: WorkItem) -> list[str]:
        """What was commented on a bug."""
        tracker = self.bot.outside.trackers["churn"]
        return [each.body for each in tracker.list_comments(item.ref, since=self.clock().replace(year=2000))]

    @property
    def _person(self) -> LocalTracker:
        return LocalTracker(self.bot.outside.database, "churn", self.clock, author="ada")

    def _touched(self, ref: str, action: str) -> None:
        told = {"tracker": "local:churn", "ref": ref, "action": action, "title": "", "state": None}
        self._hears(WorkItemChanged(**told, at=self.clock(), actor="ada", by_bot=False))

    def _hears(self, event: Event) -> None:
        number = next(self._numbers)
        self.bot.intake(
            Delivery(
                source=f"poll/{DOOR}",
                id=f"heard-{number}",
                kind="heard",
                entity=DOOR,
                body=events.encode(event),
            )
        )
        self.settle()

    def items(self, project: str = "churn") -> list:
        """The bugs, in the order in which they were made."""
        tracker = self.bot.outside.trackers[project]
        return list(tracker.list_items(label=ALERT_LABEL, since=self.clock().replace(year=2000)))

    def bugs(self) -> list[tuple[str, str]]:
        """State and title of each bug."""
        return [(item.state, item.title) for item in self.items()]
