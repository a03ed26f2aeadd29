"""The repositories of the projects: do they let us in, and may we speak on their pull requests."""

from collections.abc import Iterator

from trainboard.diagnosis import Examinable, Finding
from trainboard.doctor import Subject


def check(subject: Subject) -> Iterator[Finding]:
    """What each repository finds when it looks at itself; one that several projects share looks once."""
    repositories = list(dict.fromkeys(subject.repositories().values()))
    for repository in repositories:
        if isinstance(repository, Examinable):
            yield from repository.examine()
    if not repositories:
        yield Finding(message="No pull requests to speak on: the settings name no repository with a way in.")
