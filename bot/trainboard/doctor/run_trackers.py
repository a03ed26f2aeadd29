"""Run trackers: do they let us in, and answer with runs."""

from collections.abc import Iterator

from trainboard.diagnosis import Finding, failing
from trainboard.doctor import Subject
from trainboard.errors import LimitedError, TrainboardError
from trainboard.experiments import Cursor

FIX = "Do what it says. The service keeps asking, and reads then what it missed."


def check(subject: Subject) -> Iterator[Finding]:
    """What each says when it is asked for the newest runs."""
    newest = Cursor(ended_ms=int(subject.clock().timestamp() * 1000))
    for name, reader in subject.readers().items():
        try:
            next(iter(reader.list_new(newest)))
        except LimitedError:
            raise
        except TrainboardError as error:
            yield failing(f"{name}: {error}", FIX)
        else:
            yield Finding(message=f"{name} answers with runs.")
