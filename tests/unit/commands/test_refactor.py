"""`/refactor` means one notebook, or asks which."""

import pytest
from msgspec.structs import replace

from fakes.commanding import BEN, PULL, last, obey
from fakes.pull_requests import CODE, OPENED, pull_request
from fakes.read import CHURN, FakeRead
from trainboard.comments import CommandState, Role
from trainboard.effects import AskRefactoring
from trainboard.notebooks import ChangedNotebook, NotebookReview, Review
from trainboard.refactoring import Refactoring

PROJECT = replace(CHURN, code=CODE)
TASK = Refactoring(
    project="churn",
    code=CODE,
    path="a.ipynb",
    tracker="local:churn",
    ref="12",
    url="",
    state="open",
    asked="a",
    changed_at=OPENED,
)


def knows(refactorings=(), **lines):
    """A pull request whose notebooks have so many lines outside of functions."""
    reviews = [
        NotebookReview(
            notebook=ChangedNotebook(path=path, blob="1"),
            base="main",
            review=Review(lines=200, outside=outside),
        )
        for path, outside in lines.items()
    ]
    return FakeRead(
        projects=(PROJECT,),
        pull_requests=(pull_request(),),
        notebooks={(CODE, 7): reviews},
        refactorings=refactorings,
    )


def asked(read, text, **fields):
    """The paths for which work items are wished."""
    return [each.path for each in obey(read, text, PULL, **fields) if isinstance(each, AskRefactoring)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/refactor", "nb/Long One.ipynb"),
        ("/refactor nb/Long One.ipynb", "nb/Long One.ipynb"),
        ("/refactor `nb/Long One.ipynb`", "nb/Long One.ipynb"),
        ("/refactor ./short.ipynb", "short.ipynb"),
        ("/refactor long one.ipynb", "nb/Long One.ipynb"),
        ("/refactor path=short.ipynb", "short.ipynb"),
    ],
)
def test_which_one_is_meant(text, expected):
    """Without a path the only one that is offered; else one of the pull request, by its path or its end."""
    read = knows(**{"nb/Long One.ipynb": 101, "short.ipynb": 100})
    assert [expected] == asked(read, text)


@pytest.mark.parametrize(
    ("lines", "text", "said"),
    [
        (
            {"a.ipynb": 101, "b.ipynb": 102},
            "/refactor",
            "Which one? Add the path of one of `a.ipynb`, `b.ipynb`.",
        ),
        ({"a.ipynb": 5}, "/refactor", "No notebook here has more than 100 lines outside of functions."),
        ({}, "/refactor", "No notebook of this pull request was looked at yet."),
        ({"explore.ipynb": 1}, "/refactor explroe.ipynb", "Did you mean `explore.ipynb`?"),
        ({"a/x.ipynb": 1, "b/x.ipynb": 1}, "/refactor x.ipynb", "Did you mean `a/x.ipynb`, `b/x.ipynb`?"),
        ({"a.ipynb": 1}, "/refactor secret/other.ipynb", "It changes `a.ipynb`."),
        ({"a.ipynb": 1}, f"/refactor {'@' * 900}", "It changes `a.ipynb`."),
    ],
)
def test_it_asks_rather_than_guesses(lines, text, said):
    """And names those that there are."""
    read = knows(**lines)
    assert [] == asked(read, text)
    assert said in last(read).said
    assert CommandState.REFUSED is last(read).state


def test_what_there_is_already_is_told():
    """Nobody has to look for it; nothing is made, nor can be undone."""
    read = knows([TASK], **{"a.ipynb": 101})
    assert [] == asked(read, "/refactor")
    assert (CommandState.TOLD, "`a.ipynb` has a work item: \u200b#\u200b12.", ()) == (
        last(read).state,
        last(read).said,
        last(read).undo,
    )


@pytest.mark.parametrize("state", ["closed", "gone"])
def test_what_was_closed_or_deleted_can_be_asked_for_again(state):
    """By whoever may write."""
    read = knows([replace(TASK, state=state)], **{"a.ipynb": 101})
    assert [] == asked(read, "/refactor", person=BEN, role=Role.TRIAGE)
    assert ["a.ipynb"] == asked(read, "/refactor", comment="101")
    assert 1 == len(last(read).undo)


def test_undo_takes_back_what_that_command_did():
    """By the key of the command."""
    read = knows(**{"a.ipynb": 101})
    [made] = obey(read, "/refactor", PULL)
    obeyed = last(read)
    read.commands[obeyed.key] = replace(obeyed, state=CommandState.DONE)
    [back] = obey(read, "/undo", PULL, comment="101")
    assert ("", made.asked, "a.ipynb") == (made.undoes, back.undoes, back.path)
    assert back.asked != made.asked
