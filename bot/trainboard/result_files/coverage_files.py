"""Coverage as LCOV writes it, and as coverage.py does in JSON.

Source: geninfo(1), "TRACEFILE FORMAT"; coverage.py, "JSON reporting".
"""

import json
from collections.abc import Iterator

from trainboard.result_files import MOST_LINES, Coverage, UnreadableError, to_coverage


def read_lcov(content: bytes) -> Coverage | None:
    """The lines of all files, each once however many tests ran them; None for a text of another kind.

    Raises:
        UnreadableError: it tells what cannot be.
    """
    text = content.decode("utf-8", errors="replace")
    if "end_of_record" not in text:
        return None
    lines: dict[str, dict[int, bool]] = {}
    sums: dict[str, tuple[int, int]] = {}
    for name, record in _list_records(text):
        found = lines.setdefault(name, {})
        for said in (part for key, part in record if key == "DA"):
            number, _, hits = said.partition(",")
            line = _count(number)
            found[line] = found.get(line, False) or _count(hits.partition(",")[0]) > 0
        if not found:
            told = dict(record)
            sums[name] = _count(told.get("LH", "0")), _count(told.get("LF", "0"))
    whole = [sums.get(name, (0, 0)) if not found else _sum(found) for name, found in lines.items()]
    return to_coverage(sum(covered for covered, _ in whole), sum(valid for _, valid in whole))


def read_json(content: bytes) -> Coverage | None:
    """The totals, None for a document of another kind.

    Raises:
        UnreadableError: it is no JSON, or tells what cannot be.
    """
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"no JSON: {error}") from error
    totals = document.get("totals") if isinstance(document, dict) else None
    if not isinstance(totals, dict) or "num_statements" not in totals:
        return None
    covered, valid = totals.get("covered_lines"), totals["num_statements"]
    if type(covered) is not int or type(valid) is not int:
        raise UnreadableError("its totals are no counts")
    return to_coverage(covered, valid)


def _list_records(text: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The name of each source file with what is said of it."""
    name, record = "", list[tuple[str, str]]()
    for line in text.splitlines():
        key, _, said = line.strip().partition(":")
        if key == "SF":
            name = said
        elif key == "end_of_record":
            yield name, record
            name, record = "", []
        else:
            record.append((key, said))


def _sum(lines: dict[int, bool]) -> tuple[int, int]:
    return sum(lines.values()), len(lines)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(MOST_LINES)):
        raise UnreadableError(f"{text[:20]!r} is no count")
    return int(text)
