"""What a sender is told that gives up on a hook which is refused."""

import pytest
from structlog.testing import capture_logs

from trainboard_webhooks.answers import Outcome, forgive, ignore, render_stranger, render_unavailable
from trainboard_webhooks.problem import render_problem

REFUSALS = {
    Outcome.TYPE: 415,
    Outcome.TOO_LARGE: 413,
    Outcome.MALFORMED: 400,
    Outcome.BROKEN_OFF: 400,
    Outcome.UNAUTHORIZED: 401,
    Outcome.UNAVAILABLE: 503,
    Outcome.METHOD: 405,
}


def told(outcome, *, known):
    refusal = render_problem(REFUSALS[outcome], "Why.")
    became, answer = forgive("azure-devops", outcome, refusal, proof="password", known=known)
    return became, answer.status


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome.TYPE, (Outcome.IGNORED, 200)),
        (Outcome.TOO_LARGE, (Outcome.IGNORED, 200)),
        (Outcome.MALFORMED, (Outcome.IGNORED, 200)),
        (Outcome.BROKEN_OFF, (Outcome.UNAVAILABLE, 503)),
        (Outcome.UNAVAILABLE, (Outcome.UNAVAILABLE, 503)),
    ],
)
def test_a_known_sender_is_told_of_success_or_to_come_again(outcome, expected):
    """200 where sending again cannot help, 503 where it can, and nothing else."""
    assert expected == told(outcome, known=True)


@pytest.mark.parametrize("outcome", [each for each in REFUSALS if each is not Outcome.METHOD])
def test_a_stranger_is_told_to_prove_itself(outcome):
    """Whatever is wrong with the delivery."""
    assert (Outcome.UNAUTHORIZED, 401) == told(outcome, known=False)


@pytest.mark.parametrize("known", [True, False])
def test_what_is_no_delivery_is_refused_as_everywhere(known):
    """Only POST delivers, so that a look with a browser does no harm to a subscription."""
    assert (Outcome.METHOD, 405) == told(Outcome.METHOD, known=known)


def test_what_is_ignored_says_why():
    """To the sender, whose history people read, and in the log."""
    with capture_logs() as logs:
        outcome, answer = ignore("azure-devops", "the body is empty")
    assert (Outcome.IGNORED, 200) == (outcome, answer.status)
    assert b'{"status":"ignored","reason":"the body is empty"}' == answer.body
    assert [
        {
            "event": "delivery ignored",
            "door": "azure-devops",
            "reason": "the body is empty",
            "log_level": "warning",
        }
    ] == logs


def test_the_reason_is_that_of_the_refusal():
    """What a sender of another source would be told as a problem."""
    refusal = render_problem(400, "$ must be an object, not a list")
    _, answer = forgive("azure-devops", Outcome.MALFORMED, refusal, proof="password", known=True)
    assert b'{"status":"ignored","reason":"$ must be an object, not a list"}' == answer.body


@pytest.mark.parametrize(
    ("proof", "challenge", "what"),
    [("signature", "HMAC-SHA256", "secret"), ("password", 'Basic realm="trainboard"', "user")],
)
def test_a_stranger_is_told_what_is_missing(proof, challenge, what):
    """The challenge names the way in which the source's senders prove themselves."""
    answer = render_stranger(proof)
    assert (401, challenge) == (answer.status, dict(answer.headers)["WWW-Authenticate"])
    assert what in answer.detail


@pytest.mark.parametrize(("seconds", "header"), [(0.1, "1"), (5, "5"), (29.5, "30")])
def test_retry_after_is_whole_seconds(seconds, header):
    """Rounded up, at least one."""
    assert header == dict(render_unavailable(seconds).headers)["Retry-After"]
