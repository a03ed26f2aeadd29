"""Experiments of a sprint with their runs, and the runs that started within it."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from trainboard.metrics import Judgement
from trainboard.report.experiments import Tracked
from trainboard.report.models import Maker
from trainboard.runs import RunReport
from trainboard.spending import LimitUse
from trainboard.store import plan_words
from trainboard.store.deployment_history import MAX_VERSIONS
from trainboard.store.models import ModelVersionRow, RunRow, WorkItemKeyRow, WorkItemRow
from trainboard.store.plan_models import PlanWordRow

_decode = msgspec.json.Decoder(RunReport).decode
_decode_budget = msgspec.json.Decoder(tuple[LimitUse, ...]).decode
_decode_judgements = msgspec.json.Decoder(tuple[Judgement, ...]).decode


def list_tracked(connection: Connection, project: str, sprint: int) -> tuple[Tracked, ...]:
    """The experiments that had a work item in the sprint, in the order in which these were made.

    Each with the targets that people wrote last, and with its runs in that and in earlier sprints of the
    item.
    """
    in_sprint = (
        select(WorkItemRow, PlanWordRow.value.label("conclusion"))
        .join(WorkItemKeyRow, WorkItemKeyRow.work_item == WorkItemRow.id)
        .outerjoin(PlanWordRow, plan_words.concludes(WorkItemRow))
        .where(WorkItemRow.project == project, WorkItemKeyRow.number == sprint)
    )
    items = connection.execute(in_sprint.order_by(WorkItemRow.id)).all()
    mine = WorkItemKeyRow.work_item.in_(in_sprint.with_only_columns(WorkItemRow.id))
    keys = connection.execute(
        select(WorkItemKeyRow.work_item, WorkItemKeyRow.number).where(mine, WorkItemKeyRow.number <= sprint)
    ).all()
    names = {row.id: row.experiment for row in items}
    wanted = {(names[key.work_item], key.number) for key in keys}
    runs = _list_runs(connection, project, wanted)
    return tuple(_track(row, runs) for row in items)


def list_started(
    connection: Connection, project: str, since: datetime, until: datetime
) -> tuple[RunReport, ...]:
    """Every run of the project that started at `since` or later, and before `until`, planned or not."""
    within = (RunRow.project == project) & (RunRow.started_at >= since) & (RunRow.started_at < until)
    documents = connection.execute(select(RunRow.document).where(within).order_by(RunRow.id)).scalars()
    return tuple(map(_decode, documents))


def find_makers(connection: Connection, project: str) -> Mapping[tuple[str, str], Maker]:
    """The runs that made versions of the project's models, by model and version.

    Of the versions the thousand that were told of last are looked through.
    """
    of_run = (RunRow.project == ModelVersionRow.project) & (RunRow.run_id == ModelVersionRow.run_id)
    row = ModelVersionRow
    latest = (
        select(row.model, row.version, RunRow.document)
        .join(RunRow, of_run)
        .where(row.project == project)
        .order_by(row.at.desc(), row.model, row.version, RunRow.id)
        .limit(MAX_VERSIONS)
    )
    rows = connection.execute(latest)
    return {(row.model, row.version): _name_maker(_decode(row.document)) for row in rows}


def _list_runs(
    connection: Connection, project: str, wanted: set[tuple[str, int]]
) -> Mapping[str, list[RunReport]]:
    numbers = sorted({number for _, number in wanted})
    query = select(RunRow.experiment, RunRow.number, RunRow.document).where(
        RunRow.project == project, RunRow.number.in_(numbers)
    )
    found: dict[str, list[RunReport]] = defaultdict(list)
    for row in connection.execute(query.order_by(RunRow.id)):
        if (row.experiment, row.number) in wanted:
            found[row.experiment].append(_decode(row.document))
    return found


def _track(row: Any, runs: Mapping[str, list[RunReport]]) -> Tracked:
    return Tracked(
        name=row.experiment,
        ref=row.ref,
        url=row.url,
        is_closed=row.state == "closed",
        conclusion=row.conclusion or "",
        judged=_decode_judgements(row.judgements),
        budget=_decode_budget(row.budget),
        runs=tuple(runs.get(row.experiment, ())),
    )


def _name_maker(report: RunReport) -> Maker:
    run = report.run
    return Maker(id=run.id, source=report.source, name=run.name or run.id, url=run.url or "")
