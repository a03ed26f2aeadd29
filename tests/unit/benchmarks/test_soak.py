"""What the soak sends is what the sources take, and what it sees is judged as it must be."""

import math
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fakes.senders import lower
from trainboard.deliveries import Delivery
from trainboard.settings import load
from trainboard.store import inbox
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade
from trainboard_webhooks import Credential, sources

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
BENCHMARKS = Path(__file__).parents[3] / "benchmarks"


@pytest.fixture(autouse=True)
def _benchmarks_on_path(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))


def take(kind, moment):
    """The id and the events of a request, as the source takes it apart."""
    import mixture

    (door, _), request = kind.request(moment)
    head, _, body = request.partition(b"\r\n\r\n")
    lines = [line.split(": ", 1) for line in head.decode().split("\r\n")[1:]]
    headers, source = lower(dict(lines)), sources()[kind.source]
    known = Credential(mixture.SENDERS[kind.source].name, (mixture.SECRET,), user="trainboard")
    assert source.verify(headers, body, [known], moment.at)
    assert str(len(body)) == headers["content-length"]
    stored = source.identify(headers, body)
    return stored.id, tuple(source.parse(door, stored.kind, stored.body or body))


def test_every_source_is_sent_and_tells_of_something():
    """In the shares of a hundred; no two deliveries have an id in common."""
    import mixture

    assert set(sources()) == {kind.source for kind in mixture.KINDS}
    assert 100 == sum(kind.share for kind in mixture.KINDS)
    for kind in mixture.KINDS:
        seen = [take(kind, mixture.Moment(number, number, 1_768_208_400.0 + number)) for number in (7, 8)]
        assert all(events for _, events in seen), kind.fixture
        assert 2 == len({name for name, _ in seen}), kind.fixture


def test_the_settings_of_the_soak_can_be_used(tmp_path):
    """They name each source that has a name."""
    import mixture

    file = tmp_path / "trainboard.toml"
    file.write_text(mixture.write_settings("http://127.0.0.1:9"))
    named = {sender.source for sender in mixture.SENDERS.values() if sender.name}
    assert named == {source.kind for source in load(file).sources}


@pytest.mark.parametrize(
    ("values", "is_flat"),
    [
        ([100 + second for second in range(60)], False),
        ([100 + second % 2 for second in range(60)], True),
        ([100 - second for second in range(60)], True),
        ([100, 200], True),
    ],
    ids=["grows", "swings", "shrinks", "too few to be sure"],
)
def test_what_grows_is_told_from_what_swings(values, is_flat):
    """By a line through the looks, and how unsure it is."""
    import gauges

    line = gauges.trend(list(enumerate(values)))
    assert is_flat is line.is_flat
    if len(values) > 2:
        assert math.isfinite(line.error)


def test_what_was_acknowledged_is_looked_for_until_it_was_seen(tmp_path):
    """Also if it is removed before the end."""
    from books import Books
    from inbox import open_inbox

    url = f"sqlite:///{tmp_path}/trainboard.db"
    database = Database(url)
    upgrade(database)
    with open_inbox(url) as looked:
        books = Books(looked)
        assert 1 == books.compare([("github", "1")])
        with database.write() as connection:
            delivery = Delivery(source="github", id="1", kind="push", entity="e", body=b"{}")
            inbox.put(connection, delivery, NOW)
        assert 0 == books.compare([])
        with database.write() as connection:
            connection.exec_driver_sql("DELETE FROM deliveries")
        assert (0, 0) == (books.compare([]), books.doubled)
    database.close()
