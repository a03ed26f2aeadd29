"""One call to GitHub. Nothing is retried, nobody sleeps, every failure is one of our errors."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol, TypeVar, runtime_checkable
from weakref import WeakSet

import msgspec
import requests
import structlog
from github import Auth, Github
from urllib3 import BaseHTTPResponse, Retry

from trainboard import __version__
from trainboard.budgets import Budget, current_lane
from trainboard.errors import LimitedError
from trainboard.github.calls import Answer, Call
from trainboard.github.faults import explain_gibberish, explain_refusal, explain_silence
from trainboard.github.limits import CORE, read

API_URL = "https://api.github.com"
API_VERSION = "2022-11-28"
TIMEOUT_SECONDS = 15
PER_PAGE = 100
CREATED = 201
ACCEPTED = 202
NO_CONTENT = 204
MOVED = 301
UNAUTHORIZED = 401

Clock = Callable[[], datetime]
Shape = TypeVar("Shape")

_log = structlog.get_logger(__name__)


@runtime_checkable
class Renewable(Protocol):
    """A signature that can be made anew."""

    def forget(self) -> None:
        """The server refused it: make another for the next call."""
        ...


class Client:
    """Sends calls with one credential, from any thread.

    Each thread has its own `Github`: PyGithub keeps the request that it is sending on an object that
    its threads would share.

    Args:
        api_url: where the API is, `https://api.github.com` or an Enterprise server's `…/api/v3`.
        auth: how we sign in, None for what anybody may ask.
        budget: what the account may still do; every call is counted there before it is sent.
        clock: the time now, aware.
        resource: GitHub's name of the quota that the calls use up.
    """

    def __init__(
        self, *, api_url: str, auth: Auth.Auth | None, budget: Budget, clock: Clock, resource: str = CORE
    ) -> None:
        self.api_url = api_url.rstrip("/")
        self._resource = resource
        self._auth = auth
        self._budget = budget
        self._clock = clock
        self._mine = threading.local()
        self._all: WeakSet[Github] = WeakSet()
        self._lock = threading.Lock()

    def get(self, call: Call, shape: type[Shape]) -> Shape:
        """Send `call` and read its answer as `shape`. Raises as `trainboard.trackers.Tracker` says."""
        return self.get_page(call, shape)[0]

    def get_page(self, call: Call, shape: type[Shape]) -> tuple[Shape, str | None]:
        """As `get`, with the address of the next page, None on the last. Done without a word is null."""
        answer = self.send(call)
        text = "null" if answer.status == NO_CONTENT else answer.text
        try:
            return msgspec.json.decode(text, type=shape), answer.next_url
        except msgspec.DecodeError as error:
            raise explain_gibberish(call) from error

    def send(self, call: Call) -> Answer:
        """As `get`, with the answer as it came."""
        self._budget.admit(call.doing, current_lane(), writes=call.writes)
        answer = self._exchange(call)
        wait = self._budget.note(read(answer, self._clock(), self._resource))
        if wait is not None:
            request = answer.headers.get("x-github-request-id")
            _log.warning("GitHub asked us to slow down", status=answer.status, seconds=wait, request=request)
            raise LimitedError(
                f"Could not {call.doing}: GitHub answered {answer.status}, slow down for {wait:.0f} seconds.",
                retry_after_seconds=wait,
            )
        if answer.status == UNAUTHORIZED and self._auth is not None and isinstance(self._auth, Renewable):
            self._auth.forget()
        if answer.status > CREATED and answer.status != NO_CONTENT:
            raise explain_refusal(call, answer)
        return answer

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            for github in list(self._all):
                github.close()

    @property
    def github(self) -> Github:
        """This thread's own PyGithub object."""
        if not hasattr(self._mine, "github"):
            self._mine.github = self._open()
        found: Github = self._mine.github
        return found

    def _exchange(self, call: Call) -> Answer:
        requester = self.github.requester
        try:
            headers = {"Accept": call.accept} if call.accept else None
            answer = requester.requestJson(call.method, call.path, call.query, headers, call.body)
        except _StoppedError as stop:
            return stop.answer
        except requests.RequestException as error:
            raise explain_silence(call, error) from error
        status, headers, text = answer
        return Answer(status=status, headers=headers, text=text)

    def _open(self) -> Github:
        github = Github(
            auth=self._auth,
            base_url=self.api_url,
            timeout=TIMEOUT_SECONDS,
            user_agent=f"trainboard/{__version__}",
            per_page=PER_PAGE,
            retry=_NoRetry(0, read=False),
            seconds_between_requests=None,
            seconds_between_writes=None,
            lazy=True,
            api_version=API_VERSION,
        )
        with self._lock:
            self._all.add(github)
        return github


class _StoppedError(Exception):
    def __init__(self, answer: Answer) -> None:
        super().__init__(f"stopped at {answer.status}")
        self.answer = answer


class _NoRetry(Retry):
    """Never again; and hands out the answers that PyGithub would act on by itself.

    PyGithub repeats a write at the address of a 301, loses the query of a read there, and sleeps on
    202. This is the only place from which an answer can be had before it does.
    """

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:  # noqa: ARG002, FBT001, FBT002
        return status_code in {ACCEPTED, MOVED}

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        *rest: Any,
        **named: Any,
    ) -> "_NoRetry":
        if response is None:
            return super().increment(method, url, response, error, *rest, **named)
        response.drain_conn()
        headers = {name.lower(): value for name, value in response.headers.items()}
        raise _StoppedError(Answer(status=response.status, headers=headers, text=""))
