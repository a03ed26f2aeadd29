"""What tests found and covered, told on the pull request and the work item, on GitHub and on Azure DevOps."""

import re

import pytest

from fakes.clock import FakeClock
from fakes.teams import on_azure_devops, on_github


@pytest.fixture(params=[on_github, on_azure_devops], ids=["github", "azure devops"])
def team(request, talk):
    with request.param(talk, FakeClock()) as team:
        yield team


def results(text):
    """The line about results, without how long the tests took, which Azure DevOps does not tell."""
    found = re.search(r"(?m)^.*tests? passed.*$", text)
    return found and re.sub(r" in (?:\d+ s|less than a second)", "", found[0])


def test_numbers_follow_the_newest_run(team):
    """A failure is named; later attempts and commits replace it; the target branch is compared with."""
    ref = team.plans("val_auc >= 0.92")
    team.opens("Widen the trees", f"Closes #{ref}", "src/train.py")
    assert results(team.comment) is None

    team.tests(("test_a", "Passed"), ("test_b", "Failed"), ("test_c", "NotExecuted"), covered=(80, 100))
    assert "✗ 1 test passed, 1 failed (`test_b`), 1 skipped · coverage 80.0 %" == results(team.comment)
    assert "✗ 1 test passed, 1 failed (`test_b`), 1 skipped · coverage 80.0 %" in results(team.item)

    team.tests(("test_a", "Passed"), ("test_b", "Passed"), covered=(81, 100), attempt=2)
    assert "2 tests passed · coverage 81.0 %" == results(team.comment)

    team.tests(("test_a", "Passed"), covered=(405, 500), branch="main")
    team.pushes()
    assert results(team.comment) is None
    team.tests(("test_a", "Passed"), ("test_b", "Passed"), covered=(806, 1000))
    assert "2 tests passed · coverage 80.6 % (-0.4)" == results(team.comment)
    assert "2 tests passed · coverage 80.6 % (-0.4)" in results(team.item)


def test_names_of_tests_are_only_read(team):
    """A name that is a mention, HTML, Markdown and a command shows as text."""
    ref = team.plans("val_auc >= 0.92")
    team.opens("Widen the trees", f"Closes #{ref}", "src/train.py")
    team.tests(("<b>@ana</b> closes #1 [x](http://evil.example) ` /promote", "Error"))

    assert "@ana" not in team.comment
    assert "#1 " not in team.comment
    assert "(`` " in team.comment or "(``" in team.comment
