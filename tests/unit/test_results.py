"""The arithmetic of what tests found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.code import found, results
from trainboard.pull_requests import merge
from trainboard.result_files import Coverage, Tally
from trainboard.results import Numbers, add_up, is_wanted


def covered(percent, valid=100, **fields):
    return results(tests=None, coverage=Coverage(covered=percent * valid // 100, valid=valid), **fields)


def test_nothing_is_not_known():
    """It is neither 0 tests nor 0 percent."""
    assert Numbers() == add_up((), ())
    assert not Numbers().are_known


def test_pipelines_are_added_up():
    """Tests of all of them, and lines of all of them; the names in their order."""
    one = results(tests=Tally(passed=2, failed=1, failing=("a",), seconds=1.0), unread=1)
    other = results(pipeline="x/2", tests=Tally(errors=1, failing=("b",)), coverage=None)
    numbers = add_up([one, other], ())
    assert Tally(passed=2, failed=1, errors=1, seconds=1.0, failing=("a", "b")) == numbers.tests
    assert Coverage(covered=4, valid=5) == numbers.coverage
    assert (1, None) == (numbers.unread, numbers.change)


@pytest.mark.parametrize(
    ("head", "base", "change"),
    [
        ([covered(80)], [covered(81, 1000)], -1.0),
        ([covered(80)], [], None),
        ([covered(80)], [covered(70, pipeline="x/2")], None),
        ([covered(80), covered(60, pipeline="x/2")], [covered(70)], None),
        ([covered(80), covered(60, pipeline="x/2")], [covered(70), covered(60, pipeline="x/2")], 5.0),
        ([covered(80)], [results(coverage=None)], None),
        ([covered(80)], [covered(0, 0)], None),
        ([covered(0, 0)], [covered(80)], None),
    ],
)
def test_change(head, base, change):
    """It is known only where the same pipelines told of both, and of some line."""
    known = add_up(head, base).change
    assert known == change if change is None else known == pytest.approx(change)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("JUnit-3.11", True), ("my-coverage", True), ("model", False), ("junit", True), ("", False)],
)
def test_wanted_artifacts(name, wanted):
    """Upper and lower case are alike."""
    assert wanted is is_wanted(name, ["*junit*", "*COVERAGE*"])


@given(
    st.lists(found, min_size=1, max_size=5).flatmap(
        lambda told: st.tuples(st.just(told), st.permutations(told))
    )
)
def test_any_order_ends_alike(orders):
    """Whatever comes late or twice, the newest attempt of the newest run is known in the end."""
    ends = []
    for told in orders:
        known = None
        for each in told:
            known = merge(known, each)
        ends.append(known)
    first, second = ends
    assert first == second
    assert max((each.run, each.attempt, each.at) for each in orders[0]) == (
        first.run,
        first.attempt,
        first.at,
    )
