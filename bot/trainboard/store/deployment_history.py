"""All that is known of how the commits of a repository were deployed."""

from collections.abc import Collection, Iterator

import msgspec
from sqlalchemy import Connection, select

from trainboard.deployments import History, PackagedVersion
from trainboard.metric_gate import commit_of
from trainboard.runs import RunReport
from trainboard.store import pull_requests
from trainboard.store.models import ModelVersionRow, RunRow

MAX_VERSIONS = 1000

_decode = msgspec.json.Decoder(RunReport).decode


def find(connection: Connection, project: str, code: str) -> History:
    """Deployments and approvals of the repository, and what is known of their commits.

    Of the project's model versions the thousand that were told of last are looked through.
    """
    deployments = pull_requests.list_all_deployments(connection, code)
    approvals = pull_requests.list_all_approvals(connection, code)
    commits = {each.commit for each in deployments} | {each.commit for each in approvals}
    return History(
        deployments=tuple(deployments),
        approvals=tuple(approvals),
        pull_requests=tuple(pull_requests.list_deployed(connection, code)),
        versions=tuple(_list_versions(connection, project, code, commits)),
    )


def _list_versions(
    connection: Connection, project: str, code: str, commits: Collection[str | None]
) -> Iterator[PackagedVersion]:
    of_run = (RunRow.project == ModelVersionRow.project) & (RunRow.run_id == ModelVersionRow.run_id)
    latest = (
        select(ModelVersionRow, RunRow.document)
        .join(RunRow, of_run)
        .where(ModelVersionRow.project == project)
        .order_by(ModelVersionRow.at.desc(), ModelVersionRow.model, ModelVersionRow.version)
        .limit(MAX_VERSIONS)
    )
    for row in connection.execute(latest):
        commit = commit_of(_decode(row.document), code)
        if commit is not None and commit in commits:
            yield PackagedVersion(
                model=row.model,
                version=row.version,
                commit=commit,
                at=row.at,
                aliases=tuple(row.aliases.split()),
            )
