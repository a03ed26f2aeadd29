"""How Azure DevOps says "slower": mostly while it still does what was asked."""

from datetime import UTC, datetime

import pytest

from fakes.clock import FakeClock
from trainboard.budgets import Lane, Notice, Quota
from trainboard.budgets.accounts import Account
from trainboard.budgets.azure_devops import WINDOWS, read_azure_devops

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
RESET = str(int(NOW.timestamp()) + 240)
TSTU = {
    "x-ratelimit-resource": "Core",
    "x-ratelimit-limit": "200",
    "x-ratelimit-remaining": "12.5",
    "x-ratelimit-reset": RESET,
}
QUOTA = Quota(limit=200, remaining=12.5, resets_in_seconds=240, call_cost=0.1)


@pytest.mark.parametrize(
    ("status", "headers", "notice"),
    [
        (200, {}, Notice()),
        (200, {"retry-after": "30"}, Notice(wait_seconds=30)),
        (200, TSTU, Notice(quota=QUOTA)),
        (200, TSTU | {"retry-after": "30"}, Notice(wait_seconds=240, quota=QUOTA)),
        (
            200,
            TSTU | {"retry-after": "300", "x-ratelimit-delay": "5.2"},
            Notice(wait_seconds=300, quota=QUOTA),
        ),
        (429, {"retry-after": "3600"}, Notice(limited=True, wait_seconds=3600)),
        (429, {}, Notice(limited=True)),
        (429, TSTU, Notice(limited=True, wait_seconds=240, quota=QUOTA)),
        (429, {"retry-after": "0"}, Notice(limited=True, wait_seconds=1)),
        (503, {"retry-after": "15"}, Notice(wait_seconds=15)),
        (403, {}, Notice()),
        (200, TSTU | {"x-ratelimit-remaining": "?"}, Notice()),
    ],
)
def test_answers(status, headers, notice):
    """Retry-After beside 200 means: it was done, now wait; 429 means that it was not done."""
    assert notice == read_azure_devops(status, headers, NOW)


@pytest.mark.parametrize("status", [403, 429, 503])
def test_refused_for_its_pace_by_the_text(status):
    """The status of a refusal for pace has not always been 429."""
    text = "TF400733: Request was blocked due to exceeding usage of resource 'RateLimit'."
    assert read_azure_devops(status, {}, NOW, text).limited


@pytest.mark.parametrize(
    ("status", "text"), [(200, "exceeding usage of resource"), (503, "TF400733: time-out")]
)
def test_texts_that_mean_something_else(status, text):
    """A work item may speak of limits, and the same code stands for a time-out."""
    assert not read_azure_devops(status, {}, NOW, text).limited


def test_what_is_left_in_calls():
    """The platform counts units; people are shown calls."""
    account = Account()
    account.note(NOW, read_azure_devops(200, TSTU | {"x-ratelimit-cost": "0.25"}, NOW))
    assert 50 == account.find_remaining(NOW)


def test_we_stop_before_the_platform_slows_us():
    """A hundred writes go out in a minute, which costs about ten units."""
    clock, account = FakeClock(NOW), Account(windows=WINDOWS)
    sent = [account.admit(clock(), Lane.COMMAND, writes=True) for _ in range(101)]
    assert 100 == sent.count(None)
    assert "the points of one minute are used up" == sent[-1].reason


def test_what_a_call_cost():
    """Where the answer tells it, the next is taken to cost as much."""
    notice = read_azure_devops(200, TSTU | {"x-ratelimit-cost": "1.12"}, NOW)
    assert 1.12 == notice.quota.call_cost


def test_a_delayed_call_stops_those_behind_it():
    """The call counts as done, and the whole organisation waits until its usage is back at nothing."""
    clock, account = FakeClock(NOW), Account()
    assert account.note(clock(), read_azure_devops(200, TSTU | {"retry-after": "30"}, clock())) is None
    assert 240 == account.admit(clock(), Lane.COMMAND, writes=False).seconds
    clock.forward(seconds=240)
    assert account.admit(clock(), Lane.COMMAND, writes=False) is None


def test_calls_use_up_units():
    """Eight units above what chatter must leave: of calls that cost 1.5 each five go out."""
    clock, account = FakeClock(NOW), Account()
    headers = TSTU | {"x-ratelimit-remaining": "18", "x-ratelimit-cost": "1.5"}
    account.note(clock(), read_azure_devops(200, headers, clock()))
    sent = [account.admit(clock(), Lane.CHATTER, writes=False) for _ in range(7)]
    assert 5 == sent.count(None)
