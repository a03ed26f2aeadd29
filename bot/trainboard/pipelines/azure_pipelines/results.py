"""What the tests of a run found, as Azure DevOps sums it up.

Source: "Azure DevOps Services REST API Reference", "Test: Runs - List", "Results - List", "Codecoverage - Get
Build Code Coverage"; the contracts `TestRun` and `CodeCoverageSummary`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import msgspec

from trainboard.azure_devops.calls import Call, Many
from trainboard.azure_devops.client import Organization
from trainboard.pipelines.azure_pipelines.runs import BuildJson
from trainboard.result_files import (
    MOST_NAME_CHARACTERS,
    MOST_NAMES,
    Coverage,
    Findings,
    Tally,
    UnreadableError,
    sum_coverages,
    sum_tallies,
    to_coverage,
)

_MOST_RUNS = 1000
_MOST_NAMED_RUNS = 3
_LINES = frozenset({"line", "lines"})
_STATES = {
    "passed": "passed",
    "failed": "failed",
    "aborted": "errors",
    "error": "errors",
    "timeout": "errors",
}


class _Json(msgspec.Struct, frozen=True, rename="camel"):
    pass


class _Reference(_Json, frozen=True):
    stage_name: str = ""
    phase_name: str = ""
    job_name: str = ""
    attempt: int = 0


class _PipelineReference(_Json, frozen=True):
    stage_reference: _Reference = _Reference()
    phase_reference: _Reference = _Reference()
    job_reference: _Reference = _Reference()


class _Statistic(_Json, frozen=True):
    outcome: str = ""
    count: int = 0


class RunJson(_Json, frozen=True):
    """Tests that one task of a job published together."""

    id: int
    total_tests: int = 0
    passed_tests: int = 0
    unanalyzed_tests: int = 0
    run_statistics: list[_Statistic] | None = None
    pipeline_reference: _PipelineReference | None = None

    @property
    def job(self) -> tuple[str, str, str] | None:
        """Which job published them, None where that is not told."""
        where = self.pipeline_reference
        if where is None or not where.stage_reference.stage_name:
            return None
        return (
            where.stage_reference.stage_name,
            where.phase_reference.phase_name,
            where.job_reference.job_name,
        )

    @property
    def attempt(self) -> tuple[int, int, int]:
        """Greater for a later attempt of the job."""
        where = self.pipeline_reference or _PipelineReference()
        return (
            where.stage_reference.attempt,
            where.phase_reference.attempt,
            where.job_reference.attempt,
        )


class _ResultJson(_Json, frozen=True):
    test_case_title: str | None = None
    automated_test_name: str | None = None


class _CoveredJson(_Json, frozen=True):
    label: str = ""
    covered: int = 0
    total: int = 0


class _CoverageDataJson(_Json, frozen=True):
    coverage_stats: list[_CoveredJson] | None = None


class SummaryJson(_Json, frozen=True):
    """The coverage of a run, by configuration."""

    coverage_data: list[_CoverageDataJson] | None = None


def read_results(organization: Organization, project: str, build: BuildJson) -> Findings:
    """Two calls, and one more for each of the first three of the runs of tests in which some failed.

    Raises:
        PermanentError: to read tests takes a right of its own.
    """
    call = Call(doing=f"list the tests of run {build.id}")
    uri = f"vstfs:///Build/Build/{build.id}"
    found = organization.read(
        call,
        lambda to: to.test.get_test_runs(project, build_uri=uri, include_run_details=True, top=_MOST_RUNS),
        Many[RunJson],
    )
    runs = list(list_latest(found.value))
    tallies = [to_tally(each) for each in runs]
    failed = [run for run, tally in zip(runs, tallies, strict=True) if tally.failed or tally.errors]
    names = [name for run in failed[:_MOST_NAMED_RUNS] for name in _list_failing(organization, project, run)]
    tests = sum_tallies(tallies)
    coverage, unread = _read_coverage(organization, project, build)
    return Findings(
        tests=tests and replace(tests, failing=tuple(names[:MOST_NAMES])), coverage=coverage, unread=unread
    )


def list_latest(runs: Iterable[RunJson]) -> Iterator[RunJson]:
    """Without those of jobs that a later attempt did again."""
    known = list(runs)
    latest: dict[Any, tuple[int, int, int]] = {}
    for run in known:
        latest[run.job] = max(run.attempt, latest.get(run.job, run.attempt))
    return (run for run in known if run.job is None or run.attempt == latest[run.job])


def to_tally(run: RunJson) -> Tally:
    """By their outcomes; what has none of those that are known was not run.

    Without outcomes, those that did not pass and nobody looked into have failed.
    """
    if run.run_statistics is None:
        left = run.total_tests - run.passed_tests - run.unanalyzed_tests
        return Tally(
            passed=max(0, run.passed_tests), failed=max(0, run.unanalyzed_tests), skipped=max(0, left)
        )
    amounts = Counter[str]()
    for each in run.run_statistics:
        amounts[_STATES.get(each.outcome.casefold(), "skipped")] += max(0, each.count)
    return Tally(
        passed=amounts["passed"],
        failed=amounts["failed"],
        errors=amounts["errors"],
        skipped=amounts["skipped"],
    )


def sum_up(summary: SummaryJson) -> Coverage | None:
    """The lines of all configurations; None where no line is told of.

    Raises:
        UnreadableError: it tells what cannot be.
    """
    told = [each for data in summary.coverage_data or () for each in data.coverage_stats or ()]
    lines = [each for each in told if each.label.casefold() in _LINES]
    return sum_coverages(to_coverage(each.covered, each.total) for each in lines)


def _list_failing(organization: Organization, project: str, run: RunJson) -> list[str]:
    call = Call(doing=f"list the failed tests of run {run.id} of tests")
    found = organization.read(
        call,
        lambda to: to.test.get_test_results(
            project, run.id, top=MOST_NAMES, outcomes=["Failed", "Aborted", "Error", "Timeout"]
        ),
        Many[_ResultJson],
    )
    names = (each.test_case_title or each.automated_test_name or "" for each in found.value)
    return [name[:MOST_NAME_CHARACTERS] for name in names]


def _read_coverage(organization: Organization, project: str, build: BuildJson) -> tuple[Coverage | None, int]:
    """Without flags the sums are told, whatever tool measured; and how many could not be read."""
    call = Call(doing=f"read the coverage of run {build.id}")
    summary = organization.read(
        call, lambda to: to.test.get_build_code_coverage(project, build.id, None), SummaryJson
    )
    try:
        return sum_up(summary), 0
    except UnreadableError:
        return None, 1
