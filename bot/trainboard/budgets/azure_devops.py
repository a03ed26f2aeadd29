"""How fast Azure DevOps lets an organisation's user go, read from its answers.

It counts throughput units (TSTU) of an identity over five minutes. First it delays calls, which are done
and say so with Retry-After beside their 200; then it refuses them with 429.

Source: "Rate and usage limits" of Azure DevOps.
"""

from datetime import datetime
from http import HTTPStatus

from trainboard.budgets import Notice, Quota, Window
from trainboard.budgets.headers import (
    Headers,
    bounded,
    find_number,
    find_retry_after,
    find_seconds_until,
)

CALL_COST_TSTU = 0.1
"""What a call is taken to cost until an answer tells what is left: reads cost less, queries more."""

WINDOWS = (Window(name="points_minute", seconds=60, most=400, read=1, write=4),)
"""A quarter of the 200 TSTU in five minutes, if a write costs 0.1: people share the organisation with us."""

OVERUSE = "exceeding usage of resource"
"""What stands in the message of a refusal for pace, which has come with 403 and 503 too."""


def read_azure_devops(status: int, headers: Headers, now: datetime, text: str = "") -> Notice:
    """What an answer says of limits.

    After a delay or a refusal nothing is sent until both Retry-After and X-RateLimit-Reset have passed,
    the moment at which the usage is back at nothing.
    """
    refused = status >= HTTPStatus.BAD_REQUEST
    limited = status == HTTPStatus.TOO_MANY_REQUESTS or (refused and OVERUSE in text)
    retry_after = find_retry_after(headers, now)
    reset = find_seconds_until(headers, "x-ratelimit-reset", now)
    slow_down = limited or retry_after is not None
    waits = [seconds for seconds in (retry_after, reset) if seconds is not None]
    return Notice(
        limited=limited,
        wait_seconds=bounded(max(waits)) if slow_down and waits else None,
        quota=_find_quota(headers, reset),
    )


def _find_quota(headers: Headers, reset: float | None) -> Quota | None:
    limit, remaining = (find_number(headers, f"x-ratelimit-{name}") for name in ("limit", "remaining"))
    if limit is None or remaining is None or reset is None:
        return None
    cost = find_number(headers, "x-ratelimit-cost") or CALL_COST_TSTU
    return Quota(limit=limit, remaining=remaining, resets_in_seconds=bounded(reset), call_cost=cost)
