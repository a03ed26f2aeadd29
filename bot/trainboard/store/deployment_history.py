"""All that is known of how the commits and models of a project were deployed."""

from collections.abc import Iterator
from datetime import datetime

import msgspec
from sqlalchemy import Connection, select

from trainboard.deployments import History, PackagedVersion
from trainboard.metric_gate import commit_of
from trainboard.pull_requests import tell_silent
from trainboard.runs import RunReport
from trainboard.serving import tell_serving_silent
from trainboard.store import approvals, contained_commits, pull_requests, servings
from trainboard.store.models import ModelVersionRow, RunRow

MAX_VERSIONS = 1000

_decode = msgspec.json.Decoder(RunReport).decode


def find(connection: Connection, project: str, code: str | None, now: datetime) -> History:
    """All that is known now of the project's deployments, in its repository and by its models.

    Of the model versions the thousand that were told of last are looked through.
    """
    models = History(
        versions=tuple(_list_versions(connection, project, code)),
        moves=servings.list_moves(connection, project),
        servings=tuple(
            tell_serving_silent(each, now) for each in servings.list_servings(connection, project)
        ),
    )
    if code is None:
        return models
    deployments = pull_requests.list_all_deployments(connection, code)
    placed = {(each.model, each.version) for each in models.moves}
    placed |= {(each.model, each.version) for each in models.servings}
    commits = {each.commit for each in models.versions if (each.model, each.version) in placed}
    return msgspec.structs.replace(
        models,
        deployments=tuple(tell_silent(each, now) for each in deployments),
        approvals=tuple(approvals.list_all(connection, code, now)),
        pull_requests=tuple(pull_requests.list_deployed(connection, code, filter(None, commits))),
        contained=contained_commits.list_all(connection, code),
    )


def _list_versions(connection: Connection, project: str, code: str | None) -> Iterator[PackagedVersion]:
    of_run = (RunRow.project == ModelVersionRow.project) & (RunRow.run_id == ModelVersionRow.run_id)
    latest = (
        select(ModelVersionRow, RunRow.document)
        .outerjoin(RunRow, of_run)
        .where(ModelVersionRow.project == project)
        .order_by(ModelVersionRow.at.desc(), ModelVersionRow.model, ModelVersionRow.version)
        .limit(MAX_VERSIONS)
    )
    for row in connection.execute(latest):
        commit = commit_of(_decode(row.document), code) if code and row.document else None
        yield PackagedVersion(model=row.model, version=row.version, commit=commit, at=row.at)


def list_versions_of(connection: Connection, project: str, code: str, commit: str) -> tuple[str, ...]:
    """The model versions that runs of the commit made, such as `churn 7`, in alphabetical order."""
    found = _list_versions(connection, project, code)
    return tuple(sorted(f"{each.model} {each.version}" for each in found if each.commit == commit))
