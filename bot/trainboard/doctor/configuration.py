"""The settings. They were read before anything else; what is wrong with them ended the look."""

from collections.abc import Iterator

from trainboard.diagnosis import Finding
from trainboard.doctor import Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Where they came from."""
    yield Finding(message=f"The settings are valid: {subject.configuration}.")
