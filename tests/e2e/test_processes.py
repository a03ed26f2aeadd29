"""The bot as several processes on one PostgreSQL, of which any may die at any moment."""

import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from sqlalchemy import text

from fakes.conversation import run
from peers.processes import processes
from peers.service import TAKES_RUNS, report_run
from trainboard.store.database import Database

pytestmark = pytest.mark.peer

SETTINGS = f"""
[engine]
edit_interval_seconds = 0
worker_threads = 2
{TAKES_RUNS}experiments = ["churn-*"]
"""
EXPERIMENTS = 12
RUNS = 15


@pytest.fixture
def database(postgresql_url):
    """Where the processes meet, to look into."""
    made = Database(postgresql_url)
    yield made
    made.close()


@pytest.fixture
def bots(tmp_path, postgresql_url):
    """Starts processes."""
    with processes(tmp_path, postgresql_url, SETTINGS) as started:
        yield started


@pytest.fixture
def all_of_them(bots):
    """A web server, two workers and two schedulers, started at the same moment; the names of the workers."""
    bots.start("web")
    workers = [bots.start("worker"), bots.start("worker")]
    schedulers = [bots.start("scheduler"), bots.start("scheduler")]
    bots.wait_for("the web server", bots.is_ready)
    for name in workers:
        bots.wait_for(name, lambda name=name: "worker works" in bots.log(name))
    for name in schedulers:
        bots.wait_for(name, lambda name=name: "scheduler ticks" in bots.log(name))
    return workers


def send_many(bots):
    """Runs of many experiments, one after the other in each."""
    for number in range(RUNS):
        for experiment in range(EXPERIMENTS):
            name = f"churn-{experiment}"
            document = run(f"{name}-{number}", name, status="running")
            assert 202 == report_run(bots.url, document, f"{name}/{number}").status_code


def query(database, sql, **values):
    """All rows of a question."""
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(text(sql), values)]


def is_at_rest(database):
    """Nothing waits and nothing is in hand."""
    return [(0, 0, 0)] == query(
        database,
        "SELECT (SELECT count(*) FROM deliveries WHERE state = 'waiting'),"
        " (SELECT count(*) FROM effects WHERE state = 'pending'),"
        " (SELECT count(*) FROM mailboxes WHERE owner IS NOT NULL)",
    )


def freeze_in_the_middle(bots, database, worker):
    """Stop the worker while it has mailboxes in hand; their names."""
    owned = "SELECT name FROM mailboxes WHERE owner LIKE :owner AND lease_until > clock_timestamp()"
    owner = f"%:{bots.pid(worker)}:%"

    def freeze():
        if not query(database, owned, owner=owner):
            return []
        bots.send(worker, signal.SIGSTOP)
        names = query(database, owned, owner=owner)
        if not names:
            bots.send(worker, signal.SIGCONT)
        return names

    return [name for (name,) in bots.wait_for("work in the worker's hand", freeze)]


def test_a_worker_that_is_killed_loses_nothing_and_the_other_takes_over(
    bots, all_of_them, database, record_property
):
    """Everything is done once and in order, and what it had in hand goes on within ten seconds."""
    victim, _ = all_of_them
    send_many(bots)
    names = freeze_in_the_middle(bots, database, victim)
    owner = f"%:{bots.pid(victim)}:%"
    bots.stop(victim, signal.SIGKILL)
    killed = time.monotonic()
    kept = "SELECT count(*) FROM mailboxes WHERE name = ANY(:names) AND owner LIKE :owner"
    bots.wait_for("the take-over", lambda: [(0,)] == query(database, kept, names=names, owner=owner))
    take_over_seconds = time.monotonic() - killed
    record_property("take_over_seconds", take_over_seconds)
    bots.wait_for("everything to be done", lambda: is_at_rest(database))

    assert take_over_seconds <= 10
    assert_done_once(database)
    assert_in_order(database)


def test_two_whole_services_share_a_postgresql(bots, database):
    """Each is all in one process; what one takes in either may work on."""
    names = [bots.start("serve"), bots.start("serve", "--port", "0")]
    for name in names:
        bots.wait_for(name, lambda name=name: "listens on" in bots.log(name))
    bots.wait_for("the web server", bots.is_ready)
    send_many(bots)
    bots.wait_for("everything to be done", lambda: is_at_rest(database))

    assert_done_once(database)
    assert_in_order(database)
    assert [0, 0] == [bots.stop(name) for name in names]


def assert_done_once(database):
    """Every delivery is done, every run known, and every experiment on one card."""
    assert [("done", EXPERIMENTS * RUNS)] == query(
        database, "SELECT state, count(*) FROM deliveries WHERE source = 'runs/ci' GROUP BY state"
    )
    assert EXPERIMENTS * RUNS == len(query(database, "SELECT id FROM runs"))
    assert {(f"churn-{number}", 1) for number in range(EXPERIMENTS)} == set(
        query(database, "SELECT experiment, count(*) FROM work_items GROUP BY experiment")
    )
    assert EXPERIMENTS == len(query(database, "SELECT id FROM local_items"))


def assert_in_order(database):
    """What happened to an entity was noted once, in the order in which it came."""
    noted = query(
        database,
        "SELECT deliveries.mailbox, deliveries.id FROM events"
        " JOIN deliveries ON deliveries.id = events.delivery"
        " WHERE deliveries.source = 'runs/ci' ORDER BY events.id",
    )
    came = query(database, "SELECT mailbox, id FROM deliveries WHERE source = 'runs/ci' ORDER BY id")
    assert {1} == set(Counter(number for _, number in noted).values())
    for mailbox in {mailbox for mailbox, _ in came}:
        assert [each for each in came if each[0] == mailbox] == [each for each in noted if each[0] == mailbox]


def test_two_schedulers_make_each_tick_once(bots, all_of_them, database):
    """Both tick at their start, and the sprints are made once."""
    bots.wait_for("the sprints", lambda: query(database, "SELECT name FROM local_iterations"))
    for name in [name for name in bots.running if name.startswith("scheduler")]:
        assert 0 == bots.stop(name)
    bots.wait_for("rest", lambda: is_at_rest(database))

    ticks = query(database, "SELECT delivery_id, state FROM deliveries WHERE source = 'clock'")
    slots = Counter(name.rpartition("/")[0] for name, _ in ticks)
    assert "sprints" in slots
    assert set(slots.values()) <= {1, 2}  # a slot may have ended meanwhile
    assert {"done"} == {state for _, state in ticks}
    assert 2 == len(query(database, "SELECT DISTINCT name FROM local_iterations"))
    assert 2 == len(query(database, "SELECT name FROM local_iterations"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("role", ["web", "worker", "scheduler"])
def test_each_of_them_ends_when_it_is_told_to(bots, database, role, number):
    """What is in hand is finished, the exit code is 0, and nothing of it is an error in the log."""
    name = bots.start(role)
    said = {"web": "listens on", "worker": "worker works", "scheduler": "scheduler ticks"}[role]
    bots.wait_for(f"the {role}", lambda: said in bots.log(name))
    if role == "web":
        bots.wait_for("the web server", bots.is_ready)

    assert 0 == bots.stop(name, number), bots.log(name)
    assert "Traceback" not in bots.log(name)


@pytest.mark.parametrize("role", ["web", "worker", "scheduler"])
def test_none_of_them_works_on_sqlite(tmp_path, role):
    """The sentence says what does."""
    (tmp_path / "trainboard.toml").write_text('[server]\ndatabase = "sqlite:///x.db"\n')
    command = [sys.executable, "-m", "trainboard", role, "--config", tmp_path / "trainboard.toml"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60)

    assert (2, 1) == (done.returncode, len(done.stderr.splitlines())), done.stderr
    assert "trainboard serve" in done.stderr
