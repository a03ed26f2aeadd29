"""Which bugs of alerts are about the models of which experiments."""

from sqlalchemy import Connection, select

from trainboard.alert_view import Lineage
from trainboard.experiment_view import LinkedAlert
from trainboard.read import TrackedItem
from trainboard.store.alert_models import AlertLineageRow, ProblemRow
from trainboard.store.items import tracked_of
from trainboard.store.models import WorkItemRow
from trainboard.store.upserts import insert


def note(connection: Connection, problem: str, lineage: Lineage) -> None:
    """Note what the problem of that key is about, if it is of a known experiment."""
    item = lineage.item
    if item is None:
        return
    of_item = (WorkItemRow.tracker == item.tracker) & (WorkItemRow.ref == item.ref)
    values = {
        "work_item": select(WorkItemRow.id).where(of_item).scalar_subquery(),
        "model": lineage.model.name,
        "version": lineage.model.version or "",
    }
    number = select(ProblemRow.id).where(ProblemRow.key == problem).scalar_subquery()
    statement = insert(connection, AlertLineageRow).values(problem=number, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["problem"], set_=values))


def list_of_item(connection: Connection, tracker: str, ref: str) -> tuple[LinkedAlert, ...]:
    """The bugs about models of the work item's experiment, the first at the beginning."""
    rows = connection.execute(
        select(ProblemRow, AlertLineageRow.model, AlertLineageRow.version)
        .join(AlertLineageRow, AlertLineageRow.problem == ProblemRow.id)
        .join(WorkItemRow, WorkItemRow.id == AlertLineageRow.work_item)
        .where(WorkItemRow.tracker == tracker, WorkItemRow.ref == ref, ProblemRow.ref != "")
        .where(ProblemRow.state != "gone")
        .order_by(ProblemRow.began_at, ProblemRow.id)
    )
    return tuple(
        LinkedAlert(
            ref=row.ref,
            title=row.title or row.rule,
            url=row.url,
            model=row.model,
            version=row.version,
            began_at=row.began_at,
            closed_at=row.closed_at,
        )
        for row in rows
    )


def find_item(connection: Connection, tracker: str, bug: str) -> TrackedItem | None:
    """The work item of the experiment that made what the bug is about; None if that is not known."""
    row = connection.execute(
        select(WorkItemRow)
        .join(AlertLineageRow, AlertLineageRow.work_item == WorkItemRow.id)
        .join(ProblemRow, ProblemRow.id == AlertLineageRow.problem)
        .where(ProblemRow.tracker == tracker, ProblemRow.ref == bug)
    ).one_or_none()
    return tracked_of(row) if row else None
