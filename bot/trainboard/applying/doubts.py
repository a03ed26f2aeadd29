"""What is to be made once: of a call that certainly made nothing, no doubt is left."""

from collections.abc import Iterator
from contextlib import contextmanager

from trainboard.applying import Outside
from trainboard.errors import DoubtError, TrainboardError
from trainboard.store import intents


@contextmanager
def settles_if_undone(key: str, outside: Outside) -> Iterator[None]:
    """Inside the `with` something is made of which `intents.begin` noted `key`.

    A DoubtError leaves the note, so that the next attempt looks first; any other error takes it away.
    """
    try:
        yield
    except DoubtError:
        raise
    except TrainboardError:
        with outside.database.write() as connection:
            intents.settle(connection, key)
        raise
