"""What the GitHub tracker makes of real connections, which a mock can only imitate."""

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from fakes.clock import FakeClock
from trainboard.budgets.memory import MemoryBudgets
from trainboard.errors import DoubtError, PermanentError, TransientError
from trainboard.github.credentials import TokenCredential
from trainboard.trackers.github import GitHubTracker
from trainboard.work_items import NewWorkItem

NEW = NewWorkItem(title="t", body="b")


@contextmanager
def serving(status, headers=(), body=b""):
    """A server that gives one answer to everything, or hangs up where `status` is None; and its requests."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            seen.append(f"{self.command} {self.path.partition('?')[0]}")
            if status is None:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer  # noqa: N815

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        tracker = connect(server.server_port)
        yield tracker, seen
        tracker.close()
        server.shutdown()
        thread.join()


def connect(port):
    credential = TokenCredential("t", MemoryBudgets(FakeClock()))
    return GitHubTracker(repository="acme/churn", credential=credential, api_url=f"http://127.0.0.1:{port}")


def test_refused_connection():
    """Where nobody listens nothing was done, also by a write."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(TransientError, match=r"out of reach .NewConnectionError") as caught:
        connect(port).create_item(NEW)
    assert not isinstance(caught.value, DoubtError)


def test_hang_up():
    """A server that hangs up after it has read a write may have done it; it is sent once."""
    with serving(None) as (tracker, seen):
        with pytest.raises(DoubtError):
            tracker.create_item(NEW)
        assert ["POST /repos/acme/churn/issues"] == seen


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_failures_are_sent_once(status):
    """What PyGithub and urllib3 like to try again is sent once and not waited for."""
    with serving(status, [("Retry-After", "30")]) as (tracker, seen):
        with pytest.raises(TransientError):
            tracker.create_item(NEW)
        with pytest.raises(TransientError):
            list(tracker.list_iterations())
        assert seen[0] == "POST /repos/acme/churn/issues"
        assert len(seen) == (1 if status == 429 else 2)


def test_redirected_write_is_sent_once():
    """A write is not repeated at the address of a redirect."""
    with serving(301, [("Location", "/repositories/1/issues")]) as (tracker, seen):
        with pytest.raises(PermanentError, match="it stands at /repositories/1/issues now"):
            tracker.create_item(NEW)
        assert ["POST /repos/acme/churn/issues"] == seen


def test_accepted_read_is_sent_once():
    """PyGithub would sleep and ask again for ever after 202 to a read."""
    with serving(202, body=b"{}") as (tracker, seen):
        with pytest.raises(TransientError):
            list(tracker.list_iterations())
        assert ["GET /repos/acme/churn/milestones"] == seen
