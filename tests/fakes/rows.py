"""What our tables hold, so that two ways to the same state can be compared."""

from sqlalchemy import select

from trainboard.store.link_models import (
    ItemParentRow,
    MovedItemRow,
    PullRequestCommitRow,
    RepositoryStateRow,
    ToldLinkRow,
)
from trainboard.store.models import (
    ModelVersionRow,
)
from trainboard.store.pull_request_models import (
    ApprovalRow,
    CheckRow,
    DeploymentRow,
    LinkedItemRow,
    PullRequestLinksRow,
    PullRequestRow,
    QueuedCommitRow,
)
from trainboard.store.registry_models import AliasMoveRow, ServingRow

_TABLES = (
    PullRequestRow,
    PullRequestLinksRow,
    CheckRow,
    DeploymentRow,
    ApprovalRow,
    AliasMoveRow,
    ItemParentRow,
    ModelVersionRow,
    MovedItemRow,
    PullRequestCommitRow,
    QueuedCommitRow,
    RepositoryStateRow,
    ServingRow,
    ToldLinkRow,
)
_LINKED = select(
    PullRequestLinksRow.code, PullRequestLinksRow.number, PullRequestLinksRow.tracker, LinkedItemRow.ref
)


def rows_of_code(connection):
    """All that is known of pull requests, commits and models, without the numbers that rows got."""
    whole = {
        table.__tablename__: {
            tuple(value for name, value in row.items() if name != "id")
            for row in connection.execute(select(table)).mappings()
        }
        for table in _TABLES
    }
    linked = _LINKED.join(LinkedItemRow, LinkedItemRow.links == PullRequestLinksRow.id)
    return whole | {"linked_items": {tuple(row) for row in connection.execute(linked)}}
