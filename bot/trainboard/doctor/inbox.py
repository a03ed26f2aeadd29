"""Deliveries: does anybody work on them, and did any die."""

from collections.abc import Iterator

from trainboard.deliveries import DeliveryState
from trainboard.diagnosis import Finding, failing, note
from trainboard.doctor import Subject
from trainboard.store import inbox

LONGEST_WAIT_SECONDS = 300


def check(subject: Subject) -> Iterator[Finding]:
    """How long the oldest has waited, and how many are dead."""
    now = subject.clock()
    with subject.read() as connection:
        oldest = inbox.oldest_waiting(connection, now)
        dead = inbox.count_states(connection).get(DeliveryState.DEAD, 0)
    waited_seconds = 0.0 if oldest is None else (now - oldest).total_seconds()
    if waited_seconds > LONGEST_WAIT_SECONDS:
        yield failing(
            f"A delivery has waited for {waited_seconds:.0f} seconds.",
            "Is a worker running (`trainboard serve`)? If so, its log says what it fails at.",
        )
    else:
        yield Finding(message="Deliveries are worked on in time.")
    if dead:
        yield note(
            f"{dead} deliveries are dead: they could not be understood.",
            "The page /deliveries?state=dead shows why. Send them again when the cause is gone.",
        )
