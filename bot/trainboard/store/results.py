"""What the tests of commits found."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, exists
from sqlalchemy.orm import aliased

from trainboard.results import Results
from trainboard.store.merged_values import MergedValues
from trainboard.store.pull_request_models import ResultsRow

merged = MergedValues(ResultsRow, Results, ("code", "commit", "pipeline"))


def list_of_commit(connection: Connection, code: str, commit: str) -> Sequence[Results]:
    """What each pipeline found of the commit, by pipeline."""
    mine = (ResultsRow.code == code.casefold()) & (ResultsRow.commit == commit)
    return sorted(merged.list(connection, mine), key=lambda each: each.pipeline)


def list_latest(
    connection: Connection, code: str, branch: str, pipelines: Iterable[str]
) -> Sequence[Results]:
    """What the newest run of each of the pipelines on the branch found, in no order."""
    later = aliased(ResultsRow)
    same = (later.code == ResultsRow.code) & (later.branch == ResultsRow.branch)
    is_later = (later.pipeline == ResultsRow.pipeline) & (later.run > ResultsRow.run)
    mine = (
        (ResultsRow.code == code.casefold())
        & (ResultsRow.branch == branch)
        & ResultsRow.pipeline.in_(list(pipelines))
    )
    return merged.list(connection, mine & ~exists().where(same, is_later).correlate(ResultsRow))
