"""Mermaid itself takes our diagrams."""

import pytest
from msgspec.structs import replace

from fakes.hostile import LINES, MARKS
from fakes.reports import full_report
from peers.mermaid import list_complaints
from trainboard.rendering.report import mermaid

pytestmark = pytest.mark.peer

DRAW = (mermaid.draw_burndown, mermaid.draw_burn_up, mermaid.draw_velocity, mermaid.draw_shares)


def list_diagrams(name):
    """All diagrams of a report whose sprints and project are called so."""
    known = full_report()
    ended = tuple(replace(each, name=name) for each in known.velocity.sprints)
    report = replace(
        known,
        project=name,
        sprint=replace(known.sprint, name=name),
        velocity=replace(known.velocity, sprints=ended),
    )
    return [draw(report) for draw in DRAW]


def test_it_takes_what_we_draw():
    """Whatever sprints are called."""
    names = ["Sprint 7", *LINES, *MARKS.split(" "), "\n", "x" * 500, "%%{init: {}}%%", "ä😀"]
    diagrams = [each for name in names for each in list_diagrams(name)]
    assert [] == [pair for pair in zip(diagrams, list_complaints(diagrams), strict=True) if pair[1]]


def test_it_does_not_take_anything():
    """A judge that lets everything pass proves nothing."""
    assert all(list_complaints(['xychart-beta\n    title "a" b"\n    line [1]', "xychart-beta\n    bar [a]"]))
