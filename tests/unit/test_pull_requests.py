"""Pull requests and what is said of their commits: what counts, whatever the order in which it was heard."""

from datetime import UTC, datetime
from itertools import permutations

import pytest

from trainboard.pull_requests import Check, CheckState, is_own_check, list_current

AT = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


def check(name, state="passed", **facts):
    return Check(code="github:acme/churn", commit="c1", name=name, state=CheckState(state), at=AT, **facts)


def test_checks_of_one_name_in_two_suites_both_count():
    """Two workflows may each have a job of one name."""
    known = [check("test", "failed", suite="1"), check("test", suite="2"), check("lint")]
    assert known == list_current(known)


def test_a_later_suite_of_a_series_replaces_an_earlier_one():
    """A workflow that ran again for the same commit is told by its latest run alone, in any order."""
    old = [check("CI", "cancelled", suite="1", series="ci", run=4), check("test", "cancelled", suite="1")]
    new = [check("CI", suite="2", series="ci", run=5), check("test", suite="2")]
    other = [check("CI", "failed", suite="3", series="ci on push", run=1)]
    for known in permutations(old + new + other):
        assert [it for it in known if it not in old] == list_current(known)


@pytest.mark.parametrize(
    ("name", "own"),
    [("trainboard/metric-gate", True), ("trainboard", False), ("acme/trainboard/x", False), ("", False)],
)
def test_own_checks_are_known_by_their_name(name, own):
    """What the bot itself reports begins with its name and a stroke."""
    assert own == is_own_check(name)
