"""Numbers by which Azure DevOps knows things."""

from trainboard.errors import MissingError

_HIGHEST_ID = 2**31 - 1


def to_id(ref: str, what: str, where: str = "Azure Boards") -> int:
    """A ref as the id of a work item, a comment or a pull request.

    Raises:
        MissingError: it is none; the text comes from a person or from another tracker.
    """
    if not (ref.isascii() and ref.isdigit()) or len(ref) > len(str(_HIGHEST_ID)) or int(ref) > _HIGHEST_ID:
        raise MissingError(f"There is no {what} {ref!r} in {where}: its numbers have digits only.")
    return int(ref)
