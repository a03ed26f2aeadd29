"""Effects: do they go out, and did any die."""

from collections.abc import Iterator

from trainboard.diagnosis import Finding, failing, note
from trainboard.doctor import Subject
from trainboard.store import outbox

LONGEST_WAIT_SECONDS = 300


def check(subject: Subject) -> Iterator[Finding]:
    """How long the oldest that is due has waited, and how many are dead."""
    now = subject.clock()
    with subject.read() as connection:
        oldest = outbox.oldest_due(connection, now)
        dead = outbox.count_states(connection).get("dead", 0)
    waited_seconds = 0.0 if oldest is None else (now - oldest).total_seconds()
    if waited_seconds > LONGEST_WAIT_SECONDS:
        yield failing(
            f"A change to a tracker has been due for {waited_seconds:.0f} seconds.",
            "Is a worker running (`trainboard serve`)? If so, its log says what it fails at.",
        )
    else:
        yield Finding(message="Changes to trackers go out in time.")
    if dead:
        yield note(
            f"{dead} changes to trackers are dead: they were refused for good, or tried too often.",
            "The page /deliveries?state=failed shows why. They are made again when something asks for them.",
        )
