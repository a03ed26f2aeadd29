"""When work on items began, where a tracker has no word for it: by what we know ourselves."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from trainboard.linking import name_board
from trainboard.policy import Project
from trainboard.report.happenings import Happening
from trainboard.store.link_models import PullRequestCommitRow, ToldLinkRow
from trainboard.store.models import RunRow, WorkItemKeyRow, WorkItemRow
from trainboard.store.pull_request_models import LinkedItemRow, PullRequestLinksRow

_OF_ITS_OWN = "azure-boards:"
"""Its states tell what is under way."""


def list_starts(connection: Connection, project: Project) -> Iterator[Happening]:
    """The first start of a run of each experiment, and the opening of each pull request that names an item.

    Nothing for a tracker whose items tell it themselves.
    """
    if project.tracker.startswith(_OF_ITS_OWN):
        return
    for item, at in _list_first_runs(connection, project):
        yield Happening(item=item, at=at, source=f"run:{item}@{at.isoformat()}", begins=True)
    for item, code, number, at in _list_openings(connection, project):
        yield Happening(item=item, at=at, source=f"pull-request:{code}#{number}/{item}", begins=True)


def _list_first_runs(connection: Connection, project: Project) -> list[tuple[str, datetime]]:
    of_item = and_(RunRow.project == WorkItemRow.project, RunRow.experiment == WorkItemRow.experiment)
    in_sprint = and_(of_item, RunRow.number == WorkItemKeyRow.number)
    query = (
        select(WorkItemRow.ref, func.min(RunRow.started_at))
        .join(WorkItemKeyRow, WorkItemKeyRow.work_item == WorkItemRow.id)
        .join(RunRow, in_sprint)
        .where(
            WorkItemRow.project == project.name,
            WorkItemRow.tracker == name_board(project.tracker),
            RunRow.started_at.is_not(None),
        )
        .group_by(WorkItemRow.ref)
    )
    return [(row[0], row[1]) for row in connection.execute(query) if row[1] is not None]


def _list_openings(connection: Connection, project: Project) -> Iterator[tuple[str, str, int, datetime]]:
    """By words of the pull request, or because somebody or the platform told of the link."""
    tracker = name_board(project.tracker)
    opened = (
        select(
            PullRequestCommitRow.code,
            PullRequestCommitRow.number,
            func.min(PullRequestCommitRow.told_at).label("at"),
        )
        .where(PullRequestCommitRow.told_at.is_not(None))
        .group_by(PullRequestCommitRow.code, PullRequestCommitRow.number)
        .cte("opened")
    )
    words = (
        select(LinkedItemRow.ref, opened.c.code, opened.c.number, opened.c.at)
        .join(PullRequestLinksRow, PullRequestLinksRow.id == LinkedItemRow.links)
        .join(
            opened,
            and_(opened.c.code == PullRequestLinksRow.code, opened.c.number == PullRequestLinksRow.number),
        )
        .where(PullRequestLinksRow.tracker == tracker)
    )
    told = (
        select(ToldLinkRow.ref, opened.c.code, opened.c.number, opened.c.at)
        .join(opened, and_(opened.c.code == ToldLinkRow.code, opened.c.number == ToldLinkRow.number))
        .where(ToldLinkRow.tracker == tracker, ToldLinkRow.linked)
    )
    for query in (words, told):
        for row in connection.execute(query):
            yield row[0], row[1], row[2], row[3]
