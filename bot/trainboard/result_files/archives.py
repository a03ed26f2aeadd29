"""Zip archives from strangers: unpacked in memory, within bounds, whatever they say of themselves."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO

from trainboard.result_files import MOST_FILE_BYTES, UnreadableError

MOST_ARCHIVE_BYTES = 20 * 1024 * 1024
MOST_MEMBERS = 1_000
_MOST_UNPACKED_BYTES = 64 * 1024 * 1024
_RATIO = 200
_FREE_BYTES = 1024 * 1024
"""Up to here an archive may shrink by any ratio: a short report is often one line, many times."""
_ENCRYPTED = 0x1
BROKEN = (
    UnreadableError,
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
)


def unpack(
    content: bytes, wants: Callable[[str], bool], most_file_bytes: int = MOST_FILE_BYTES
) -> Iterator[tuple[str, bytes | None]]:
    """The files of a zip archive whose names are wanted, each by its path there, None for one that is broken.

    Of a file that is too large one byte more than `most_file_bytes` comes.

    Raises:
        UnreadableError: it is no archive, holds too many such files, or unpacks to too much.
    """
    if len(content) > MOST_ARCHIVE_BYTES:
        raise UnreadableError(f"it has more than {MOST_ARCHIVE_BYTES:,} bytes")
    try:
        archive = zipfile.ZipFile(BytesIO(content))
    except BROKEN as error:
        raise UnreadableError(f"no archive: {error}") from error
    with archive:
        members = [each for each in archive.infolist() if wants(each.filename)]
        if len(members) > MOST_MEMBERS:
            raise UnreadableError(f"it holds more than {MOST_MEMBERS:,} files")
        left = min(_MOST_UNPACKED_BYTES, max(_FREE_BYTES, _RATIO * len(content)))
        for member in members:
            file = _find_content(archive, member, min(left, most_file_bytes) + 1)
            left -= len(file or b"")
            if left < 0:
                raise UnreadableError("it unpacks to too many bytes")
            yield member.filename, file


def _find_content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most_bytes: int) -> bytes | None:
    """No more bytes are unpacked than `most_bytes`, whatever the archive says of its size."""
    if member.flag_bits & _ENCRYPTED:
        return None
    try:
        with archive.open(member) as opened:
            return opened.read(most_bytes)
    except BROKEN:
        return None
