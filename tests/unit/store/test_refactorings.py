"""The work items of notebooks as they are kept."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from fakes.code import CODE, NOW
from trainboard.facts import MoveWorkItem
from trainboard.policy import Keep
from trainboard.refactoring import Figures, Refactoring
from trainboard.store import lineage, moves, refactorings
from trainboard.store.refactoring_models import RefactoringRow
from trainboard.store.retention import list_heaps

FIGURES = Figures(pull_request=7, commit="a", lines=150, outside=120, functions=2, cells=9, output_bytes=12)
TASK = Refactoring(
    project="churn",
    code=CODE,
    path="d/" * 2048 + "a\u202e.ipynb",
    tracker=CODE,
    ref="12",
    url="https://github.com/acme/churn/issues/12",
    state="open",
    asked="a",
    changed_at=NOW,
    figures=FIGURES,
    settled=(3, 4),
    closed_at=NOW,
)


def test_one_for_each_project_repository_and_path(write):
    """Whatever the letters of the repository, and however long the path."""
    for state in ("open", "closed"):
        refactorings.put(write, replace(TASK, code=CODE.upper(), state=state))
    refactorings.put(write, replace(TASK, project="sales", ref="13"))
    refactorings.put(write, replace(TASK, path="b.ipynb", ref="14", figures=None))
    assert "closed" == refactorings.find(write, "churn", CODE, TASK.path).state
    assert "sales" == refactorings.find_by_ref(write, CODE, "13").project
    assert refactorings.find_by_ref(write, CODE, "15") is None
    paths = [TASK.path, "b.ipynb", "c.ipynb"]
    assert ["14", "12"] == [each.ref for each in refactorings.list_of(write, "churn", CODE, paths)]
    assert () == refactorings.list_of(write, "churn", CODE, [])


def test_all_of_it_comes_back(write):
    """As it was put."""
    known = replace(TASK, code=CODE.casefold())
    refactorings.put(write, known)
    assert known == refactorings.find(write, "churn", CODE, TASK.path)


def test_it_follows_the_repository_and_the_item(write):
    """Under their new names."""
    refactorings.put(write, TASK)
    moves.follow(write, CODE, "github:acme/Leavers")
    moved = MoveWorkItem(
        old_tracker="github:acme/Leavers",
        old_ref="12",
        tracker="github:acme/plans",
        ref="3",
        state="gone",
        url="",
        at=NOW,
    )
    lineage.move_item(write, moved)
    known = refactorings.find(write, "churn", "github:acme/leavers", TASK.path)
    assert ("github:acme/plans", "3", "gone") == (known.tracker, known.ref, known.state)


@pytest.mark.parametrize(
    ("state", "days", "stays"), [("open", 999, 1), ("closed", 364, 1), ("closed", 366, 0)]
)
def test_it_is_kept_while_it_is_open_and_a_year_longer(write, state, days, stays):
    """So that who asks again gets the same one."""
    refactorings.put(write, replace(TASK, state=state, changed_at=NOW - timedelta(days=days)))
    [heap] = [each for each in list_heaps(Keep(), NOW) if each.name == "refactorings"]
    old = select(func.count()).select_from(RefactoringRow).where(heap.is_old)
    assert 1 - stays == write.execute(old).scalar()
