"""Waivers of metric gates, as they were told last."""

from datetime import timedelta
from itertools import permutations

import pytest
from msgspec.structs import replace

from fakes.pull_requests import CODE, HEAD, OLD_HEAD, OPENED, pull_request
from trainboard.facts import RecordWaiver
from trainboard.metric_gate import Waiver
from trainboard.store import waivers

GIVEN = RecordWaiver(code=CODE, number=7, commit=HEAD, by="ada", reason="Known.", at=OPENED)
TAKEN = replace(GIVEN, by="bob", reason="", withdrawn=True, at=OPENED + timedelta(minutes=1))
AGAIN = replace(GIVEN, by="cy", at=OPENED + timedelta(minutes=2))


@pytest.mark.parametrize("told", list(permutations([GIVEN, TAKEN, AGAIN])))
def test_what_is_told_last_holds(write, told):
    """In whatever order it is heard, and however often."""
    for each in (*told, *told):
        waivers.record(write, each)
    assert Waiver(by="cy", reason="Known.", at=AGAIN.at) == waivers.find(write, pull_request())


def test_one_that_was_taken_back_holds_no_longer(write):
    """Nobody forgets that it was given, but it is not found."""
    for each in (GIVEN, TAKEN):
        waivers.record(write, each)
    assert None is waivers.find(write, pull_request())


def test_a_push_ends_it(write):
    """It is of one commit of one pull request."""
    waivers.record(write, replace(GIVEN, commit=OLD_HEAD))
    waivers.record(write, replace(GIVEN, number=8))
    assert None is waivers.find(write, pull_request())
    assert None is not waivers.find(write, pull_request(head=OLD_HEAD))
    assert None is not waivers.find(write, pull_request(code="github:ACME/churn", number=8))
