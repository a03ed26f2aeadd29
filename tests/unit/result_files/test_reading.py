"""Archives of files, which a stranger may have packed."""

import contextlib
import json
import struct
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_STORED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.result_files import cobertura, junit, zipped
from trainboard.result_files import MOST_FILE_BYTES, Coverage, Findings, Tally, UnreadableError
from trainboard.result_files.archives import MOST_ARCHIVE_BYTES, MOST_MEMBERS
from trainboard.result_files.reading import read_archive, read_file

ONE = junit([("a", "Passed")])
TOTALS = json.dumps({"totals": {"covered_lines": 8, "num_statements": 10}}).encode()


def test_all_files_together():
    """Tests of all files are one sum, wherever they lie."""
    archive = zipped(
        {"a/junit.xml": ONE, "../../etc/junit.xml": ONE, "C:\\junit.XML": ONE, "notes.txt": b"x"}
    )
    assert Findings(tests=Tally(passed=3, seconds=1.5)) == read_archive(archive)


def test_one_form_of_coverage():
    """A tool that writes the same in several forms is believed once, in the same one whatever the order."""
    lcov = b"SF:a\nLF:10\nLH:8\nend_of_record\n"
    files = {"lcov.info": lcov, "coverage.json": TOTALS, "coverage.xml": cobertura((8, 10))}
    expected = Findings(coverage=Coverage(covered=8, valid=10))
    assert expected == read_archive(zipped(files))
    assert expected == read_archive(zipped(dict(reversed(files.items()))))


def test_a_bad_file_spoils_no_other():
    """It is counted as one that could not be read."""
    archive = zipped({"a.xml": ONE, "b.xml": b"<testsuite", "c.json": b"{"})
    assert Findings(tests=Tally(passed=1, seconds=0.5), unread=2) == read_archive(archive)


def test_nothing_of_use():
    """What is not told is not known."""
    assert Findings() == read_archive(zipped({"model.bin": b"x", "page.xml": b"<html/>"}))


def test_too_many_files():
    """Ten thousand reports are nobody's."""
    with pytest.raises(UnreadableError, match="more than 1,000 files"):
        read_archive(zipped({f"{number}.xml": b"" for number in range(10_000)}))


def test_files_of_no_use_do_not_count():
    """A report may lie beside many pictures."""
    pictures = {f"{number}.png": b"" for number in range(MOST_MEMBERS + 1)}
    assert Tally(passed=1, seconds=0.5) == read_archive(zipped(pictures | {"a.xml": ONE})).tests


def test_a_bomb_does_not_go_off():
    """A hundred megabytes of nothing are not unpacked."""
    blanks = ONE.replace(b"<testsuites>", b"<testsuites>" + b" " * (100 * 1024 * 1024))
    archive = zipped({"junit.xml": blanks})
    assert len(archive) < 200_000
    with pytest.raises(UnreadableError, match="too many bytes"):
        read_archive(archive)


def test_a_bomb_in_many_parts():
    """What all files unpack to is bounded too."""
    part = ONE + b" " * (1024 * 1024)
    with pytest.raises(UnreadableError, match="too many bytes"):
        read_archive(zipped({f"{number}.xml": part for number in range(100)}))


def test_a_size_that_lies():
    """The size that an archive tells is not believed."""
    blanks = ONE + b" " * (30 * 1024 * 1024)
    archive = bytearray(zipped({"junit.xml": blanks}))
    at = archive.rindex(b"PK\x01\x02")
    archive[at + 24 : at + 28] = struct.pack("<I", 10)
    assert 1 == read_archive(bytes(archive)).unread


def test_encrypted_files():
    """They are counted as not read; nobody is asked for a password."""
    archive = bytearray(zipped({"junit.xml": ONE}))
    at = archive.rindex(b"PK\x01\x02")
    archive[at + 8] |= 1
    assert Findings(unread=1) == read_archive(bytes(archive))


def test_other_ways_to_pack():
    """What Python unpacks counts, and what it does not is counted as not read."""
    held = BytesIO()
    with ZipFile(held, "w", ZIP_BZIP2) as archive:
        archive.writestr("junit.xml", ONE)
    assert Tally(passed=1, seconds=0.5) == read_archive(held.getvalue()).tests
    at = held.getvalue().rindex(b"PK\x01\x02")
    changed = bytearray(held.getvalue())
    changed[at + 10] = 99
    assert 1 == read_archive(bytes(changed)).unread


def test_large_archives_and_files():
    """They are refused unread."""
    with pytest.raises(UnreadableError):
        read_archive(b"P" * (MOST_ARCHIVE_BYTES + 1))
    with pytest.raises(UnreadableError):
        read_file("junit.xml", b" " * (MOST_FILE_BYTES + 1))


def test_files_of_other_kinds():
    """Their content is not looked at."""
    assert read_file("junit.html", ONE) is None


@given(st.binary(), st.integers(0, 400), st.binary(min_size=1, max_size=4))
def test_anything_else_is_one_error(noise, at, change):
    """Noise, or an archive with some bytes changed: a value, or an error of ours."""
    held = BytesIO()
    with ZipFile(held, "w", ZIP_STORED) as archive:
        archive.writestr("junit.xml", ONE)
        archive.writestr("lcov.info", noise)
    broken = bytearray(held.getvalue())
    broken[at : at + len(change)] = change
    for content in (noise, bytes(broken)):
        with contextlib.suppress(UnreadableError):
            assert isinstance(read_archive(content), Findings)
