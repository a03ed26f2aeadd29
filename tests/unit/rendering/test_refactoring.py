"""The work item of a notebook in words."""

import pytest
from msgspec.structs import replace

from fakes.pull_requests import CODE, OPENED, pull_request
from trainboard.refactoring import Doubt, Figures, Merge, Refactoring
from trainboard.rendering.refactoring import (
    CHECKLIST,
    render_closed_with,
    render_refactoring,
    render_refactoring_title,
)

TASK = Refactoring(
    project="churn",
    code=CODE,
    path="notebooks/explore.ipynb",
    tracker="local:churn",
    ref="12",
    url="",
    state="open",
    asked="a",
    changed_at=OPENED,
)
FIGURES = Figures(
    pull_request=7, commit="abc1234def", lines=150, outside=120, functions=2, cells=9, output_bytes=12345
)
NAME = "[pull request 7](https://github.com/acme/churn/pull/7)"


def merge(*doubts, has_lint=True):
    return Merge(pull_request=pull_request(state="merged"), has_lint=has_lint, doubts=doubts)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("notebooks/explore.ipynb", "Refactor notebooks/explore.ipynb into scripts"),
        ("a\nb\u202e.ipynb", "Refactor a b.ipynb into scripts"),
        ("@ada/x#1.ipynb", "Refactor @\u200bada/x#\u200b1.ipynb into scripts"),
        ("\u200b", "Refactor (no name) into scripts"),
    ],
)
def test_titles(path, expected):
    """They mention nobody and have one line."""
    assert expected == render_refactoring_title(path)


@pytest.mark.parametrize("path", ["d/" * 2000 + "explore.ipynb", "@" * 4000 + "explore.ipynb"])
def test_a_long_path_keeps_its_end(path):
    """And the title its last words, within what trackers take."""
    title = render_refactoring_title(path)
    assert (True, True) == (title.endswith("explore.ipynb into scripts"), len(title) <= 200)


def test_what_is_known_of_the_notebook():
    """With the commit at which that was so."""
    text = render_refactoring(replace(TASK, figures=FIGURES), [], 100)
    assert "As pull request 7 left it at `abc1234`:" in text
    assert "| lines of code outside of functions | 120 of 150 (80%) |" in text
    assert "| stored outputs | 12,345 bytes |" in text
    assert "at most 100 lines of the notebook" in text


@pytest.mark.parametrize(
    ("state", "merged", "expected"),
    [
        ("open", merge(Doubt.TESTS_FAILED), f"- Still open: {NAME} was merged, but tests were not green."),
        ("closed", merge(Doubt.NO_TESTS), f"- Not done by it: {NAME} was merged, but nobody told of tests."),
        ("open", merge(Doubt.NOT_ENDED), f"- {NAME} was merged; lint or tests have not ended."),
        ("closed", merge(), f"- Done: {NAME} was merged with lint and tests green."),
        ("closed", merge(has_lint=False), f"- Done: {NAME} was merged with tests green."),
    ],
)
def test_what_became_of_merges(state, merged, expected):
    """Whoever reads it knows why it is still open, or was closed."""
    assert expected == render_refactoring(replace(TASK, state=state), [merged], 100).splitlines()[-1]


def test_the_comment_on_what_the_platform_closed():
    """It says what was missing, and how to go on."""
    said = render_closed_with(merge(Doubt.LINT_FAILED, Doubt.TESTS_FAILED))
    assert f"{NAME} was merged and this was closed with it, though lint was not green and tests were" in said
    assert "`/reopen` opens it again." in said


def test_the_checklist_is_a_list_to_tick():
    """Of seven steps."""
    assert 7 == CHECKLIST.count("\n- [ ] ")
