"""The service is stopped, or its database goes away, under load: nothing acknowledged is lost."""

import os
import subprocess
from contextlib import suppress

import pytest
from sqlalchemy import NullPool, create_engine, text

from peers.load import SETTINGS, sending
from peers.postgresql import SETTINGS as FOR_TESTS
from peers.postgresql import running
from peers.service import PATIENCE_SECONDS, running_service
from trainboard.engine.leases import LEASE

DURABLE = (*FOR_TESTS, "synchronous_commit=on")
DELIVERIES = "SELECT delivery_id FROM deliveries WHERE source LIKE 'runs/%'"
LOGGED = "SELECT delivery_id FROM deliveries JOIN events ON events.delivery = deliveries.id"
WAITING = """
    SELECT id FROM deliveries WHERE state = 'waiting'
    UNION ALL SELECT id FROM effects WHERE state = 'pending'
"""


def column(address, query):
    """The first column of a query's rows."""
    engine = create_engine(address, poolclass=NullPool)
    with engine.connect() as connection:
        return list(connection.execute(text(query)).scalars())


def is_done(service, address, load):
    """Wait until nothing waits; each stored delivery was done once, all acknowledged ones are stored."""
    patience_seconds = LEASE.total_seconds() + PATIENCE_SECONDS
    service.wait_for("the work to end", lambda: not column(address, WAITING), patience_seconds)
    logged = column(address, LOGGED)
    assert sorted(column(address, DELIVERIES)) == sorted(logged)
    assert load.acknowledged <= set(logged)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    """The database's address."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql_url")
    return f"sqlite:///{tmp_path}/trainboard.db"


def test_a_service_that_is_asked_to_end_loses_nothing(address, tmp_path):
    """Exit code 0 under load, every acknowledged delivery is stored, and the next start finishes the work."""
    with running_service(tmp_path, SETTINGS, database=address) as service, sending(service) as load:
        service.wait_for("some deliveries", lambda: len(load.acknowledged) > 100)
        assert 0 == service.stop()
    assert load.acknowledged <= set(column(address, DELIVERIES))
    assert "Traceback" not in service.log()

    with running_service(tmp_path, SETTINGS, database=address) as service:
        is_done(service, address, load)


def test_a_service_that_is_killed_for_good_is_taken_over_by_its_neighbour(postgresql_url, tmp_path):
    """Two of them share a PostgreSQL and one is never started again: the other does what it had in hand."""
    folders = [tmp_path / name for name in ("killed", "neighbour")]
    for folder in folders:
        folder.mkdir()
    with (
        running_service(folders[0], SETTINGS, database=postgresql_url) as killed,
        running_service(folders[1], SETTINGS, database=postgresql_url) as neighbour,
        sending(killed) as load,
    ):
        killed.wait_for("some deliveries", lambda: len(load.acknowledged) > 100)
        killed.process.kill()
        load.stop.set()
        is_done(neighbour, postgresql_url, load)


@pytest.fixture
def server():
    """A PostgreSQL that keeps what it has committed, also through a crash."""
    with running(DURABLE) as server:
        server.run("CREATE DATABASE trainboard")
        yield server


def test_a_postgresql_that_is_restarted_under_load_loses_nothing(server, tmp_path):
    """Stopped, then crashed: senders hear 503 meanwhile, and the service recovers by itself."""
    address = server.url("trainboard")
    with running_service(tmp_path, SETTINGS, database=address) as service, sending(service) as load:
        for mode in ("fast", "immediate"):
            before = len(load.acknowledged), load.answers[503]
            service.wait_for("deliveries", lambda before=before: len(load.acknowledged) > before[0] + 50)
            server.stop(mode)
            service.wait_for("refusals", lambda before=before: load.answers[503] > before[1] + 5)
            server.start(DURABLE)
        before = len(load.acknowledged)
        service.wait_for("deliveries", lambda: len(load.acknowledged) > before + 50)
        load.stop.set()
        is_done(service, address, load)
    assert {202, 503} <= set(load.answers) <= {200, 202, 503}


@pytest.fixture
def small_disk(tmp_path):
    """A folder that is a disk of 48 MB."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", disk]
    if (done := subprocess.run(mount, capture_output=True, text=True, check=False)).returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr}")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


@pytest.mark.peer
def test_a_disk_that_is_full_for_a_while_loses_nothing(small_disk, tmp_path):
    """Senders hear 503 as long as there is no room; then the service goes on by itself."""
    address = f"sqlite:///{small_disk}/trainboard.db"
    with running_service(tmp_path, SETTINGS, database=address) as service, sending(service) as load:
        service.wait_for("deliveries", lambda: len(load.acknowledged) > 20)
        fill(small_disk / "filler")
        service.wait_for("refusals", lambda: load.answers[503] > 20)
        (small_disk / "filler").unlink()
        before = len(load.acknowledged)
        service.wait_for("deliveries", lambda: len(load.acknowledged) > before + 20)
        load.stop.set()
        is_done(service, address, load)


def fill(file):
    """Write until there is no room."""
    with file.open("wb", buffering=0) as filler, suppress(OSError):
        while True:
            filler.write(bytes(4096))
