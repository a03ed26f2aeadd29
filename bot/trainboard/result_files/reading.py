"""One file or one archive of them, whatever they are, within bounds."""

from collections.abc import Callable, Iterable
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
from trainboard.result_files.archives import BROKEN, unpack
from trainboard.result_files.coverage_files import read_json, read_lcov
from trainboard.result_files.xml_files import read_xml

# In the order in which one is believed: a tool that writes several of them tells the same in each.
_FORMS: tuple[tuple[str, Callable[[bytes], Tally | Coverage | None]], ...] = (
    (".xml", read_xml),
    (".json", read_json),
    (".info", read_lcov),
    (".lcov", read_lcov),
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
    found, unread = list[tuple[str, Tally | Coverage]](), 0
    for name, file in unpack(content, lambda name: _find_form(name) is not None):
        try:
            told = read_file(name, file) if file is not None else None
            unread += file is None
        except BROKEN:
            told, unread = None, unread + 1
        found += [] if told is None else [(name, told)]
    return Findings(
        tests=sum_tallies(told for _, told in found if isinstance(told, Tally)),
        coverage=_choose(found),
        unread=unread,
    )


def _find_form(name: str) -> int | None:
    suffix = PurePosixPath(name).suffix.casefold()
    return next((number for number, (each, _) in enumerate(_FORMS) if each == suffix), None)


def _choose(found: Iterable[tuple[str, Tally | Coverage]]) -> Coverage | None:
    forms: dict[int, list[Coverage]] = {}
    for name, told in found:
        if isinstance(told, Coverage):
            forms.setdefault(_find_form(name) or 0, []).append(told)
    return sum_coverages(forms[min(forms)]) if forms else None
