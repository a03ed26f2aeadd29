"""What the comment offers for notebooks with much outside of functions."""

import pytest

from fakes.pull_requests import CODE, OPENED, pull_request
from trainboard.metric_gate import judge_gate
from trainboard.notebooks import ChangedNotebook, NotebookReview, Review
from trainboard.pull_request_view import PullRequestView
from trainboard.refactoring import Refactoring
from trainboard.rendering.notebooks import notebooks_block


def offers(*paths, refactorings=(), outside=101, long_outside=100):
    """What stands below the findings, line by line."""
    reviews = [
        NotebookReview(
            notebook=ChangedNotebook(path=path, blob="1"),
            base="main",
            review=Review(lines=150, outside=outside, functions=1),
        )
        for path in paths
    ]
    view = PullRequestView(
        pull_request=pull_request(),
        verdict=judge_gate(pull_request(), [], touched=False),
        notebooks=tuple(reviews),
        refactorings=tuple(refactorings),
        long_outside=long_outside,
    )
    return notebooks_block(view, "").text(0).split("\n\n")[2:]


def task(path, state):
    return Refactoring(
        project="churn",
        code=CODE,
        path=path,
        tracker=CODE,
        ref="12",
        url="https://github.com/acme/churn/issues/12",
        state=state,
        asked="a",
        changed_at=OPENED,
    )


HAS = (
    "has 101 of 150 lines outside of functions, 1 function. For a work item with the steps to scripts, write"
)
ITEM = "[\u200b#\u200b12](https://github.com/acme/churn/issues/12)"


@pytest.mark.parametrize(
    ("path", "command"),
    [
        ("nb/a.ipynb", "`/refactor nb/a.ipynb`"),
        ("nb/with blanks.ipynb", "`/refactor nb/with blanks.ipynb`"),
        ("nb/`a`.ipynb", "`/refactor`"),
        ("nb/#1.ipynb", "`/refactor`"),
        ("d/" * 300 + "a.ipynb", "`/refactor`"),
    ],
)
def test_a_command_that_can_be_copied(path, command):
    """Where the path cannot be shown as it must be written, none is needed for the only one."""
    [offer] = offers(path)
    assert offer.endswith(f"{HAS} {command}.")


def test_a_command_for_one_of_several_that_cannot_be_shown():
    """Its end is enough."""
    assert [f"{HAS} `/refactor a.ipynb`.", f"{HAS} `/refactor` and the end of its path."] == [
        offer[offer.index(HAS) :] for offer in offers("a.ipynb", "nb/#1.ipynb")
    ]


@pytest.mark.parametrize(("outside", "long_outside", "number"), [(100, 100, 0), (101, 100, 1), (101, 101, 0)])
def test_how_much_is_long(outside, long_outside, number):
    """The project says so."""
    assert number == len(offers("a.ipynb", outside=outside, long_outside=long_outside))


@pytest.mark.parametrize(("state", "is_offered"), [("open", False), ("closed", True), ("gone", True)])
def test_what_has_a_work_item(state, is_offered):
    """It is named with its state, unless somebody deleted it; one that is open is not offered again."""
    said = offers("a.ipynb", refactorings=[task("a.ipynb", state)])
    shown = [] if state == "gone" else [f"`a.ipynb` becomes scripts in work item {ITEM}: {state}."]
    assert shown == [each for each in said if "becomes" in each]
    assert is_offered == any("write" in each for each in said)
