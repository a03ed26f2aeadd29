"""What the jobs noted while they were carried."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Note:
    """A job began or ended, or a process is ready; `at` is of the machine's clock that only goes forward."""

    at: float
    pid: int
    what: str
    number: int


def read_notes(log):
    """All notes so far, in the order in which they were written."""
    if not Path(log).exists():
        return []
    lines = Path(log).read_text().splitlines()
    return [_parse(*line.split()) for line in lines]


def _parse(at, pid, what, number):
    return Note(float(at), int(pid), what, int(number))


def began(notes):
    """How often each job began."""
    return Counter(note.number for note in notes if note.what == "began")


def ended(notes):
    """When each job ended for the first time, in that order."""
    first = {}
    for note in notes:
        if note.what == "ended":
            first.setdefault(note.number, note.at)
    return first


def repeated(notes):
    """How often a job began after it had begun already."""
    counted = began(notes)
    return counted.total() - len(counted)


def inversions(notes, entities):
    """How often the first end of a job came after that of a later one of its entity."""
    latest = defaultdict(lambda: -1)
    found = 0
    for number in ended(notes):
        found += number < latest[number % entities]
        latest[number % entities] = max(latest[number % entities], number)
    return found
