"""The monitors whose lists of alerts are read: do they answer."""

from collections.abc import Iterator

from trainboard.diagnosis import Examinable, Finding
from trainboard.doctor import Subject


def check(subject: Subject) -> Iterator[Finding]:
    """What each monitor finds when it looks at itself; nothing where none is read."""
    for monitor in subject.monitors().values():
        if isinstance(monitor, Examinable):
            yield from monitor.examine()
