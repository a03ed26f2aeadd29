"""The trackers of the projects: do they let us in, and may we do there what we do."""

from collections.abc import Iterator

from trainboard.diagnosis import Examinable, Finding
from trainboard.doctor import Subject


def check(subject: Subject) -> Iterator[Finding]:
    """What each tracker finds when it looks at itself; one that several projects share looks once."""
    for tracker in dict.fromkeys(subject.trackers().values()):
        if isinstance(tracker, Examinable):
            yield from tracker.examine()
        else:
            yield Finding(message=f"{tracker.name} is part of the database.")
