"""How fast GitHub lets us go: what we keep to by ourselves, and what its answers say."""

from datetime import datetime

import msgspec

from trainboard.budgets import Budget, Lane, Notice, Quota, Window
from trainboard.budgets.headers import bounded, find_number, find_retry_after, find_seconds_until
from trainboard.github.calls import Answer, parse_refusal

WINDOWS = (
    Window(name="writes_minute", seconds=60, most=60),
    Window(name="writes_hour", seconds=3600, most=450),
    Window(name="points_minute", seconds=60, most=675, read=1, write=5),
)
"""Below GitHub's 80 and 500 content-generating requests (we count every write), and its 900 points.

Source: "Rate limits for the REST API", "About secondary rate limits".
"""

GRAPHQL_WINDOWS = (Window(name="points_minute", seconds=60, most=1500, read=1, write=5),)
"""Below the 2000 points a minute that GraphQL has for itself.

Source: "Rate limits and query limits for the GraphQL API", "Secondary rate limits".
"""

CORE, GRAPHQL = "core", "graphql"
PHRASES = ("rate limit", "abuse detection", "wait a few minutes", "retry your request again later")
OK = 200
FORBIDDEN = 403
TOO_MANY = 429


class Complaint(msgspec.Struct, frozen=True):
    """An error of GraphQL."""

    type: str = ""
    message: str = ""


class Complaints(msgspec.Struct, frozen=True):
    """What GraphQL answers, with 200, to what it did not do."""

    errors: list[Complaint]


def read(answer: Answer, now: datetime, resource: str = CORE) -> Notice:
    """What an answer says of limits; `resource` is GitHub's name of what its quota is of."""
    limited = is_limit(answer)
    return Notice(
        limited=limited,
        wait_seconds=find_named_seconds(answer, now) if limited else None,
        quota=find_quota(answer, now, resource),
    )


class GraphQLBudget:
    """What an account may still ask of GraphQL: points of its own, and the writes that REST takes from too.

    Keeps `trainboard.budgets.Budget`. A limit that is not GraphQL's quota stops all that the account does.
    """

    def __init__(self, own: Budget, shared: Budget) -> None:
        self._own = own
        self._shared = shared

    def admit(self, doing: str, lane: Lane, *, writes: bool) -> None:
        """Count the call, a write in both."""
        if writes:
            self._shared.admit(doing, lane, writes=True)
        self._own.admit(doing, lane, writes=writes)

    def note(self, notice: Notice) -> float | None:
        """Learn from the answer."""
        wait = self._own.note(notice)
        is_quota = notice.quota is not None and notice.quota.remaining <= 0
        if notice.limited and not is_quota:
            self._shared.note(Notice(limited=True, wait_seconds=wait))
        return wait


def is_limit(answer: Answer) -> bool:
    """True for any of the shapes in which GitHub says "slower".

    Source: "Rate limits for the REST API", "Exceeding the rate limit", and the same for GraphQL; and
    answers seen in the field: 403 with Retry-After, with only gh-limited-by, or known by its text alone;
    429 with and without Retry-After.
    """
    if answer.status == OK:
        return _is_graphql_limit(answer.text)
    if answer.status != FORBIDDEN:
        return answer.status == TOO_MANY
    if {"retry-after", "gh-limited-by"} & answer.headers.keys():
        return True
    refusal = parse_refusal(answer.text)
    return answer.find_number("x-ratelimit-remaining") == 0 or _speaks_of_limit(
        refusal.message if refusal else answer.text
    )


def find_named_seconds(answer: Answer, now: datetime) -> float | None:
    """How long a refusal tells us to wait, from a second to a day; None if it names no time."""
    wait = find_retry_after(answer.headers, now)
    if wait is None and answer.find_number("x-ratelimit-remaining") == 0:
        reset = find_seconds_until(answer.headers, "x-ratelimit-reset", now)
        wait = None if reset is None else reset + 1
    return None if wait is None else bounded(wait)


def find_quota(answer: Answer, now: datetime, resource: str = CORE) -> Quota | None:
    """What is left of the hour's calls, None if the answer does not say or counts something else.

    Source: "Rate limits for the REST API", "Checking the status of your rate limit".
    """
    limit, remaining = (find_number(answer.headers, f"x-ratelimit-{name}") for name in ("limit", "remaining"))
    reset = find_seconds_until(answer.headers, "x-ratelimit-reset", now)
    if limit is None or remaining is None or reset is None:
        return None
    if answer.headers.get("x-ratelimit-resource", resource) != resource:
        return None
    return Quota(limit=limit, remaining=remaining, resets_in_seconds=bounded(reset + 1))


def _is_graphql_limit(text: str) -> bool:
    if '"errors"' not in text:
        return False
    try:
        complaints = msgspec.json.decode(text, type=Complaints).errors
    except msgspec.DecodeError:
        return False
    return any(each.type == "RATE_LIMITED" or _speaks_of_limit(each.message) for each in complaints)


def _speaks_of_limit(text: str) -> bool:
    return any(phrase in text.lower() for phrase in PHRASES)
