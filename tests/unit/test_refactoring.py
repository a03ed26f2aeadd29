"""When the work on a notebook is over, and why it is not."""

from datetime import timedelta

import pytest

from fakes.pull_requests import OPENED, check, pull_request
from trainboard.notebooks import Review
from trainboard.refactoring import Doubt, Figures, Merge, figures_of, has_lint, list_doubts, was_closed_by
from trainboard.result_files import Tally
from trainboard.results import Numbers

LINT, TESTS = check("lint"), check("unit tests")


def doubts(*checks, tests=None, outside=0):
    return list(list_doubts(checks, Numbers(tests=tests), outside, 100))


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        ((LINT, TESTS), []),
        ((LINT, check("ruff", "neutral"), TESTS), []),
        ((check("lint", "failed"), TESTS), [Doubt.LINT_FAILED]),
        ((LINT, check("mypy", "cancelled"), TESTS), [Doubt.LINT_FAILED]),
        ((LINT, check("pytest", "timed out")), [Doubt.TESTS_FAILED]),
        ((LINT, check("pytest", "without news")), [Doubt.TESTS_FAILED]),
        ((check("lint", "failed"), check("pytest", "running")), [Doubt.LINT_FAILED, Doubt.NOT_ENDED]),
        ((check("lint", "queued"), TESTS), [Doubt.NOT_ENDED]),
        ((LINT,), [Doubt.NO_TESTS]),
        ((LINT, check("pytest", "neutral")), [Doubt.NO_TESTS]),
        ((LINT, check("data tests")), [Doubt.NO_TESTS]),
    ],
)
def test_lint_and_tests_must_be_green(checks, expected):
    """What failed, goes on, was skipped or was never told is not green; tests of data are no unit tests."""
    assert expected == doubts(*checks)


def test_what_tests_found_counts_as_their_checks_do():
    """The check that runs them may have any name."""
    assert [] == doubts(LINT, check("build"), tests=Tally(passed=3))
    assert [Doubt.TESTS_FAILED] == doubts(LINT, TESTS, tests=Tally(passed=3, errors=1))
    assert [Doubt.NO_TESTS] == doubts(LINT, tests=Tally(skipped=3))
    assert [Doubt.NOT_ENDED] == doubts(LINT, check("pytest", "running"), tests=Tally(passed=3))


@pytest.mark.parametrize(
    ("outside", "expected"), [(0, []), (100, []), (101, [Doubt.STILL_LONG]), (None, [Doubt.UNREAD])]
)
def test_without_lint_the_notebook_itself_must_be_thin(outside, expected):
    """Where somebody tells of lint, it does not matter."""
    assert expected == doubts(TESTS, outside=outside)
    assert [] == doubts(LINT, TESTS, outside=outside)
    assert (True, False) == (has_lint([LINT]), has_lint([TESTS, check("lint", "neutral")]))


def test_what_is_closed_at_the_time_of_a_merge_was_closed_by_it():
    """Not what somebody closed an hour before, nor what is open."""
    merge = Merge(pull_request=pull_request(state="merged"), has_lint=True)
    moments = (OPENED, OPENED + timedelta(minutes=2), OPENED - timedelta(minutes=3), None)
    assert [True, True, False, False] == [was_closed_by(merge, moment) for moment in moments]


def test_a_merge_is_final_once_all_has_ended():
    """Before that nobody is told of it."""
    told = pull_request(state="merged")
    ends = [(), (Doubt.NO_TESTS,), (Doubt.LINT_FAILED, Doubt.NOT_ENDED)]
    merges = [Merge(pull_request=told, has_lint=True, doubts=each) for each in ends]
    assert [True, True, False] == [each.is_final for each in merges]


def test_figures_are_those_of_a_look():
    """With the pull request in which it was made."""
    review = Review(cells=3, lines=120, outside=90, functions=2, output_bytes=5)
    expected = Figures(
        pull_request=7, commit="abc", lines=120, outside=90, functions=2, cells=3, output_bytes=5
    )
    assert expected == figures_of(review, 7, "abc")
