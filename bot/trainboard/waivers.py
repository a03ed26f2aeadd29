"""What a person asks for who wants a pull request to pass its metric gate, as the fact that lets it."""

import re
from datetime import datetime

from trainboard.errors import PermanentError
from trainboard.facts import RecordWaiver
from trainboard.pull_requests import PullRequest

LONGEST_REASON = 300

_BLANK = re.compile(r"\s+")


class WaiverError(PermanentError):
    """A waiver that cannot be. The sentence says why."""


def waive(pull_request: PullRequest, reason: str, *, by: str, at: datetime) -> RecordWaiver:
    """The fact that the gate of its head commit is waived; a push ends that.

    Args:
        pull_request: an open one.
        reason: why, in the person's own words; shown to all who see the pull request.
        by: who says so; whether they may is the caller's to see.
        at: when they did.

    Raises:
        WaiverError: there is no reason, or one that is too long, or nothing to be waived any more.
    """
    said = _BLANK.sub(" ", reason).strip()
    if pull_request.state != "open":
        raise WaiverError(f"Pull request {pull_request.number} is {pull_request.state}: its gate is over.")
    if not said:
        raise WaiverError("A waiver needs a reason.")
    if len(said) > LONGEST_REASON:
        raise WaiverError(
            f"The reason must have at most {LONGEST_REASON} characters; this has {len(said):,}."
        )
    return _record(pull_request, said, by, at, withdrawn=False)


def withdraw(pull_request: PullRequest, *, by: str, at: datetime) -> RecordWaiver:
    """The fact that the gate of its head commit is not waived any more."""
    return _record(pull_request, "", by, at, withdrawn=True)


def _record(
    pull_request: PullRequest, reason: str, by: str, at: datetime, *, withdrawn: bool
) -> RecordWaiver:
    return RecordWaiver(
        code=pull_request.code,
        number=pull_request.number,
        commit=pull_request.head,
        by=by,
        reason=reason,
        at=at,
        withdrawn=withdrawn,
    )
