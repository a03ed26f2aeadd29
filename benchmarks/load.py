"""Load on a server: wrk where it is installed, else a sender of ours."""

import json
import math
import selectors
import shutil
import socket
import statistics
import subprocess
import time
from collections import deque
from dataclasses import dataclass
from itertools import chain, count, islice
from pathlib import Path

SCRIPT = Path(__file__).with_name("send.lua")
WRK = shutil.which("wrk")
CHUNK_BYTES = 256 * 1024
PATIENCE_SECONDS = 20


class LoadError(Exception):
    """The server did not answer as it must."""


@dataclass(frozen=True)
class Load:
    """What a load was answered with; latencies in milliseconds.

    `sent` counts the requests that were begun, `rewound` how often they all had been sent and were
    sent again.
    """

    answers: int
    seconds: float
    p50: float
    p99: float
    sent: int
    rewound: int

    @property
    def rate(self):
        """Answers a second."""
        return self.answers / self.seconds


def name():
    """Who sends."""
    return "wrk" if WRK else "our own sender (Debian's wrk takes less of the machine)"


def press(port, requests, *, connections, seconds, first=0):
    """Send `requests` from the one numbered `first` on, over so many connections, for so long.

    After the last comes the first again.
    """
    first %= len(requests)
    if WRK is None:
        return _press_ourselves(port, requests, connections, seconds, first)
    command = [WRK, "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "-s", SCRIPT]
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{port}", "--", requests.file, str(first)],
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds + 60,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    if told.pop("refused") or told.pop("broken"):
        raise LoadError(done.stdout)
    return Load(**told)


def _press_ourselves(port, requests, connections, seconds, first):
    deadline = time.perf_counter() + seconds
    sender = Sender(port, connections)
    times = []
    began = time.perf_counter()
    endless = chain(requests.since(first), chain.from_iterable(requests.since(0) for _ in count()))
    for answer in sender.answers(endless, until=deadline):
        answer.check()
        times.append(answer.milliseconds)
    cuts = statistics.quantiles(times, n=100)
    return Load(
        answers=len(times),
        seconds=time.perf_counter() - began,
        p50=cuts[49],
        p99=cuts[98],
        sent=sender.sent,
        rewound=(first + sender.sent) // len(requests),
    )


@dataclass(frozen=True)
class Answer:
    """What a request was answered with."""

    id: str
    status: int
    milliseconds: float

    def check(self):
        """Raises LoadError unless the status is one of success."""
        if not 200 <= self.status < 300:
            raise LoadError(f"{self.id} was answered with {self.status}")


class Sender:
    """One thread that keeps each of its connections waiting for an answer.

    It ends quietly when the server dies; what was not answered then is in `unanswered`.
    """

    def __init__(self, port, connections):
        self.sent = 0
        self.unanswered = set()
        self._port = port
        self._connections = connections

    def answers(self, requests, *, until=math.inf):
        """Yield the answers to (id, bytes) as they come, until all are in, or the time is over."""
        waiting = iter(requests)
        with selectors.DefaultSelector() as selector:
            lines = [_Line(self._port) for _ in range(self._connections)]
            try:
                for line in lines:
                    selector.register(line.socket, selectors.EVENT_READ, line)
                    self._send_next(line, waiting, until)
                yield from self._collect(selector, waiting, until)
            finally:
                for line in lines:
                    line.socket.close()

    def _collect(self, selector, waiting, until):
        while self.unanswered and selector.get_map():
            ready = selector.select(PATIENCE_SECONDS)
            if not ready:
                raise LoadError(f"no answer within {PATIENCE_SECONDS} s")
            for key, _ in ready:
                answer = key.data.receive()
                if answer is CLOSED:
                    selector.unregister(key.fileobj)
                elif answer is not None:
                    self.unanswered.discard(answer.id)
                    yield answer
                    self._send_next(key.data, waiting, until)

    def _send_next(self, line, waiting, until):
        if time.perf_counter() >= until:
            return
        for delivery, request in islice(waiting, 1):
            self.sent += 1
            self.unanswered.add(delivery)
            line.send(delivery, request)


class SteadySender:
    """One thread that begins so many requests a second, whatever the answers take.

    The time of an answer counts from when its request was due: a server that stops for a moment delays all
    that were due meanwhile, and not only those that it had.
    """

    def __init__(self, port, connections):
        self.sent = 0
        self._port = port
        self._connections = connections

    def answers(self, requests, *, rate, seconds):
        """Yield the answers to (id, bytes), each of them made when it is due, until the time is over.

        A request whose connection ended is answered with status 0.
        """
        total, began, first = int(rate * seconds), time.perf_counter(), self.sent
        with selectors.DefaultSelector() as selector:
            idle = deque(self._open(selector) for _ in range(self._connections))
            try:
                while self.sent - first < total or len(idle) < self._connections:
                    is_left = idle and self.sent - first < total
                    due = began + (self.sent - first) / rate if is_left else None
                    if is_left and due <= time.perf_counter():
                        idle.popleft().send(*next(requests), due)
                        self.sent += 1
                    else:
                        yield from self._receive(selector, idle, due)
            finally:
                for key in list(selector.get_map().values()):
                    key.data.socket.close()

    def _open(self, selector):
        line = _Line(self._port)
        selector.register(line.socket, selectors.EVENT_READ, line)
        return line

    def _receive(self, selector, idle, until):
        """The answers that are there, or come until the next request is due."""
        patience = PATIENCE_SECONDS if until is None else max(0, until - time.perf_counter())
        ready = selector.select(patience)
        if not ready and until is None:
            raise LoadError(f"no answer within {PATIENCE_SECONDS} s")
        for key, _ in ready:
            line, answer = key.data, key.data.receive()
            if answer is CLOSED:
                selector.unregister(line.socket)
                line.socket.close()
                if line in idle:
                    idle.remove(line)
                else:
                    yield line.give_up()
                idle.append(self._open(selector))
            elif answer is not None:
                idle.append(line)
                yield answer


CLOSED = object()


class _Line:
    """A connection with one request on its way."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._id = ""
        self._began = 0.0
        self._received = b""

    def send(self, delivery, request, due=None):
        """Send it; its time counts from `due`, or else from now."""
        self._id, self._received, self._began = delivery, b"", due or time.perf_counter()
        try:
            self.socket.sendall(request)
        except OSError:
            return  # the end is seen when the answer is read

    def receive(self):
        """The answer, None while it is not whole, CLOSED when none can come."""
        try:
            chunk = self.socket.recv(CHUNK_BYTES)
        except OSError:
            chunk = b""
        if not chunk:
            return CLOSED
        self._received += chunk
        head, found, rest = self._received.partition(b"\r\n\r\n")
        if not found or len(rest) < _length(head):
            return None
        return self._answer(int(head[9:12]))

    def give_up(self):
        """What stands for an answer that cannot come."""
        return self._answer(0)

    def _answer(self, status):
        return Answer(self._id, status, (time.perf_counter() - self._began) * 1000)


def _length(head):
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    raise LoadError(f"an answer without a length: {head!r}")
