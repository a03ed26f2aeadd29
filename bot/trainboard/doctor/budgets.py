"""What the accounts of the platforms may still do."""

from collections.abc import Iterator
from datetime import datetime

from trainboard.budgets.accounts import Account
from trainboard.diagnosis import Finding, note
from trainboard.doctor import Subject
from trainboard.store import budgets


def check(subject: Subject) -> Iterator[Finding]:
    """What is used of each window, what the platform grants, and whether it asked us to stop."""
    now = subject.clock()
    with subject.read() as connection:
        accounts = budgets.list_all(connection)
    for name, state in accounts.items():
        blocked_seconds = state.blocked_seconds(now)
        if blocked_seconds:
            yield note(
                f"{name} asked us to slow down: nothing is sent for {blocked_seconds:.0f} more seconds.",
                "Nothing is lost, and it goes on by itself. If it happens often, raise "
                "engine.edit_interval_seconds, and see what else uses the account.",
            )
        yield Finding(message=f"{name}: {_describe(state, now)}.")
    if not accounts:
        yield Finding(message="No account of a platform was used in the last days.")


def _describe(state: Account, now: datetime) -> str:
    remaining = state.find_remaining(now)
    parts = [
        f"{each.used} of {each.window.most} {each.window.name.replace('_', ' of one ')}"
        for each in state.list_used(now)
    ]
    if remaining is not None:
        parts.append(f"{remaining:.0f} calls left")
    return ", ".join(parts) or "nothing is known"
