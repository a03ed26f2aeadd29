"""Whoever tells of a pull request, and whoever tells something of its commit, one after the other.

On PostgreSQL two transactions may overlap. Then neither sees what the other one notes, so that one would
find no pull request to show anew, while the other one's is shown before there is anything to show.
"""

import hashlib
from collections.abc import Iterable

from sqlalchemy import Connection, text

from trainboard.events import (
    ApprovalReported,
    CheckReported,
    DeploymentReported,
    Event,
    MergeQueued,
    PullRequestChanged,
    RunReported,
)
from trainboard.runs import Links


def lock(connection: Connection, events: Iterable[Event]) -> None:
    """Wait for those who tell of the same commits, until the transaction ends.

    Events about one commit do not wait for each other, only those about its pull request for all of them.
    The locks are taken in one order, so that no two wait for each other. SQLite has one writer, who never
    waits.
    """
    if connection.dialect.name != "postgresql":
        return
    alone: dict[int, bool] = {}
    for event in events:
        for commit in _list_commits(event):
            key = _key(commit)
            alone[key] = alone.get(key, False) or isinstance(event, PullRequestChanged | MergeQueued)
    if alone:
        keys = sorted(alone)
        connection.execute(_LOCK, {"keys": keys, "alone": [alone[key] for key in keys]})


_LOCK = text(
    "SELECT CASE WHEN alone THEN pg_advisory_xact_lock(key) ELSE pg_advisory_xact_lock_shared(key) END "
    "FROM unnest(CAST(:keys AS bigint[]), CAST(:alone AS boolean[])) AS wanted (key, alone)"
)


def _list_commits(event: Event) -> list[str]:
    commits: list[object]
    match event:
        case PullRequestChanged():
            commits = [event.pull_request.head, event.pull_request.merged_as]
        case MergeQueued():
            commits = [event.commit]
        case CheckReported():
            commits = [event.check.commit]
        case DeploymentReported():
            commits = [event.deployment.commit]
        case ApprovalReported():
            commits = [event.approval.commit]
        case RunReported():
            links = event.report.links
            commits = [links.commit if isinstance(links, Links) else None]
        case _:
            commits = []
    return [commit for commit in commits if isinstance(commit, str)]


def _key(commit: str) -> int:
    digest = hashlib.sha256(b"commit " + commit.encode(errors="surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
