"""The line to an organisation: every request that any client of the package sends goes through here."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import requests
import structlog
from msrest.exceptions import ClientException

from trainboard.azure_devops.calls import Answer, Call, read_answer
from trainboard.azure_devops.faults import explain_missing, explain_refusal, explain_silence
from trainboard.budgets import Budget, current_lane
from trainboard.budgets.azure_devops import read_azure_devops
from trainboard.errors import LimitedError

Clock = Callable[[], datetime]

_log = structlog.get_logger(__name__)


class AnsweredError(Exception):
    """Not an error: what was wanted came, and is not to be made into the package's objects."""


class Exchange:
    """What one thread says about one call, and what it hears.

    `unread`: the text of the answer is wanted, and no object of the package; then AnsweredError ends the
    package's method as soon as the answer came.
    """

    def __init__(self, call: Call, *, unread: bool = False) -> None:
        self.call = call
        self.unread = unread
        self.sent = False
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

    @contextmanager
    def about(self, call: Call, *, unread: bool = False) -> Iterator[Exchange]:
        """What this thread sends inside the block is about `call`."""
        outer: Exchange | None = getattr(self._mine, "exchange", None)
        self._mine.exchange = Exchange(call, unread=unread)
        try:
            yield self._mine.exchange
        finally:
            self._mine.exchange = outer

    def carry(self, send: Callable[[], requests.Response]) -> requests.Response:
        """Send one request. An answer that is not the wanted one is raised as one of our errors."""
        exchange: Exchange = self._mine.exchange
        call = exchange.call
        self._budget.admit(call.doing, current_lane(), writes=call.writes)
        exchange.sent = True
        try:
            response = send()
            exchange.answer = read_answer(response)
        except (ClientException, requests.RequestException) as error:
            raise explain_silence(call, error) from error
        self._judge(call, exchange.answer)
        if exchange.unread:
            raise AnsweredError
        return response

    def _judge(self, call: Call, answer: Answer) -> None:
        wait = self._budget.note(read_azure_devops(answer.status, answer.headers, self._clock()))
        if wait is not None:
            activity = answer.headers.get("activityid")
            _log.warning("Azure DevOps asked us to slow down", seconds=wait, activity=activity)
            raise LimitedError(
                f"Could not {call.doing}: Azure DevOps answered {answer.status}, "
                f"slow down for {wait:.0f} seconds.",
                retry_after_seconds=wait,
            )
        refused = explain_refusal(call, answer, self._advice)
        if refused is not None:
            raise refused
        if call.thing and answer.text.strip() == "null":
            raise explain_missing(call, answer)
