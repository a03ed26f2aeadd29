"""The App as which the bot signs in: may it do, and does it hear, what the settings ask for."""

from collections.abc import Iterator

from trainboard.diagnosis import Finding
from trainboard.doctor import Subject


def check(subject: Subject) -> Iterator[Finding]:
    """What each App lacks, with the page on which it is mended."""
    apps = subject.apps()
    for app in apps:
        yield from app.examine()
    if not apps:
        yield Finding(message="No App signs in: the settings name none.")
