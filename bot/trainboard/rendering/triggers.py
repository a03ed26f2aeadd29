"""Runs that people asked for, where they asked: what was started, and how it ended."""

from collections.abc import Sequence

from trainboard.pull_requests import CheckState
from trainboard.rendering.fit import Block, newest_block
from trainboard.rendering.inert import NO_NAME, find_address, inert, inert_code, link
from trainboard.rendering.numbers import minute
from trainboard.triggers import Trigger, TriggerState

_NAME_CHARACTERS = 80
_REASON_CHARACTERS = 400

_MARKS = {
    CheckState.PASSED: "✓ ",
    CheckState.FAILED: "✗ ",
    CheckState.TIMED_OUT: "✗ ",
}


def triggers_block(triggers: Sequence[Trigger]) -> Block:
    """A line for each of the last ones, the newest first; empty where nobody asked for any."""
    return newest_block("Runs asked for", triggers, say_trigger, "earlier run")


def say_trigger(trigger: Trigger) -> str:
    """What was asked for, and what came of it."""
    name = inert_code(trigger.pipeline, _NAME_CHARACTERS) or NO_NAME
    by = inert(trigger.by, _NAME_CHARACTERS)
    asked = f"{name}, asked for{f' by {by}' if by else ''} at {minute(trigger.at)} UTC"
    return f"{asked}: {_say_state(trigger)}"


def _say_state(trigger: Trigger) -> str:
    reason = inert(trigger.reason, _REASON_CHARACTERS)
    match trigger.state:
        case TriggerState.ASKED:
            return f"not started yet. {reason}" if reason else "is being started"
        case TriggerState.REFUSED:
            return f"✗ not started. {reason}"
        case TriggerState.UNSURE:
            look = _look_at(trigger, "look here")
            return f"may have started{look and f': {look}'}. {reason} It is not started again by itself."
        case _:
            return _say_run(trigger)


def _say_run(trigger: Trigger) -> str:
    if trigger.run is None:
        look = _look_at(trigger, "look here")
        return f"started, and which run it is was not told{look and f': {look}'}"
    name = link(f"run {trigger.run.run}", trigger.url, _NAME_CHARACTERS)
    if trigger.check is None:
        return f"{name} started"
    return f"{name} {_MARKS.get(trigger.check, '')}{trigger.check}"


def _look_at(trigger: Trigger, words: str) -> str:
    address = find_address(trigger.url)
    return f"[{words}]({address})" if address else ""
