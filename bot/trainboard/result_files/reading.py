"""One file or one archive of them, whatever they are, within bounds."""

import zipfile
import zlib
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import PurePosixPath

from trainboard.result_files import (
    MOST_FILE_BYTES,
    Coverage,
    Findings,
    Tally,
    UnreadableError,
    sum_coverages,
    sum_tallies,
)
from trainboard.result_files.coverage_files import read_json, read_lcov
from trainboard.result_files.xml_files import read_xml

MOST_ARCHIVE_BYTES = 20 * 1024 * 1024
MOST_MEMBERS = 1_000
_MOST_UNPACKED_BYTES = 64 * 1024 * 1024
_RATIO = 200
_FREE_BYTES = 1024 * 1024
"""Up to here an archive may shrink by any ratio: a short report is often one line, many times."""
_ENCRYPTED = 0x1

# In the order in which one is believed: a tool that writes several of them tells the same in each.
_FORMS: tuple[tuple[str, Callable[[bytes], Tally | Coverage | None]], ...] = (
    (".xml", read_xml),
    (".json", read_json),
    (".info", read_lcov),
    (".lcov", read_lcov),
)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
)


def read_file(name: str, content: bytes) -> Tally | Coverage | None:
    """What a file of that name tells, None where it is of no kind that is known.

    Raises:
        UnreadableError: it is broken, too large or tells what cannot be.
    """
    form = _find_form(name)
    if form is None:
        return None
    if len(content) > MOST_FILE_BYTES:
        raise UnreadableError(f"it has more than {MOST_FILE_BYTES:,} bytes")
    return _FORMS[form][1](content)


def read_archive(content: bytes) -> Findings:
    """What the files of a zip archive tell together; no path in it is used.

    Of a coverage that was written in several forms one is taken.

    Raises:
        UnreadableError: it is no archive, holds too many files, or unpacks to too much.
    """
    if len(content) > MOST_ARCHIVE_BYTES:
        raise UnreadableError(f"it has more than {MOST_ARCHIVE_BYTES:,} bytes")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _read_members(archive, len(content))
    except UnreadableError:
        raise
    except _BROKEN as error:
        raise UnreadableError(f"no archive: {error}") from error


def _find_form(name: str) -> int | None:
    suffix = PurePosixPath(name).suffix.casefold()
    return next((number for number, (each, _) in enumerate(_FORMS) if each == suffix), None)


def _read_members(archive: zipfile.ZipFile, packed_bytes: int) -> Findings:
    members = [each for each in archive.infolist() if _find_form(each.filename) is not None]
    if len(members) > MOST_MEMBERS:
        raise UnreadableError(f"it holds more than {MOST_MEMBERS:,} files")
    left = min(_MOST_UNPACKED_BYTES, max(_FREE_BYTES, _RATIO * packed_bytes))
    found, unread = list[tuple[str, Tally | Coverage]](), 0
    for member in members:
        content, told = b"", None
        try:
            content = _unpack(archive, member, left)
            told = read_file(member.filename, content)
        except (UnreadableError, *_BROKEN):
            unread += 1
        left -= len(content)
        if left < 0:
            raise UnreadableError("it unpacks to too many bytes")
        found += [] if told is None else [(member.filename, told)]
    return Findings(
        tests=sum_tallies(told for _, told in found if isinstance(told, Tally)),
        coverage=_choose(found),
        unread=unread,
    )


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> bytes:
    """Little more than `left` bytes are unpacked, whatever the archive says of its size."""
    if member.flag_bits & _ENCRYPTED:
        raise UnreadableError("it is encrypted")
    with archive.open(member) as opened:
        return opened.read(min(left, MOST_FILE_BYTES) + 1)


def _choose(found: Iterable[tuple[str, Tally | Coverage]]) -> Coverage | None:
    forms: dict[int, list[Coverage]] = {}
    for name, told in found:
        if isinstance(told, Coverage):
            forms.setdefault(_find_form(name) or 0, []).append(told)
    return sum_coverages(forms[min(forms)]) if forms else None
