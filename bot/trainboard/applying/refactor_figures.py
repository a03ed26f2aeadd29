"""What a look at a notebook told, for the work item in which it becomes scripts."""

from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from trainboard.applying import Outside
from trainboard.applying.asking import ask
from trainboard.effects import EnsureRefactoring
from trainboard.notebooks import NotebookReview
from trainboard.pull_requests import PullRequest
from trainboard.refactoring import figures_of
from trainboard.store import refactorings


def note_figures(
    connection: Connection, project: str, told: PullRequest, looked: NotebookReview, outside: Outside
) -> dict[str, datetime]:
    """Keep the figures if the notebook has an open item; answers which mailboxes to wake, and when.

    What a fork brings is not the team's yet.
    """
    path = looked.notebook.path
    known = refactorings.find(connection, project, told.code, path)
    if known is None or known.state != "open" or looked.review.trouble or told.from_fork:
        return {}
    figures = figures_of(looked.review, told.number, told.head)
    refactorings.put(connection, replace(known, figures=figures))
    effect = EnsureRefactoring(project=project, code=known.code, path=path)
    return ask(connection, [effect], outside)
