"""Gates as statuses of a pull request, each of one of its pushes.

A status without a push would stay when the next one comes, and let it through untested.
"""

from collections.abc import Iterable
from typing import Any

from trainboard.azure_devops.models import git
from trainboard.pull_requests import GateState
from trainboard.repositories import Gate
from trainboard.repositories.azure_repos.values import IterationJson, StatusJson
from trainboard.repositories.lines import to_line

DESCRIPTION_CHARACTERS = 140
STATES: dict[GateState, str] = {
    "waiting": "pending",
    "success": "succeeded",
    "failure": "failed",
    "neutral": "notApplicable",
}


def find_iteration(pushes: Iterable[IterationJson], commit: str) -> IterationJson | None:
    """The newest push of that commit, None if it was never pushed."""
    return max(
        (push for push in pushes if push.source_ref_commit.commit_id == commit),
        key=lambda push: push.id,
        default=None,
    )


def is_shown(gate: Gate, push: IterationJson, statuses: Iterable[StatusJson]) -> bool:
    """True if the latest status of that name on that push says what the gate says."""
    genre, name = _split(gate)
    ours = (
        status
        for status in statuses
        if (status.context.genre, status.context.name, status.iteration_id) == (genre, name, push.id)
    )
    latest = max(ours, key=lambda status: status.id, default=None)
    return latest is not None and (STATES[gate.state], _describe(gate), gate.url) == (
        latest.state,
        latest.description or "",
        latest.target_url or "",
    )


def to_status(gate: Gate, push: IterationJson) -> Any:
    """The status to create."""
    genre, name = _split(gate)
    return git.GitPullRequestStatus(
        context=git.GitStatusContext(genre=genre, name=name),
        state=STATES[gate.state],
        description=_describe(gate),
        target_url=gate.url or None,
        iteration_id=push.id,
    )


def _split(gate: Gate) -> tuple[str, str]:
    genre, _, name = gate.name.rpartition("/")
    return genre, name


def _describe(gate: Gate) -> str:
    return to_line(gate.title, DESCRIPTION_CHARACTERS)
