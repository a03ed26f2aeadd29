"""What the fuzzer found once stays found, without the fuzzer."""

import json
from random import Random

import pytest

from fuzz import Target, list_targets
from fuzz.growth import find_growth
from fuzz.json_changes import change_json, stretch_json
from fuzz.kept import keep, list_kept
from trainboard_webhooks import sources

TARGETS = list_targets()


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_kept_passes(name):
    """All that must be true of any bytes is true of the seeds and of each input that is kept."""
    for data in [b"", *TARGETS[name].seeds(), *list_kept(name)]:
        TARGETS[name].check(data)


@pytest.mark.parametrize("name", [name for name, target in TARGETS.items() if target.change])
def test_what_is_changed_by_its_form_passes(name):
    """A few inputs more than are kept, which are no others tomorrow."""
    random, seeds = Random(name), list(TARGETS[name].seeds())
    for _ in range(20):
        TARGETS[name].check(TARGETS[name].change(random.choice(seeds), random))


def test_every_source_is_a_target():
    """Also one that somebody adds."""
    assert sources().keys() <= TARGETS.keys()


def test_changed_json_is_json():
    """A document with something else in it; what is none stays as it is."""
    document = b'{"a":[1,"b",{"c":null}],"d":2.5}'
    changed = {change_json(document, Random(number)) for number in range(200)}
    assert len(changed) > 100
    assert all(isinstance(json.loads(each), dict) for each in changed)
    assert b"{" == change_json(b"{", Random(0))


def test_json_is_stretched():
    """By what is longest in it."""
    assert 500 < len(stretch_json(b'{"a":"xyz","b":[1]}', 1000)) < 2000
    assert b"5" == stretch_json(b"5", 1000)


def look_at_pairs(data):
    """Adds up all before each place, or before many."""
    for place in range(0, len(data), 16):
        sum(data[:place:4])


def test_growth_is_the_power_of_the_length():
    """What looks at each pair of bytes shows as a square."""
    assert find_growth(Target(name="x", check=len, seeds=list), [b"a"]) < 0.5
    assert find_growth(Target(name="x", check=look_at_pairs, seeds=list), [b"a"]) > 1.5


def test_kept_inputs_are_the_shortest(tmp_path, monkeypatch):
    """As many as fit, each once, and the same file for the same ones."""
    monkeypatch.setattr("fuzz.kept.FOLDER", tmp_path)
    keep("x", [b"\xff\x00", b"a", b"a", b"b" * 100_000])
    first = (tmp_path / "x.json.gz").read_bytes()
    assert [b"a", b"\xff\x00"] == list_kept("x")
    keep("x", [b"a", b"\xff\x00"])
    assert first == (tmp_path / "x.json.gz").read_bytes()
    assert [] == list_kept("y")
