"""The line to an organisation: every request that any client of the package sends goes through here."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import msgspec
import requests
import structlog
from msrest.exceptions import ClientException

from trainboard.azure_devops.calls import Answer, Call, read_answer
from trainboard.azure_devops.explaining import (
    explain_answer,
    explain_gibberish,
    explain_impossible,
    explain_silence,
)
from trainboard.budgets import Budget, current_lane
from trainboard.budgets.azure_devops import read_azure_devops
from trainboard.errors import LimitedError

Clock = Callable[[], datetime]

UNFIT = (ClientException, OverflowError, ValueError, msgspec.DecodeError)
"""What the package and our own shapes raise where a value is of the wrong kind, on the way out or in."""

_log = structlog.get_logger(__name__)


class AnsweredError(Exception):
    """Not an error: what was wanted came, and is not to be made into the package's objects."""


class Exchange:
    """What one thread says about one call, and the last answer that it heard.

    `unread`: the answer is wanted as it came; AnsweredError ends the package's method when it is there.
    """

    def __init__(self, call: Call, *, unread: bool) -> None:
        self.call = call
        self.unread = unread
        self.answer: Answer | None = None


class Line:
    """Counts, sends and judges requests, from any thread.

    Args:
        budget: what may still be asked of the organisation; every request is counted there first.
        clock: the time now, aware.
        advice: what to do if the organisation does not know us.
    """

    def __init__(self, budget: Budget, clock: Clock, advice: str) -> None:
        self._budget = budget
        self._clock = clock
        self._advice = advice
        self._mine = threading.local()

    @property
    def call(self) -> Call:
        """What this thread asks just now."""
        return self._exchange.call

    @contextmanager
    def about(self, call: Call, *, unread: bool = False) -> Iterator[Exchange]:
        """What this thread sends inside the block is about `call`. What the package raises becomes ours."""
        outer: Exchange | None = getattr(self._mine, "exchange", None)
        self._mine.exchange = exchange = Exchange(call, unread=unread)
        try:
            yield exchange
        except UNFIT as error:
            if exchange.answer is not None:
                raise explain_gibberish(call) from error
            kind = type(error).__name__
            raise explain_impossible(call, f"the package cannot write what it was given ({kind})") from error
        finally:
            self._mine.exchange = outer

    def carry(self, send: Callable[[], requests.Response]) -> requests.Response:
        """Send one request. An answer that is not the wanted one is raised as one of our errors."""
        exchange = self._exchange
        call = exchange.call
        self._budget.admit(call.doing, current_lane(), writes=call.writes)
        try:
            response = send()
            exchange.answer = read_answer(call, response)
        except (ClientException, requests.RequestException) as error:
            raise explain_silence(call, error) from error
        self._judge(call, exchange.answer)
        if exchange.unread:
            raise AnsweredError
        return response

    @property
    def _exchange(self) -> Exchange:
        exchange: Exchange | None = getattr(self._mine, "exchange", None)
        if exchange is None:
            raise RuntimeError("A client was called outside of Organization.ask.")
        return exchange

    def _judge(self, call: Call, answer: Answer) -> None:
        notice = read_azure_devops(answer.status, answer.headers, self._clock(), answer.text)
        wait = self._budget.note(notice)
        if wait is not None:
            activity = answer.headers.get("activityid")
            _log.warning(
                "Azure DevOps asked us to slow down", status=answer.status, seconds=wait, activity=activity
            )
            raise LimitedError(
                f"Could not {call.doing}: Azure DevOps answered {answer.status}, "
                f"slow down for {wait:.0f} seconds.",
                retry_after_seconds=wait,
            )
        error = explain_answer(call, answer, self._advice)
        if error is not None:
            raise error
