"""The real client of Azure DevOps over real connections: many threads, and everything that breaks."""

import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from fakes.clock import FakeClock
from trainboard.azure_devops import clients
from trainboard.azure_devops.calls import Call
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.credentials import TokenCredential
from trainboard.azure_devops.locations import KnownLocations, name_account
from trainboard.azure_devops.models import work_item_tracking
from trainboard.budgets.azure_devops import WINDOWS
from trainboard.errors import DoubtError, LimitedError, TransientError
from trainboard.store.budgets import StoredBudgets, list_all
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade

READ = Call(doing="read a work item")
WRITE = Call(doing="change a work item", writes=True)
PATCH = [work_item_tracking.JsonPatchOperation(op="add", path="/fields/System.Title", value="t")]
ITEMS = {
    "id": "72c7ddf8-2cdc-4f60-90cd-ab71c14a399b",
    "area": "wit",
    "resourceName": "workItems",
    "routeTemplate": "{project}/_apis/{area}/{resource}/{id}",
    "resourceVersion": 3,
    "minVersion": 1.0,
    "maxVersion": 7.0,
    "releasedVersion": "7.0",
}
AREAS = ITEMS | {
    "id": "e81700f7-3be2-46de-8624-2eb35882fcaa",
    "area": "Location",
    "resourceName": "ResourceAreas",
    "routeTemplate": "_apis/{resource}/{areaId}",
}


class Wire(ThreadingHTTPServer):
    """Answers as the name of the project in the path says, and counts connections."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}/acme"
        self.connections = 0
        self.seen = []
        self.closing = threading.Event()

    def get_request(self):
        self.connections += 1
        return super().get_request()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Wire

    def _answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append((self.command, self.path, self.headers["Accept"]))
        first, last = self.path.split("/")[2], self.path.split("/")[-1]
        if self.command == "OPTIONS":
            self._send({"count": 2, "value": [ITEMS, AREAS]})
        elif last == "ResourceAreas":
            self._send({"count": 0, "value": []})
        else:
            getattr(self, first)(int(last))

    do_GET = do_PATCH = do_OPTIONS = _answer  # noqa: N815

    def fine(self, number):
        self._send({"id": number, "rev": 1})

    def brief(self, number):
        self.fine(number)
        self.close_connection = True

    def silent(self, _):
        self.server.closing.wait(60)

    def deaf(self, _):
        self.close_connection = True

    def half(self, _):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b'{"id": 7')
        self.close_connection = True

    def moved(self, _):
        self._send({}, 302, {"Location": f"{self.server.url}/fine/_apis/wit/workItems/7"})

    def busy(self, _):
        self._send({"message": "TF400733: blocked"}, 429, {"Retry-After": "300"})

    def _send(self, value, status=200, headers=None):
        body = json.dumps(value).encode()
        self.send_response(status)
        for name, text in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def wire():
    served = Wire()
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield served
    served.closing.set()
    served.shutdown()
    served.server_close()
    thread.join()


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def database(tmp_path):
    made = Database(f"sqlite:///{tmp_path}/trainboard.db")
    upgrade(made)
    yield made
    made.close()


@pytest.fixture
def open_organization(wire, clock, database):
    """Opens the organisation as one process does, by default as if it were in the cloud."""
    opened = []

    def open_at(url=wire.url, *, asks=False):
        opened.append(
            Organization(
                url=url,
                credential=TokenCredential("pat"),
                budget=StoredBudgets(database, clock).of(name_account(url), WINDOWS),
                clock=clock,
                locations=None if asks else KnownLocations(url, url),
            )
        )
        return opened[-1]

    yield open_at
    for each in opened:
        each.close()


def read(organization, project="fine", number=7):
    send = lambda made: made.work_item_tracking.get_work_item(number, project=project)  # noqa: E731
    return organization.ask(READ, send).id


def write(organization, project="fine", number=7):
    send = lambda made: made.work_item_tracking.update_work_item(PATCH, number, project=project)  # noqa: E731
    return organization.ask(WRITE, send).id


def test_many_threads(open_organization, wire):
    """Each gets the answer to its own question, over one connection of its own."""
    organization = open_organization()
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda number: read(organization, number=number), range(160)))
    assert list(range(160)) == answers
    assert wire.connections <= 8


def test_many_threads_at_a_cold_start(open_organization, wire):
    """What a server offers is asked once, however many want to know it at the same moment."""
    organization = open_organization(asks=True)
    with ThreadPoolExecutor(8) as threads:
        assert [7] * 16 == list(threads.map(lambda _: read(organization), range(16)))
    assert ["GET", "OPTIONS"] == sorted(method for method, path, _ in wire.seen if path.count("/") < 4)


@pytest.mark.parametrize(
    ("asks", "version"), [(False, "api-version=7.1-preview.3"), (True, "api-version=7.0")]
)
def test_the_cloud_and_a_server(open_organization, wire, asks, version):
    """In the cloud the first request is the real one; an older server is asked for its version."""
    assert 7 == write(open_organization(asks=asks))
    assert [f"application/json;{version}"] == [accept for method, _, accept in wire.seen if method == "PATCH"]
    assert (3 if asks else 1) == len(wire.seen)


@pytest.mark.parametrize("trouble", ["silent", "deaf", "half"])
def test_no_answer(open_organization, wire, monkeypatch, trouble):
    """Silence, a connection that ends, half an answer: a write may have been done, and is sent once."""
    monkeypatch.setattr(clients, "READ_SECONDS", 0.2)
    organization = open_organization()
    with pytest.raises(DoubtError):
        write(organization, trouble)
    with pytest.raises(TransientError) as caught:
        read(organization, trouble)
    assert not isinstance(caught.value, DoubtError)
    assert ["PATCH", "GET"] == [method for method, *_ in wire.seen]


def test_nobody_is_there(open_organization):
    """A write that found nobody was not done."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}/acme"
    with pytest.raises(TransientError, match="out of reach") as caught:
        write(open_organization(url))
    assert not isinstance(caught.value, DoubtError)


def test_a_connection_that_was_closed_meanwhile(open_organization, wire):
    """It is opened again, and leaves no doubt."""
    organization = open_organization()
    assert [7, 8] == [write(organization, "brief", 7), write(organization, "brief", 8)]
    assert (2, 2) == (wire.connections, len(wire.seen))


@pytest.mark.parametrize("send", [read, write])
def test_no_redirect_is_followed(open_organization, wire, send):
    """Neither is a read sent elsewhere, nor a write made a read."""
    with pytest.raises(TransientError, match="it stands at"):
        send(open_organization(), "moved")
    assert 1 == len(wire.seen)


def test_processes_share_a_budget(open_organization, wire, clock, database):
    """What one is told, the other keeps to, and the operator sees; then both go on."""
    ours, theirs = open_organization(), open_organization()
    with pytest.raises(LimitedError) as told:
        write(ours, "busy")
    with pytest.raises(LimitedError) as kept:
        write(theirs)
    assert [300, 300] == [told.value.retry_after_seconds, kept.value.retry_after_seconds]
    with database.read() as connection:
        (account,) = list_all(connection).items()
    assert (name_account(wire.url), 300) == (account[0], account[1].blocked_seconds(clock()))
    clock.forward(seconds=300)
    assert [7, 7] == [write(theirs), write(ours)]
    assert 3 == len(wire.seen)
