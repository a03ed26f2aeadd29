"""A look at GitHub and at one repository: are we let in, and may we do there what we do."""

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from trainboard.budgets.accounts import SLACK_SECONDS
from trainboard.budgets.headers import find_time
from trainboard.diagnosis import Finding, failing, note
from trainboard.errors import LimitedError, MissingError, TrainboardError
from trainboard.github.calls import Answer, Call
from trainboard.github.client import Client, Clock
from trainboard.github.faults import explain_gibberish


class Rate(msgspec.Struct, frozen=True):
    """What is left of the hour's calls."""

    limit: int
    remaining: int


class Overview(msgspec.Struct, frozen=True):
    """Source: "REST API endpoints for rate limits"."""

    rate: Rate


class Permissions(msgspec.Struct, frozen=True):
    """What the account may do in a repository by its role."""

    push: bool = False


class State(msgspec.Struct, frozen=True, kw_only=True):
    """Source: "REST API endpoints for repositories", "Get a repository"."""

    has_issues: bool = True
    archived: bool = False
    permissions: Permissions | None = None


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """What is done in a repository.

    `harm` is what comes of it where the account may not write, `proof` how a person sees that it may;
    `of_issues` tells that work items live there.
    """

    writes: str
    harm: str
    proof: str
    of_issues: bool


def examine(client: Client, repository: str, clock: Clock, *, by_role: bool, work: Work) -> Iterator[Finding]:
    """Two calls: what is left, and how the repository stands.

    Args:
        client: signs in as the account.
        repository: `owner/name`.
        clock: our own.
        by_role: the account may do what its role in the repository allows, as a token's user; an App was
            granted what it may do when it signed in.
        work: what is done there.
    """
    try:
        yield from _look_at_access(client, repository, clock)
        yield from _look_at_repository(client, repository, by_role=by_role, work=work)
    except LimitedError as error:
        yield note(str(error), "Ask again later. The bot waits by itself.")
    except TrainboardError as error:
        yield failing(str(error), f"Mend the way into {repository}: see docs/github.md.")


def _look_at_access(client: Client, repository: str, clock: Clock) -> Iterator[Finding]:
    try:
        call = Call(doing=f"sign in for {repository}", path="/rate_limit")
        answer = client.send(call)
    except MissingError:  # an Enterprise server that limits nobody
        yield Finding(message=f"GitHub lets us in for {repository}, and limits nobody.")
        return
    try:
        rate = msgspec.json.decode(answer.text, type=Overview).rate
    except msgspec.DecodeError as error:
        raise explain_gibberish(call) from error
    yield Finding(
        message=f"GitHub lets us in for {repository}: {rate.remaining} of {rate.limit} calls are left."
    )
    yield from _look_at_clock(answer, clock())


def _look_at_clock(answer: Answer, now: datetime) -> Iterator[Finding]:
    there = find_time(answer.headers, "date")
    if there is not None and abs(there - now.timestamp()) > SLACK_SECONDS:
        yield failing(
            f"The clock stands at {now}, GitHub's at {datetime.fromtimestamp(there, UTC)}.",
            "Set the clock, and keep it set by NTP: an App cannot sign in with a wrong one.",
        )


def _look_at_repository(client: Client, repository: str, *, by_role: bool, work: Work) -> Iterator[Finding]:
    state = client.get(Call(doing=f"see {repository}", path=f"/repos/{repository}"), State)
    troubles = list(_list_troubles(state, repository, by_role=by_role, work=work))
    yield from troubles
    if not troubles:
        yield Finding(message=f"We may write {work.writes} in {repository}.")


def _list_troubles(state: State, repository: str, *, by_role: bool, work: Work) -> Iterator[Finding]:
    if state.archived:
        yield failing(f"{repository} is archived: nothing can be written there.", "Unarchive it.")
    if work.of_issues and not state.has_issues:
        yield failing(f"Issues are turned off in {repository}.", "Turn them on in the repository's settings.")
    if by_role and state.permissions is None:
        yield note(
            f"GitHub does not say what we may do in {repository}.",
            work.proof,
        )
    elif by_role and state.permissions is not None and not state.permissions.push:
        yield failing(
            f"The token's user has no write access to {repository}: {work.harm}.",
            "Give the user the role Write in the repository.",
        )
