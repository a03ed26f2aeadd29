"""Metrics out of files, however hostile."""

import io
import json
import sys

import pytest

from trainboard.report_run import UsageError
from trainboard.report_run.measures import MOST_METRICS, Told, read_bytes, read_metrics


@pytest.fixture
def read(tmp_path):
    """Writes a file of metrics and reads it: the metrics, and what was left out."""

    def read(content):
        path = tmp_path / "metrics.json"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        told = Told()
        read_metrics(str(path), told)
        return told.metrics, told.summarize()

    return read


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"val_auc": 0.92, "n": 3}', {"val_auc": 0.92, "n": 3.0}),
        ('{"train": {"acc": 0.9, "by": {"de": 1}}}', {"train/acc": 0.9, "train/by/de": 1.0}),
        ('{"a": NaN, "b": Infinity, "c": -Infinity, "d": 1e999}', dict.fromkeys("abcd")),
        ('{"a": "NaN", "b": "-inf", "c": null}', dict.fromkeys("abc")),
        ('{"a": 1e308, "b": -1.7976931348623157e308}', {"a": 1e308, "b": None}),
        ('{"a": 1' + "0" * 400 + "}", {"a": None}),
        (
            '{"a": {"value": NaN, "best": Infinity, "goal": "max"}}',
            {"a": {"value": None, "best": None, "goal": "max"}},
        ),
        ('{"a": {"value": 1, "step": 4, "stderr": NaN}}', {"a": {"value": 1.0, "step": 4.0}}),
        ('{"a": {"value": 1, "other": 2}}', {"a/value": 1.0, "a/other": 2.0}),
    ],
)
def test_numbers_are_metrics(read, content, expected):
    """Objects are names with slashes between them; what is not finite is null."""
    assert (expected, []) == read(content)


@pytest.mark.parametrize(
    "member",
    [
        '"x": "high"',
        '"x": true',
        '"x": [1, 2]',
        '"": 1',
        '"x\\u0000": 1',
        '"\\ud800": 1',
        f'"{"x" * 251}": 1',
    ],
)
def test_what_is_no_metric_is_left_out(read, member):
    """Texts, lists, and names that nobody can keep are told of and left out."""
    metrics, remarks = read(f'{{{member}, "auc": 1}}')
    assert {"auc": 1.0} == metrics
    assert 1 == len(remarks)
    assert "1 of its members are no metrics" in remarks[0]


def test_a_million_metrics_are_bounded(read):
    """The first of them are kept, and it is said how many are not."""
    metrics, remarks = read(json.dumps({f"m{number}": number for number in range(1_000_000)}))
    assert (MOST_METRICS, 0.0) == (len(metrics), metrics["m0"])
    assert ["A report holds 500 metrics: 999,500 more are left out."] == remarks


@pytest.mark.parametrize("content", ["", "{", "[1]", "3", b"\xff", "[" * 100_000, '{"a": ' * 100_000])
def test_what_is_no_object_is_wrong_usage(read, content):
    """The message names the file."""
    with pytest.raises(UsageError, match=r"metrics\.json"):
        read(content)


def test_deep_objects_end_somewhere(read):
    """What is nested deeper than anybody means is no metric."""
    metrics, remarks = read('{"a":' * 100 + "1" + "}" * 100)
    assert ({}, 1) == (metrics, len(remarks))


def test_a_large_file_is_refused(tmp_path):
    """It is not read further than the bound."""
    (tmp_path / "m.json").write_bytes(b" " * 101)
    with pytest.raises(UsageError, match="more than 100 bytes"):
        read_bytes(str(tmp_path / "m.json"), 100)


def test_standard_input_is_a_dash(monkeypatch):
    """A pipe needs no file."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"auc": 1}')))
    told = Told()
    read_metrics("-", told)
    assert {"auc": 1.0} == told.metrics
