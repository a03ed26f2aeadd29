"""A proxy that loses, delays and breaks what goes through it, in front of a server that does its work."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

SLOW_SECONDS = 0.1
POLL_SECONDS = 0.02
_HOP_BY_HOP = {"connection", "transfer-encoding", "content-encoding", "content-length", "keep-alive"}


class Proxy(ThreadingHTTPServer):
    """Passes everything to `upstream`, but for what `break_next` says. `seen` are the requests so far."""

    daemon_threads = True

    def __init__(self, upstream: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.upstream = upstream
        self.seen: list[str] = []
        self.closing = threading.Event()
        self._faults: list[tuple[str, str, Fault]] = []

    def break_next(self, method: str, ending: str, fault: "Fault") -> None:
        """Let the next request of `method` whose path has that `ending` meet with `fault`."""
        self._faults.append((method, ending, fault))

    @property
    def all_met(self) -> bool:
        """True if every fault has been met with."""
        return not self._faults

    def take_fault(self, method: str, path: str) -> "Fault":
        """What shall happen to this request."""
        self.seen.append(f"{method} {path}")
        for each in self._faults:
            if method == each[0] and path.endswith(each[1]):
                self._faults.remove(each)
                return each[2]
        return pass_on


@contextmanager
def running_proxy(upstream: str) -> Iterator[Proxy]:
    """A proxy in front of the server at `upstream` while the block runs."""
    with Proxy(upstream) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, args=(POLL_SECONDS,))
        thread.start()
        try:
            yield proxy
        finally:
            proxy.closing.set()
            proxy.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Proxy

    def _pass(self):
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.take_fault(self.command, self.path.partition("?")[0])(self)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _pass  # noqa: N815

    def forward(self):
        """The server's answer."""
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        url = f"{self.server.upstream}{self.path}"
        return requests.request(
            self.command, url, headers=headers, data=self.body, allow_redirects=False, timeout=10
        )

    def begin(self, answer, size):
        """Send an answer's head, which promises a body of `size` bytes."""
        self.send_response(answer.status_code)
        for name, value in answer.headers.items():
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(size))
        self.end_headers()

    def reset(self):
        """Hang up with RST instead of FIN."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, *_):
        pass


Fault = Callable[[_Handler], None]


def pass_on(handler):
    """No fault at all."""
    answer = handler.forward()
    handler.begin(answer, len(answer.content))
    handler.wfile.write(answer.content)


def reset_before(handler):
    """The connection breaks before the server hears of it."""
    handler.reset()


def reset_after(handler):
    """The server does it, and the connection breaks."""
    handler.forward()
    handler.reset()


def never_answer(handler):
    """The server does it, and the answer never comes."""
    handler.forward()
    handler.server.closing.wait()
    handler.reset()


def bad_gateway(handler):
    """The server does it, and somebody in between says 502."""
    handler.forward()
    handler.send_error(502)


def answer_slowly(handler):
    """The server does it, and the answer comes in two pieces with a pause."""
    answer = handler.forward()
    half = len(answer.content) // 2
    handler.begin(answer, len(answer.content))
    handler.wfile.write(answer.content[:half])
    handler.server.closing.wait(SLOW_SECONDS)
    handler.wfile.write(answer.content[half:])


def cut_short(handler):
    """The server does it, and half of the answer comes."""
    answer = handler.forward()
    handler.begin(answer, len(answer.content))
    handler.wfile.write(answer.content[: len(answer.content) // 2])
