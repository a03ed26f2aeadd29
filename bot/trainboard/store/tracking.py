"""Which experiments people wish to see in which work items, whatever the settings plan."""

from sqlalchemy import ColumnElement, Connection, bindparam, select, update

from trainboard.facts import TrackExperiment
from trainboard.read import TrackedItem
from trainboard.store import items
from trainboard.store.models import RunRow, WorkItemRow
from trainboard.store.plan_models import TrackedExperimentRow
from trainboard.store.upserts import insert


def record(connection: Connection, fact: TrackExperiment) -> None:
    """The item shows the experiment with all runs that are known, or is let go; what was told later wins."""
    row = TrackedExperimentRow
    told = {"tracker": fact.tracker, "ref": fact.ref, "by": fact.by, "at": fact.at, "stopped": fact.stopped}
    statement = insert(connection, row).values(project=fact.project, experiment=fact.experiment, **told)
    noted = connection.execute(
        statement.on_conflict_do_update(
            index_elements=["project", "experiment"], set_=told, where=row.at <= fact.at
        ).returning(row.id)
    ).scalar()
    if noted is None:
        return
    mine = (RunRow.project == fact.project) & (RunRow.experiment == fact.experiment)
    connection.execute(update(RunRow).where(mine).values(planned=not fact.stopped))
    if fact.stopped:
        _let_go(connection, fact)
    else:
        items.add(connection, _to_item(fact), fact.at)


def is_about(fact: TrackExperiment) -> ColumnElement[bool]:
    """True for the row that `fact` is about."""
    row = TrackedExperimentRow
    return (row.project == fact.project) & (row.experiment == fact.experiment)


def find(connection: Connection, project: str, experiment: str) -> bool | None:
    """True if people wish to see the experiment, False if they do not, None where nobody said."""
    stopped = connection.execute(_STOPPED, {"project": project, "experiment": experiment}).scalar()
    return None if stopped is None else not stopped


_STOPPED = select(TrackedExperimentRow.stopped).where(
    TrackedExperimentRow.project == bindparam("project"),
    TrackedExperimentRow.experiment == bindparam("experiment"),
)


def _to_item(fact: TrackExperiment) -> TrackedItem:
    return TrackedItem(
        project=fact.project,
        experiment=fact.experiment,
        number=fact.number,
        tracker=fact.tracker,
        ref=fact.ref,
        state="open",
    )


def _let_go(connection: Connection, fact: TrackExperiment) -> None:
    mine = (WorkItemRow.tracker == fact.tracker) & (WorkItemRow.ref == fact.ref)
    connection.execute(update(WorkItemRow).where(mine).values(state=items.GONE, changed_at=fact.at))
