"""Files in which programs say how tests went and how much they covered: JUnit, Cobertura, LCOV, coverage.py.

Whoever wrote them may be a stranger: they are data, and nothing in them is followed, expanded or believed
beyond its bounds. The standard library alone reads them, so that a job can do so too.
"""

from collections.abc import Iterable
from dataclasses import dataclass

MOST_NAMES = 5
MOST_NAME_CHARACTERS = 200
MOST_FILE_BYTES = 20 * 1024 * 1024
MOST_LINES = 10**12


class UnreadableError(ValueError):
    """A file that is not what it seems to be, too large, or lies about itself."""


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many tests ended how; each counts once. `failing` are the names of the first bad ones.

    `seconds` is the time that they took together, None where nobody told it.
    """

    passed: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0
    seconds: float | None = None
    failing: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """All of them, the skipped ones too."""
        return self.passed + self.failed + self.errors + self.skipped


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How many of the `valid` lines, those that can run, are `covered`."""

    covered: int
    valid: int

    @property
    def percent(self) -> float | None:
        """From 0 to 100, None where there is no line."""
        return 100 * self.covered / self.valid if self.valid else None


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What was found in some files; None is not known. `unread` counts those that could not be read."""

    tests: Tally | None = None
    coverage: Coverage | None = None
    unread: int = 0


def to_coverage(covered: int, valid: int) -> Coverage:
    """What somebody tells of lines.

    Raises:
        UnreadableError: no such lines can be.
    """
    if not 0 <= covered <= valid <= MOST_LINES:
        raise UnreadableError(f"{covered} of {valid} lines cannot be covered")
    return Coverage(covered=covered, valid=valid)


def sum_findings(found: Iterable[Findings]) -> Findings:
    """All of them together."""
    known = list(found)
    return Findings(
        tests=sum_tallies(each.tests for each in known),
        coverage=sum_coverages(each.coverage for each in known),
        unread=sum(each.unread for each in known),
    )


def sum_tallies(tallies: Iterable[Tally | None]) -> Tally | None:
    """All tests together; None where none is known."""
    known = [each for each in tallies if each is not None]
    times = [each.seconds for each in known if each.seconds is not None]
    if not known:
        return None
    return Tally(
        passed=sum(each.passed for each in known),
        failed=sum(each.failed for each in known),
        errors=sum(each.errors for each in known),
        skipped=sum(each.skipped for each in known),
        seconds=sum(times) if times else None,
        failing=tuple(name for each in known for name in each.failing)[:MOST_NAMES],
    )


def sum_coverages(coverages: Iterable[Coverage | None]) -> Coverage | None:
    """All lines together, none taken to be in two of them; None where none are known."""
    known = [each for each in coverages if each is not None]
    if not known:
        return None
    return Coverage(covered=sum(each.covered for each in known), valid=sum(each.valid for each in known))
