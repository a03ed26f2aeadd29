"""What the tests of a commit found and covered, by the pipeline that ran them. Not known is None, never 0."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Literal

import msgspec

from trainboard.result_files import Coverage, Tally, sum_coverages, sum_tallies


class FinishedRun(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A run of a pipeline on a commit that ended, in one of its attempts.

    `pipeline` is the same for all runs of one pipeline. `branch` is set where the run was of a branch of the
    repository itself, and not of a pull request or a fork.
    """

    code: str
    commit: str
    pipeline: str
    run: int
    at: datetime
    attempt: int = 1
    branch: str = ""
    url: str = ""


Ran = Literal["pushed", "proposed", "foreign"]
"""What a run was of: pushed to the repository itself, or proposed by a pull request, foreign from a fork."""

_GITHUB_ACTIONS = "github-actions"


class EndedRun(FinishedRun, frozen=True, kw_only=True, omit_defaults=True):
    """Such a run with what its platform tells of where it comes from; texts that are not told are empty.

    `source` is who tells of it in reports of runs: `gha:owner/name` or `ado:organisation/project`.
    """

    source: str = ""
    ran: Ran = "foreign"
    pull_request: int | None = None
    by: str = ""

    @property
    def place(self) -> str:
        """The full name of where is kept what it left, in small letters."""
        platform = self.pipeline.rpartition("/")[0]
        return (self.code if platform == _GITHUB_ACTIONS else platform).casefold()

    @property
    def holds_results(self) -> bool:
        """True if results of tests are found in its artifacts, and not summed up elsewhere."""
        return self.pipeline.startswith(f"{_GITHUB_ACTIONS}/")


class Results(FinishedRun, frozen=True, kw_only=True, omit_defaults=True):
    """What such a run found; of a pipeline's runs on one commit the newest attempt of the newest counts.

    `unread` counts files that should have told something and could not be read.
    """

    tests: Tally | None = None
    coverage: Coverage | None = None
    unread: int = 0


class Numbers(msgspec.Struct, frozen=True, kw_only=True):
    """What all pipelines found of a commit.

    `change` is by how many points of percent the coverage differs from that of the target branch.
    """

    tests: Tally | None = None
    coverage: Coverage | None = None
    change: float | None = None
    unread: int = 0

    @property
    def are_known(self) -> bool:
        """True if there is anything to tell."""
        return bool(self.tests is not None or self.coverage is not None or self.unread)


def add_up(results: Sequence[Results], base: Iterable[Results]) -> Numbers:
    """The numbers of a commit; `base` is what each pipeline last found of the target branch, in any order.

    A change is known where each pipeline that told the coverage of the commit told that of the target too.
    """
    measured = [each for each in results if each.coverage is not None]
    before = {each.pipeline: each.coverage for each in base if each.coverage is not None}
    coverage = sum_coverages(each.coverage for each in measured)
    return Numbers(
        tests=sum_tallies(each.tests for each in results),
        coverage=coverage,
        change=_compare(coverage, [before.get(each.pipeline) for each in measured]),
        unread=sum(each.unread for each in results),
    )


def _compare(coverage: Coverage | None, before: Sequence[Coverage | None]) -> float | None:
    whole = None if None in before else sum_coverages(before)
    if coverage is None or whole is None or coverage.percent is None or whole.percent is None:
        return None
    return coverage.percent - whole.percent


def is_wanted(name: str, globs: Iterable[str]) -> bool:
    """True for an artifact whose name says that it holds results, in whatever letters it is written."""
    return any(fnmatchcase(name.casefold(), glob.casefold()) for glob in globs)
