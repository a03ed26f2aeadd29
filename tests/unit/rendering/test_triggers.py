"""Runs that people asked for, as they see them."""

from datetime import timedelta

from msgspec.structs import replace

from fakes.code import NOW
from fakes.pipelines import trigger
from trainboard.pull_requests import CheckState
from trainboard.rendering.triggers import triggers_block
from trainboard.triggers import RunName, TriggerState

URL = "https://github.com/acme/churn/actions/runs/7"
ASKED = trigger(state=TriggerState.ASKED, run=None)
STARTED = replace(ASKED, state=TriggerState.STARTED, run=RunName("github:acme/churn", "7"), url=URL)


def says(trigger):
    """What is said of it behind who asked."""
    [row] = triggers_block([trigger]).rows
    return row.partition(" UTC: ")[2]


def test_each_end_has_its_words():
    """And a way to the run, or to where it would be."""
    page = "https://github.com/acme/churn/actions"
    assert "is being started" == says(ASKED)
    assert "not started yet. No network." == says(replace(ASKED, reason="No network."))
    assert f"[run 7]({URL}) started" == says(STARTED)
    assert f"[run 7]({URL}) ✓ passed" == says(replace(STARTED, check=CheckState.PASSED))
    assert f"[run 7]({URL}) ✗ timed out" == says(replace(STARTED, check=CheckState.TIMED_OUT))
    unknown = replace(ASKED, state=TriggerState.STARTED, url=page)
    assert f"started, and which run it is was not told: [look here]({page})" == says(unknown)
    refused = replace(ASKED, state=TriggerState.REFUSED, reason="No ref found for main.")
    assert "✗ not started. No ref found for main." == says(refused)
    unsure = replace(ASKED, state=TriggerState.UNSURE, reason="Nothing was told.", url=page)
    sentence = "Nothing was told. It is not started again by itself."
    assert f"may have started: [look here]({page}). {sentence}" == says(unsure)


def test_what_comes_from_outside_does_nothing():
    """Neither who asked nor what a platform says."""
    hostile = replace(ASKED, by="@all", state=TriggerState.REFUSED, reason="<b> @all #1 [x](javascript:1)")
    [row] = triggers_block([hostile]).rows
    assert [] == [part for part in ("@all", "<b>", "#1", "[x](") if part in row]


def test_the_newest_stand_first_and_old_ones_are_counted():
    """Ten are shown."""
    many = [replace(ASKED, pipeline=f"p{number}", at=NOW + timedelta(minutes=number)) for number in range(12)]
    block = triggers_block(many)
    assert (10, "2 earlier runs not shown.") == (len(block.rows), block.tail)
    assert block.rows[0].startswith("- `p11`")


def test_nothing_is_said_of_nothing():
    """The block is empty."""
    assert "" == triggers_block([]).head
