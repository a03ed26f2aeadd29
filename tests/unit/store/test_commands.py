"""What people commanded is kept, ends when what it waits for ends, and follows a place to its new name."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from fakes.commanding import ADA, ISSUE
from fakes.read import NOW
from trainboard.comments import CommandState, Obeyed
from trainboard.policy import Keep
from trainboard.store import commands, moves, retention
from trainboard.triggers import Origin

LABELLED = Obeyed(
    key="github:acme/churn#12/100/abc",
    origin=ISSUE,
    comment="100",
    line=1,
    text="/label data",
    name="label",
    person=ADA,
    at=NOW,
    state=CommandState.WAITING,
    awaited=("edit-item:1", "edit-item:2"),
)


def test_it_ends_when_all_that_it_waits_for_ended(write):
    """And what ended before changes it no more."""
    commands.put(write, LABELLED)
    one = commands.settle(write, LABELLED.key, "edit-item:1")
    assert (CommandState.WAITING, ("edit-item:2",)) == (one.state, one.awaited)
    assert commands.settle(write, LABELLED.key, "edit-item:1") is None
    both = commands.settle(write, LABELLED.key, "edit-item:2")
    assert (CommandState.DONE, ()) == (both.state, both.awaited)
    assert both == commands.find(write, LABELLED.key)
    assert commands.settle(write, "nobody's", "edit-item:1") is None


@pytest.mark.parametrize(("said", "expected"), [("", "It is gone."), ("Known.", "Known.\n\nIt is gone.")])
def test_a_refusal_ends_it_at_once(write, said, expected):
    """Whatever else it waited for; what was said before stays."""
    commands.put(write, replace(LABELLED, said=said))
    refused = commands.settle(write, LABELLED.key, "edit-item:1", refusal="It is gone.")
    assert (CommandState.REFUSED, expected) == (refused.state, refused.said)


def test_what_was_said_before_is_told_at_the_end(write):
    """Such a command ends as told, and not in silence."""
    commands.put(write, replace(LABELLED, said="Known.", awaited=("edit-item:1",)))
    assert CommandState.TOLD is commands.settle(write, LABELLED.key, "edit-item:1").state


def test_commands_are_listed_by_their_comment_and_by_what_it_stands_on(write):
    """In whatever letters the place is written."""
    later = replace(LABELLED, key="b", line=3, comment="101", at=NOW + timedelta(minutes=1))
    for each in (later, replace(LABELLED, key="c", line=2), LABELLED):
        commands.put(write, each)
    there = Origin(place="GitHub:Acme/churn", ref="12")
    assert ["100", "100", "101"] == [each.comment for each in commands.list_of(write, there)]
    assert [1, 2] == [each.line for each in commands.list_of_comment(write, there, "100")]
    assert [] == list(commands.list_of(write, replace(there, ref="13")))


def test_they_follow_a_repository_to_its_new_name(write):
    """So that nothing is obeyed anew."""
    commands.put(write, LABELLED)
    assert moves.follow(write, "github:acme/churn", "github:acme/plans")
    assert [LABELLED.key] == [
        each.key for each in commands.list_of(write, Origin(place="github:acme/plans", ref="12"))
    ]


def test_they_are_kept_for_an_audit(write):
    """For longer than what they did, and not for ever."""
    commands.put(write, LABELLED)
    for days, expected in ((729, []), (731, [LABELLED.key])):
        heaps = retention.list_heaps(Keep(), NOW + timedelta(days=days))
        [heap] = [each for each in heaps if each.name == "commands"]
        assert expected == list(heap.list_keys(write, None, 10))
