"""What a person asks for who wants a pull request to pass its metric gate."""

import pytest

from fakes.pull_requests import CODE, HEAD, OPENED, pull_request
from trainboard.facts import RecordWaiver
from trainboard.waivers import LONGEST_REASON, WaiverError, waive, withdraw

FACT = RecordWaiver(
    code=CODE, number=7, commit=HEAD, by="ada", reason="The data of May is known to be bad.", at=OPENED
)


def test_a_waiver_is_of_the_head_commit():
    """With who gave it, when, and the reason on one line."""
    reason = " The data of May\r\n is known to be bad. "
    assert FACT == waive(pull_request(), reason, by="ada", at=OPENED)


def test_a_waiver_can_be_taken_back():
    """Which needs no reason, and names the same commit."""
    told = withdraw(pull_request(), by="bob", at=OPENED)
    assert (True, HEAD, "bob") == (told.withdrawn, told.commit, told.by)


@pytest.mark.parametrize(
    ("fields", "reason", "said"),
    [
        ({}, " \n ", "A waiver needs a reason."),
        ({}, "x" * (LONGEST_REASON + 1), "at most 300 characters; this has 301"),
        ({"state": "merged"}, "Because.", "Pull request 7 is merged: its gate is over."),
        ({"state": "closed"}, "Because.", "Pull request 7 is closed: its gate is over."),
    ],
)
def test_a_waiver_that_cannot_be_is_refused(fields, reason, said):
    """With a sentence that tells the person why."""
    with pytest.raises(WaiverError, match=said):
        waive(pull_request(**fields), reason, by="ada", at=OPENED)
