"""What can go wrong, sorted by what to do about it.

Adapters raise these; the engine reads the class and decides: wait, look, or give up.
"""


class TrainboardError(Exception):
    """A failure with a sentence: what was tried, on what, what came back, what to do."""


class PayloadError(TrainboardError, ValueError):
    """A sender's body is not of the shape that its documentation promises."""


class PermanentError(TrainboardError):
    """Trying again will not help: the thing is gone, refused or invalid."""


class MissingError(PermanentError):
    """The named thing is surely not there (404 or 410), as opposed to not found out."""


class ReadOnlyError(PermanentError):
    """The whole place takes no writes, from anybody: it was archived."""


class TransientError(TrainboardError):
    """Nothing was done; the same call may succeed later.

    Args:
        message: the sentence.
        retry_after_seconds: the earliest next try that the other side named, None if it named none.
    """

    def __init__(self, message: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class LimitedError(TransientError):
    """The other side asked us to slow down. It is no failure and uses up no attempt."""


class NotYetError(TransientError):
    """Something of ours must happen first. It is no failure and uses up no attempt."""


class DoubtError(TransientError):
    """The call may or may not have been done: look before trying again."""


def explain_unknown_end(
    doing: str, what: str, *, writes: bool, retry_after_seconds: float | None = None
) -> TransientError:
    """What a call means that ended without a word of what came of it: a doubt, if it may change something.

    `doing` completes "Could not …", `what` says how it ended.
    """
    if writes:
        return DoubtError(
            f"Could not {doing} for sure: {what}. It may have been done: look before trying again.",
            retry_after_seconds=retry_after_seconds,
        )
    return TransientError(
        f"Could not {doing}: {what}. Nothing was changed; try again.", retry_after_seconds=retry_after_seconds
    )
