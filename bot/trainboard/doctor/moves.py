"""The names of repositories: are those in the settings the ones that they have now."""

from collections.abc import Iterator

from trainboard.diagnosis import Finding, failing
from trainboard.doctor import Subject
from trainboard.moves import list_outdated, say_what, say_what_to_do
from trainboard.store import moves


def check(subject: Subject) -> Iterator[Finding]:
    """Each name in the settings that was given up, as far as webhooks told of it."""
    with subject.read() as connection:
        told = moves.list_all(connection)
    outdated = list(list_outdated(told, subject.projects))
    for each in outdated:
        yield failing(say_what(each), say_what_to_do(each))
    if not outdated:
        yield Finding(message="No repository of the settings is known to have another name now.")
