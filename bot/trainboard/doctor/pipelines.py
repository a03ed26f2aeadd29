"""The pipelines that runs are read of: do they let us in, and may we see what they deploy."""

from collections.abc import Iterator

from trainboard.diagnosis import Examinable, Finding
from trainboard.doctor import Subject


def check(subject: Subject) -> Iterator[Finding]:
    """What each reader of pipelines finds when it looks at itself."""
    readers = list(subject.pipelines().values())
    for reader in readers:
        if isinstance(reader, Examinable):
            yield from reader.examine()
    if not readers:
        yield Finding(message="No pipelines to read: what they do is told by webhooks alone.")
