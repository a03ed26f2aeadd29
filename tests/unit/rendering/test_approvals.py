"""Approvals in words."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from fakes.pull_requests import CODE, approval
from trainboard.approvals import Decision, DecisionState, Person
from trainboard.rendering.approvals import announce, explain_decision, list_approvals, say_approval
from trainboard.triggers import Origin

WAITING = approval(approvers=("ana", "acme/ml-leads"), url="https://github.com/acme/churn/actions/runs/17")
DECISION = Decision(
    key="comment-1",
    code=CODE,
    approval=WAITING.ref,
    environment="production",
    verdict="approved",
    person=Person(id="1", name="ada"),
    origin=Origin(place=CODE, ref="7", is_pull_request=True),
    at=datetime(2026, 11, 18, tzinfo=UTC),
    url=WAITING.url,
)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (WAITING, "`production` waits for an approval by one of: ana, acme/ml-leads"),
        (replace(WAITING, approvers=()), "`production` waits for an approval"),
        (replace(WAITING, approvers=tuple("abcdefg")), "by one of: a, b, c, d, e, 2 more"),
        (replace(WAITING, state="approved", by="ana"), "`production` was approved by ana"),
        (replace(WAITING, state="timed out"), "`production` got no approval in time"),
    ],
)
def test_an_approval(told, said):
    """Who answered it, or who may."""
    assert said in say_approval(told)


def test_an_announcement_names_who_may_answer():
    """All of them, the commit and the run."""
    assert announce(WAITING, WAITING.approvers) == (
        "Somebody is needed: `production` waits for an approval of `def5678`. "
        "It may be given by one of: ana, acme/ml-leads. "
        "[Look at the run](https://github.com/acme/churn/actions/runs/17)."
    )
    assert "Somebody is needed: `production` waits for an approval." == announce(
        replace(WAITING, commit=None, url=""), ()
    )


def test_an_announcement_mentions_nobody():
    """Whatever a platform calls people: who is asked was told by the platform itself."""
    told = announce(replace(WAITING, environment="`@all` #1", url="javascript:x"), ["@ana", "<b>", "[x](y)"])
    assert not any(dangerous in told for dangerous in ("@ana", "@all", "#1", "<b>", "[x](y)", "javascript"))


@pytest.mark.parametrize(
    ("state", "reason", "said"),
    [
        (DecisionState.ASKED, "", "ada wanted to approve `production`: it is being passed on."),
        (
            DecisionState.REFUSED,
            "ada is not among those whom production lists: ana.",
            (
                "ada is not among those whom production lists: ana. "
                "[Answer it there](https://github.com/acme/churn/actions/runs/17)."
            ),
        ),
        (DecisionState.UNSURE, "Nobody told.", "it may have been passed on. Nobody told. [Answer it there]("),
    ],
)
def test_a_word_that_was_not_passed_on_is_told(state, reason, said):
    """With the reason, and where the platform takes an answer."""
    assert said in list_approvals([WAITING], [replace(DECISION, state=state, reason=reason)])


def test_a_word_that_was_passed_on_shows_as_the_answer():
    """And not a second time."""
    passed = replace(DECISION, state=DecisionState.PASSED_ON)
    told = list_approvals([replace(WAITING, state="approved", by="ada")], [passed])
    assert "- `production` was approved by ada" == told


def test_what_waits_comes_first():
    """However late it was told."""
    done = replace(WAITING, ref="0", environment="staging", state="approved")
    assert list_approvals([done, WAITING], []).startswith("- `production` waits")


def test_the_platform_is_told_whose_word_it_is():
    """On one plain line."""
    assert "Approved as ada asked on pull request 7." == explain_decision(DECISION)
    told = replace(DECISION, person=Person(id="1", name="a\nb"), verdict="rejected")
    assert "Rejected as a b asked on pull request 7." == explain_decision(told)
