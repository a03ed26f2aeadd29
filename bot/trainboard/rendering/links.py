"""By whose word a pull request belongs to a work item, in a few words."""

from trainboard.item_links import Link, LinkSource
from trainboard.rendering.inert import inert

_MAX_NAME_CHARACTERS = 60


def say_link(link: Link) -> str:
    """How the link came to be; empty where the pull request itself says so."""
    match link.source:
        case LinkSource.WORDS:
            return ""
        case LinkSource.PERSON:
            name = inert(link.by, _MAX_NAME_CHARACTERS)
            return f"linked by {name}" if name else "linked by somebody"
        case LinkSource.PLATFORM:
            return "linked on the work item"
        case LinkSource.REVERT:
            return f"pull request {inert(link.by)}, which this one reverts, belongs to it"
        case LinkSource.RUN:
            return "its runs trained at a commit of this pull request"
        case LinkSource.CHILD:
            return f"it is above work item {inert(link.by)}"
