"""Events are values that survive being written."""

from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.values import structs
from trainboard import events
from trainboard.events import Event, PollDue


@settings(max_examples=100)
@given(st.one_of(*map(structs, get_args(Event))))
def test_an_event_is_the_same_after_json(event):
    """The bot's own ticks and polls enter by the inbox, where they are bytes."""
    assert event == events.decode(events.encode(event))


def test_an_event_says_what_it_is():
    """Its kind is in the document, and what is as usual is left out."""
    assert b'{"event":"PollDue","door":"mlflow/prod"}' == events.encode(PollDue(door="mlflow/prod"))
