"""How Azure DevOps says "slower": mostly while it still does what was asked."""

from datetime import UTC, datetime

import pytest

from fakes.clock import FakeClock
from trainboard.budgets import Lane, Notice, Quota
from trainboard.budgets.accounts import Account
from trainboard.budgets.azure_devops import read_azure_devops

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
