"""Artifacts of GitHub Actions that are late, gone, broken or made to do harm."""

import pytest

from fakes.clock import FakeClock
from fakes.github.artifacts import leave
from fakes.result_files import cobertura, junit, zipped
from fakes.teams import on_github

ONE, TWO = junit([("a", "Passed")]), junit([("a", "Passed"), ("b", "Passed")])


@pytest.fixture
def team(talk):
    with on_github(talk, FakeClock()) as team:
        team.opens("Widen the trees", "", "src/train.py")
        team.run = 77
        yield team


def leaves(team, name, content, **more):
    """The run leaves an archive, or files that become one."""
    packed = content if isinstance(content, bytes) else zipped(content)
    return leave(team.github, team.github.churn, team.run, name, packed, **more)


def downloads(team):
    return [each for each in team.github.calls() if each.endswith("/zip")]


def test_only_what_is_wanted_is_read(team):
    """By its name; the newest of a name counts, and what an attempt did not make anew."""
    leaves(team, "model", {"junit.xml": TWO})
    leaves(team, "JUnit-3.11", {"junit.xml": TWO})
    leaves(team, "junit-3.12", {"junit.xml": ONE})
    leaves(team, "JUnit-3.11", {"junit.xml": ONE})
    leaves(team, "my-coverage", {"coverage.xml": cobertura((3, 4))})
    team.ends_run()
    assert "2 tests passed in 1 s · coverage 75.0 %" in team.comment
    assert 3 == len(downloads(team))


def test_nothing_is_read_where_none_is_wanted(team):
    """A run without such artifacts costs one call."""
    leaves(team, "model", b"")
    before = len(team.github.requests)
    team.ends_run()
    asked = [each for each in team.github.calls()[before:] if "/actions/" in each]
    assert ["GET /repos/acme/churn/actions/runs/77/artifacts"] == asked
    assert "#### Results" not in team.comment


@pytest.mark.parametrize(
    ("content", "more"),
    [
        ({"junit.xml": ONE}, {"expired": True}),
        ({"junit.xml": ONE}, {"gone": True}),
        (b"no archive", {}),
        ({"junit.xml": b"<!DOCTYPE a [<!ENTITY b 'b'>]><testsuite>&b;</testsuite>"}, {}),
        ({f"{number}.xml": ONE for number in range(1_001)}, {}),
    ],
    ids=["expired", "gone", "no archive", "entities", "too many files"],
)
def test_what_cannot_be_read_is_told(team, content, more):
    """It is neither no test nor a failure of the bot, and what can be read counts."""
    leaves(team, "junit-bad", content, **more)
    leaves(team, "junit-good", {"junit.xml": ONE})
    team.ends_run()
    assert "1 test passed in less than a second · 1 result file could not be read" in team.comment


def test_a_run_that_is_gone(team):
    """Its numbers stay unknown, and the bot goes on."""
    team.ends_run()
    assert "#### Results" not in team.comment
    leaves(team, "junit", {"junit.xml": ONE})
    team.ends_run(attempt=2)
    assert "1 test passed" in team.comment


def test_attempts_in_any_order(team):
    """What is heard of the first attempt after the second changes nothing, and is read once."""
    leaves(team, "junit", {"junit.xml": ONE})
    team.ends_run(attempt=2)
    leaves(team, "junit", {"junit.xml": TWO})
    team.ends_run(attempt=1)
    assert "1 test passed" in team.comment


def test_a_host_that_is_down(team):
    """It is asked again later."""
    leaves(team, "junit", {"junit.xml": ONE})
    team.github.next_fault(502)
    team.ends_run()
    for _ in range(5):
        team.goes_by()
    assert "1 test passed" in team.comment
