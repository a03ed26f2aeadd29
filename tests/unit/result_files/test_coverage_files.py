"""LCOV, and coverage.py's JSON."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainboard.result_files import Coverage, UnreadableError
from trainboard.result_files.coverage_files import read_json, read_lcov


def lcov(*records):
    return "\n".join([*records, ""]).encode()


@pytest.mark.parametrize(
    ("text", "covered", "valid"),
    [
        (lcov("SF:a.py", "DA:1,2", "DA:2,0", "LF:2", "LH:1", "end_of_record"), 1, 2),
        (lcov("SF:a.py", "LF:10", "LH:7", "end_of_record"), 7, 10),
        (lcov("SF:a.py", "DA:1,1,abc", "end_of_record", "SF:b.py", "LF:3", "LH:0", "end_of_record"), 1, 4),
        (lcov(*["TN:x", "SF:a.py", "DA:1,0", "DA:2,1", "end_of_record"] * 2), 1, 2),
        (lcov("SF:a.py", "DA:1,0", "end_of_record", "SF:a.py", "DA:1,3", "end_of_record"), 1, 1),
        (lcov("SF:empty.py", "end_of_record"), 0, 0),
    ],
)
def test_lcov(text, covered, valid):
    """A line counts once however many tests ran it; sums count where no line is told."""
    assert Coverage(covered=covered, valid=valid) == read_lcov(text)


@pytest.mark.parametrize("record", ["DA:1,-2", "DA:x,1", "DA:1", "DA:1,NaN", f"DA:1,{'9' * 5000}"])
def test_lcov_that_cannot_be(record):
    """No count is guessed."""
    with pytest.raises(UnreadableError):
        read_lcov(lcov("SF:a.py", record, "end_of_record"))


def test_more_hit_than_found():
    """It is refused."""
    with pytest.raises(UnreadableError):
        read_lcov(lcov("SF:a.py", "LF:1", "LH:2", "end_of_record"))


def test_other_texts():
    """They are nobody's coverage."""
    assert read_lcov(b"SF: a science fiction") is None


@pytest.mark.parametrize("document", [{}, [], 1, None, {"totals": 1}, {"totals": {"lines": 3}}])
def test_other_documents(document):
    """They are nobody's coverage."""
    assert read_json(json.dumps(document).encode()) is None


def test_totals():
    """Statements are lines to coverage.py."""
    totals = {"covered_lines": 3, "num_statements": 4, "percent_covered": 99.0}
    assert Coverage(covered=3, valid=4) == read_json(json.dumps({"totals": totals}).encode())


@pytest.mark.parametrize(
    "totals",
    [
        '{"covered_lines": NaN, "num_statements": 4}',
        '{"covered_lines": -1, "num_statements": 4}',
        '{"covered_lines": 5, "num_statements": 4}',
        '{"covered_lines": true, "num_statements": 4}',
        '{"num_statements": 4}',
        '{"covered_lines": 1, "num_statements": 1e400}',
    ],
)
def test_totals_that_cannot_be(totals):
    """No count is guessed."""
    with pytest.raises(UnreadableError):
        read_json(f'{{"totals": {totals}}}'.encode())


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000, b"9" * 10_000])
def test_broken_json(content):
    """Whatever is wrong, it is one error."""
    with pytest.raises(UnreadableError):
        read_json(content)


@given(st.binary())
def test_anything_else_is_one_error(content):
    """Whoever wrote it, reading it ends with a value or with an error of ours."""
    for read in (read_json, read_lcov):
        with contextlib.suppress(UnreadableError):
            assert isinstance(read(content + b"end_of_record"), Coverage | None)
