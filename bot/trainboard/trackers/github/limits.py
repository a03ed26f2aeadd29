"""How fast GitHub lets us go. We are told, and raise at once; nobody sleeps here."""

import threading
from collections import deque
from datetime import datetime, timedelta

from trainboard.errors import LimitedError
from trainboard.trackers.github.calls import Answer, parse_refusal

WRITES = ((timedelta(minutes=1), 60), (timedelta(hours=1), 450))
UNNAMED_SECONDS = 60.0
LONGEST_SECONDS = 3600.0
DAY_SECONDS = 86_400.0
PHRASES = ("rate limit", "abuse detection", "wait a few minutes", "retry your request again later")
FORBIDDEN = 403
TOO_MANY = 429


class Limiter:
    """What one credential may still do; shared by all threads and repositories that use it.

    Source: "Rate limits for the REST API": besides the hourly budget, at most 80 content-generating
    requests a minute and 500 an hour. We count every write and stay below.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._writes: deque[datetime] = deque()
        self._blocked_until: datetime | None = None
        self._unnamed = 0

    def admit(self, doing: str, now: datetime, *, writes: bool) -> None:
        """Count a call that is about to be made.

        Raises:
            LimitedError: it would be refused; nothing was sent.
        """
        with self._lock:
            wait = self._seconds_to_wait(now, writes=writes)
            if wait <= 0 and writes:
                self._writes.append(now)
        if wait > 0:
            raise LimitedError(
                f"Did not {doing} yet: GitHub's rate limit is used up for {wait:.0f} more seconds.",
                retry_after_seconds=wait,
            )

    def note(self, answer: Answer, now: datetime) -> float | None:
        """Learn from an answer: how many seconds it asks us to wait, None if it is no limit."""
        used_up = answer.find_number("x-ratelimit-remaining") == 0
        named = find_named_seconds(answer, now)
        limited = is_limit(answer)
        with self._lock:
            self._unnamed = self._unnamed + 1 if limited and named is None else 0
            seconds = named or min(UNNAMED_SECONDS * 2.0 ** (self._unnamed - 1), LONGEST_SECONDS)
            if limited or (used_up and named is not None):
                until = now + timedelta(seconds=seconds)
                self._blocked_until = max(until, self._blocked_until or until)
        return seconds if limited else None

    def _seconds_to_wait(self, now: datetime, *, writes: bool) -> float:
        while self._writes and self._writes[0] <= now - WRITES[-1][0]:
            self._writes.popleft()
        ends = [self._blocked_until or now]
        if writes:
            ends += [self._writes[-count] + window for window, count in WRITES if len(self._writes) >= count]
        return (max(ends) - now).total_seconds()


def is_limit(answer: Answer) -> bool:
    """True for any of the shapes in which GitHub says "slower".

    Source: "Rate limits for the REST API", "Exceeding the rate limit"; and answers seen in the field:
    403 with Retry-After, with only gh-limited-by, or known by its text alone; 429 with and without
    Retry-After.
    """
    if answer.status != FORBIDDEN:
        return answer.status == TOO_MANY
    if {"retry-after", "gh-limited-by"} & answer.headers.keys():
        return True
    refusal = parse_refusal(answer.text)
    text = (refusal.message if refusal else answer.text).lower()
    return answer.find_number("x-ratelimit-remaining") == 0 or any(phrase in text for phrase in PHRASES)


def find_named_seconds(answer: Answer, now: datetime) -> float | None:
    """How long the answer tells us to wait, from a second to a day; None if it names no time.

    Times are reckoned by the clock of the server, where it shows it.
    """
    server_now = answer.find_time("date") or now.timestamp()
    wait = answer.find_number("retry-after")
    if wait is None and (moment := answer.find_time("retry-after")) is not None:
        wait = moment - server_now
    if wait is None and answer.find_number("x-ratelimit-remaining") == 0:
        reset = answer.find_number("x-ratelimit-reset")
        wait = None if reset is None else reset - server_now + 1
    return None if wait is None else min(max(wait, 1.0), DAY_SECONDS)
