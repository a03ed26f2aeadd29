"""A piece of work in a process of its own, while this one holds the platform that it talks to."""

import os
import pickle
import threading
import traceback
from collections.abc import Callable
from io import BytesIO
from multiprocessing import Pipe
from multiprocessing.connection import Connection

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

Say = Callable[[object], None]

_PASSED_ON = ("method", "url", "headers", "body")
_SAYS, _ASKS = range(2)


class Child:
    """A process, forked from this one: what it knew is known there.

    Args:
        act: what it does; is given what it says things with.
        asks_here: what it sends over HTTP by `requests` is sent from here, so that a platform which is played
            in this process outlives it.
    """

    def __init__(self, act: Callable[[Say], None], *, asks_here: bool = False) -> None:
        self.connection, its_end = Pipe()
        self.pid = os.fork()
        if self.pid == 0:
            self.connection.close()
            _live(act, _Mouth(its_end), asks_here=asks_here)
        its_end.close()

    def hear(self) -> list:
        """What it says next, if that is no request; a request is answered.

        Raises:
            EOFError: it has ended, or was killed.
        """
        try:
            kind, content = self.connection.recv()
        except OSError as torn:
            raise EOFError from torn
        if kind == _SAYS:
            return [content]
        self._answer(content)
        return []

    def end(self) -> None:
        """See how it ended.

        Raises:
            RuntimeError: it failed by itself; what went wrong was said last.
        """
        self.connection.close()
        _, status = os.waitpid(self.pid, 0)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status):
            raise RuntimeError(f"process {self.pid} failed")

    def _answer(self, asked: dict) -> None:
        answer = _send(asked)
        try:
            self.connection.send(answer)
        except BrokenPipeError:
            return  # it asked, and was killed


def run_in_process(act: Callable[[Say], None], *, asks_here: bool = False) -> list:
    """All that `act` said before its process ended, or was killed. The arguments are those of a `Child`.

    Raises:
        RuntimeError: it failed by itself.
    """
    child, said = Child(act, asks_here=asks_here), []
    try:
        while True:
            said += child.hear()
    except EOFError:
        pass
    try:
        child.end()
    except RuntimeError as failure:
        raise RuntimeError(said[-1] if said else "without a word") from failure
    return said


def _live(act: Callable[[Say], None], mouth: "_Mouth", *, asks_here: bool) -> None:
    if asks_here:
        HTTPAdapter.send = lambda adapter, request, **_options: mouth.ask(adapter, request)
    try:
        act(mouth.say)
    except BaseException:  # noqa: BLE001  nothing of the parent's may run here
        mouth.say(traceback.format_exc())
        os._exit(1)
    os._exit(0)


class _Mouth:
    """The child's end of a connection, for all of its threads."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._turn = threading.Lock()

    def say(self, content: object) -> None:
        """Say something."""
        with self._turn:
            self._connection.send((_SAYS, content))

    def ask(self, adapter: HTTPAdapter, request: requests.PreparedRequest) -> requests.Response:
        """Have a request sent."""
        with self._turn:
            self._connection.send((_ASKS, {name: getattr(request, name) for name in _PASSED_ON}))
            answer = self._connection.recv()
        if isinstance(answer, Exception):
            raise answer
        status, reason, headers, body = answer
        raw = HTTPResponse(BytesIO(body), headers, status, reason=reason, preload_content=False)
        return adapter.build_response(request, raw)


def _send(asked: dict):
    """The answer's status, reason, headers and body, or the exception that came instead."""
    request = requests.PreparedRequest()
    for name, value in asked.items():
        setattr(request, name, value)
    try:
        answer = HTTPAdapter().send(request, timeout=60)
    except requests.RequestException as failure:
        return pickle.loads(pickle.dumps(failure))
    coded = {"content-encoding", "transfer-encoding"}
    headers = {name: value for name, value in answer.headers.items() if name.lower() not in coded}
    return answer.status_code, answer.reason, headers, answer.content
