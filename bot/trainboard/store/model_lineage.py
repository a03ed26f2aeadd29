"""Where a model that is in use came from: its version, the run that made it, the plan, the deployment."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from trainboard.alert_policy import AlertPolicy
from trainboard.alert_view import Lineage
from trainboard.experiment_view import ModelVersion
from trainboard.metric_gate import IN_USE, commit_of
from trainboard.policy import Project
from trainboard.store import items, pull_requests, runs, servings
from trainboard.store.models import ModelVersionRow


def find_of_alert(
    connection: Connection, project: Project, told: Mapping[str, str], policy: AlertPolicy
) -> Lineage | None:
    """What is known of the model that an alert with those labels is about; None if they name none."""
    model = told.get("model") or policy.model
    return find(connection, project, model, told.get("model_version", "")) if model else None


def find(connection: Connection, project: Project, model: str, version: str) -> Lineage | None:
    """What is known of the version; of the one in use, else of the newest, where `version` is empty.

    None where nobody told of the model.
    """
    of_model = (ModelVersionRow.project == project.name) & (ModelVersionRow.model == model)
    rows = connection.execute(select(ModelVersionRow).where(of_model).order_by(ModelVersionRow.at)).all()
    pointers = servings.list_pointers(connection, [project.name])
    row = _choose(rows, version, project, pointers)
    if row is None:
        return None
    known = ModelVersion(
        name=row.model,
        version=row.version,
        aliases=pointers.get((project.name, row.model, row.version), ()),
        run_id=row.run_id,
    )
    found = runs.find_latest(connection, project.name, row.run_id) if row.run_id else None
    if found is None:
        return Lineage(model=known)
    report, number = found
    planned = items.find(connection, project.name, report.experiment.name, number)
    commit = commit_of(report, project.code) if project.code else None
    deployments = (
        pull_requests.list_deployments(connection, project.code, commit) if project.code and commit else ()
    )
    return Lineage(
        model=known,
        run=report,
        item=planned.item if planned else None,
        judgements=planned.judgements if planned else (),
        deployments=tuple(deployments),
    )


def _choose(
    rows: Sequence[Row[Any]], version: str, project: Project, pointers: servings.Pointers
) -> Row[Any] | None:
    if version:
        return next((row for row in rows if row.version == version), None)
    for alias in IN_USE:
        for row in rows:
            if alias in pointers.get((project.name, row.model, row.version), ()):
                return row
    return rows[-1] if rows else None
