"""Which iteration and which option of a board are ours, and what it lacks."""

from datetime import date

import pytest
from msgspec.structs import replace

from trainboard.board_layout import (
    BoardIteration,
    BoardPolicy,
    IterationField,
    Layout,
    Option,
    StatusField,
    list_lacks,
)
from trainboard.iterations import Iteration

POLICY = BoardPolicy(name="github-project:acme/12")
SPRINT = Iteration(number=2, name="Sprint 2", start=date(2026, 11, 23), end=date(2026, 12, 6))
NEXT = Iteration(number=3, name="Sprint 3", start=date(2026, 12, 7), end=date(2026, 12, 20))
OPTIONS = tuple(Option(ref=name, name=name) for name in ("Todo", "In Progress", "Done"))


def held(title, start, days=14):
    return BoardIteration(ref=title, title=title, start=start, days=days)


def layout(*iterations, options=OPTIONS, **more):
    return Layout(
        ref="PVT_1",
        fields=("Iteration", "Status"),
        iteration_field=IterationField(ref="F1", iterations=iterations),
        status_field=StatusField(ref="F2", options=options),
        **more,
    )


@pytest.mark.parametrize(
    ("iterations", "expected"),
    [
        ([], None),
        ([held("Sprint 2", SPRINT.start)], "Sprint 2"),
        ([held("Whatever", SPRINT.start)], "Whatever"),
        ([held(" sprint 2 ", date(2026, 11, 30), 7)], " sprint 2 "),
        ([held("Sprint 2", date(2026, 11, 9))], None),
        ([held("Sprint 2", date(2026, 11, 10))], "Sprint 2"),
        ([held("Sprint 2", date(2026, 12, 7))], None),
        ([held("Sprint 2", date(2026, 11, 24)), held("Other", SPRINT.start)], "Other"),
    ],
)
def test_the_iteration_of_a_sprint(iterations, expected):
    """By its first day, or else by name and days in common: a name alone may be of another year."""
    found = layout(*iterations).find_iteration(SPRINT)
    assert expected == (found and found.ref)


def test_what_is_there_lacks_nothing():
    """Each option, and each iteration that is asked for."""
    whole = layout(held("a", SPRINT.start), held("b", NEXT.start))
    assert [] == list(list_lacks(whole, POLICY, [SPRINT, NEXT]))


@pytest.mark.parametrize(
    ("found", "policy", "said"),
    [
        (layout(), POLICY, "has no iteration for Sprint 2, which begins on 2026-11-23"),
        (layout(held("a", SPRINT.start), options=OPTIONS[:2]), POLICY, "has no option 'Done'"),
        (replace(layout(), iteration_field=None), POLICY, "has no field 'Iteration' of the kind iteration"),
        (
            replace(layout(held("a", SPRINT.start)), status_field=None),
            POLICY,
            "has no field 'Status' of the kind single select",
        ),
        (layout(held("a", SPRINT.start), closed=True), POLICY, "is closed"),
        (layout(held("a", SPRINT.start), writable=False), POLICY, "and not change it"),
    ],
)
def test_what_lacks_is_named_with_what_to_do(found, policy, said):
    """One thing each, with a fix that harms nothing."""
    [lack] = list_lacks(found, policy, [SPRINT])
    assert said in lack.message
    assert lack.fix


def test_a_field_that_is_not_wanted_lacks_nothing():
    """An empty name turns it off."""
    bare = Layout(ref="PVT_1")
    assert [] == list(list_lacks(bare, replace(POLICY, iteration_field="", status_field=""), [SPRINT]))
