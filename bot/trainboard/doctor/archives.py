"""Archived, disabled and deleted repositories: the bot writes nothing there."""

from collections.abc import Iterator

from trainboard.diagnosis import Finding, failing
from trainboard.doctor import Subject
from trainboard.store import repository_states

_WHAT = {"read-only": "was archived or disabled", "gone": "was deleted"}


def check(subject: Subject) -> Iterator[Finding]:
    """Each repository of the settings that takes no writes, as far as it was told or found out."""
    places = {place for each in subject.projects for place in (each.tracker, each.code) if place}
    with subject.read() as connection:
        states = {place: repository_states.find_state(connection, place) for place in sorted(places)}
    closed = {place: state for place, state in states.items() if state != "writable"}
    for place, state in closed.items():
        yield failing(
            f"{place} {_WHAT[state]}: nothing is written there.",
            "Make it writable again, or name another one in trainboard.toml.",
        )
    if not closed:
        yield Finding(message="No repository of the settings is known to be archived or deleted.")
