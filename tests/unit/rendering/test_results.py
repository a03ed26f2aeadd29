"""The line about what linters and tests found."""

import pytest

from fakes.code import check
from trainboard.pull_requests import CheckState
from trainboard.rendering.results import render_results, results_block
from trainboard.result_files import Coverage, Tally
from trainboard.results import Numbers

PASSED, FAILED = CheckState.PASSED, CheckState.FAILED
SOME = Numbers(tests=Tally(passed=41, failed=1, failing=("test_x",)))


@pytest.mark.parametrize(
    ("numbers", "line"),
    [
        (SOME, "✗ 41 tests passed, 1 failed (`test_x`)"),
        (Numbers(tests=Tally()), "0 tests passed"),
        (
            Numbers(tests=Tally(passed=1, skipped=2, seconds=0.2)),
            "1 test passed, 2 skipped in less than a second",
        ),
        (Numbers(tests=Tally(passed=1200, seconds=90)), "1,200 tests passed in 90 s"),
        (Numbers(tests=Tally(passed=1, seconds=7200)), "1 test passed in 120 min"),
        (
            Numbers(tests=Tally(failed=4, errors=2, failing=("a", "b", "c", "d"))),
            "✗ 0 tests passed, 4 failed, 2 errors (`a`, `b`, `c` and 3 more)",
        ),
        (Numbers(coverage=Coverage(covered=872, valid=1000)), "coverage 87.2 %"),
        (Numbers(coverage=Coverage(covered=872, valid=1000), change=-0.4), "coverage 87.2 % (-0.4)"),
        (Numbers(coverage=Coverage(covered=872, valid=1000), change=0.31), "coverage 87.2 % (+0.3)"),
        (Numbers(coverage=Coverage(covered=872, valid=1000), change=-0.04), "coverage 87.2 % (as before)"),
        (Numbers(coverage=Coverage(covered=0, valid=0), unread=1), "1 result file could not be read"),
        (Numbers(), ""),
    ],
)
def test_line(numbers, line):
    """What is not known is left out."""
    assert line == render_results(numbers, ())


@pytest.mark.parametrize(
    ("linters", "said"),
    [
        ([check(name="ruff", state=PASSED)], "lint ok"),
        ([check(name="ruff", state=PASSED, annotations=2)], "lint ok, 2 remarks"),
        ([check(name="ruff", state=FAILED, annotations=1)], "✗ lint failed, 1 remark"),
        ([check(name="ruff", state=PASSED), check(name="mypy", state=CheckState.RUNNING)], "lint not done"),
    ],
)
def test_lint(linters, said):
    """Linters are known by their names; their remarks are added up."""
    assert f"{said} · ✗ 41 tests passed, 1 failed (`test_x`)" == render_results(SOME, linters)


def test_remarks_alone():
    """They are told without tests too; how a linter stands alone is told with the checks."""
    assert "lint ok, 3 remarks" == render_results(
        Numbers(), [check(name="ruff", state=PASSED, annotations=3)]
    )
    assert "" == render_results(Numbers(), [check(name="ruff", state=PASSED, annotations=0)])
    assert "" == results_block(Numbers(), ()).head


def test_names_do_nothing():
    """A name with a mention, HTML or a backtick is read, and nothing else."""
    name = "`x` @ana <img src=x> #1\n/promote"
    line = render_results(Numbers(tests=Tally(failed=1, failing=(name, ""))), ())
    assert "@ana" not in line
    assert "#1" not in line
    assert "\n" not in line
    assert "(`` `x` " in line
